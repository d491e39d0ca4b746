/** The body of a flag's write, from `--data` and flags. */
import { z } from "zod";
import { flagFields, heldRuleset, ruleset } from "../../../api/feature_flags.ts";
import { checkAgainst } from "../../../api/request.ts";
import { nearest } from "../../../streams/nearest.ts";
import { inputError } from "../../../errors.ts";
import { definedFields } from "../../../streams/json/defined_fields.ts";
import { isObject } from "../../../streams/json/is_object.ts";

/** A partial body: what is given of it. */
export type FlagChanges = Record<string, unknown>;

const HELD = z.object({ ruleset: heldRuleset });
const FIELDS = Object.keys(flagFields);

/** What servers say of a flag besides what may be written: left out, so that a flag that was read can be written. */
const READ_ONLY: ReadonlySet<string> = new Set([
  ...["id", "project_id", "project_name", "workspace_id", "content_type", "content_environments_id"],
  ...["created", "creator_id", "creator_name", "creator_email", "modified", "enabled_at", "deleted"],
  ...["last_modified_by_id", "last_modified_by_name", "last_modified_by_email"],
  ...["can_update_basic", "can_view", "can_share", "can_pin", "is_superadmin", "allow_staff_override"],
  ...["is_shared_with_project", "is_favorited", "pinned_date"],
]);

/** Flags of the command line that create and update have in common. */
export const BODY_FLAGS = {
  name: flagFields.name.optional(),
  description: flagFields.description,
  tags: flagFields.tags.optional(),
  status: flagFields.status,
  context: flagFields.context.optional(),
  serving_method: flagFields.serving_method.optional(),
  ruleset: ruleset.meta({ description: "Variants and rollout as JSON, @FILE or -" }).optional(),
  experiment_id: flagFields.experiment_id,
  data_group_id: flagFields.data_group_id,
  hash_salt: flagFields.hash_salt,
  reset_hash_salt: z.boolean().optional().meta({ description: "Reassign everybody's variant" }),
  rollout: z.number().min(0).max(1).meta({
    placeholder: "SHARE",
    description: "Who gets it at all, from 0 to 1, where there is one rollout",
  }).optional(),
  data: z.unknown().optional().meta({
    input: "json",
    description: "Body as JSON, @FILE or -, also as 'mp flags get' prints it; flags override it",
  }),
};

type Given = Record<string, unknown> & { data?: unknown; rollout?: number };

/**
 * What was given, in the API's names; `rollout` apart.
 *
 * @throws MpError (input) for fields that a flag does not have.
 */
export function changesOf({ data, rollout: _rollout, ...flags }: Given): FlagChanges {
  const changes = { ...writable(data), ...definedFields(flags) };
  // What people write is held against what is known: a field of another name is a mistake of theirs.
  if (changes.ruleset !== undefined) {
    checkAgainst(z.object({ ruleset }), { ruleset: changes.ruleset }, "write the flag");
  }
  return changes;
}

/** Only what may be written, of a flag or of an answer that holds one. */
export function writable(data: unknown): FlagChanges {
  if (data === undefined) return {};
  const inner = isObject(data) && "results" in data ? data.results : data;
  if (!isObject(inner)) throw inputError("Cannot use --data: it is not a JSON object", undefined, "bad_data");
  const entries = Object.entries(inner).filter(([name]) => !READ_ONLY.has(name));
  const unknown = entries.find(([name]) => !FIELDS.includes(name))?.[0];
  if (unknown === undefined) return Object.fromEntries(entries);
  const near = nearest(unknown, FIELDS);
  throw inputError(
    `Cannot use --data: there is no field ${JSON.stringify(unknown)}`,
    near === undefined ? `the fields are ${FIELDS.join(", ")}` : `did you mean ${JSON.stringify(near)}?`,
    "bad_data",
  );
}

/** The body with another share in its only rollout. Throws an input error when there are several, or none. */
export function withRollout(body: FlagChanges, share: number | undefined): FlagChanges {
  if (share === undefined) return body;
  const { rollout, ...rest } = checkAgainst(HELD, { ruleset: body.ruleset }, "set --rollout").ruleset;
  const [only, ...others] = rollout;
  if (only === undefined || others.length > 0) {
    throw inputError(
      `Cannot use --rollout: the flag has ${rollout.length} rollouts`,
      "write them with --ruleset",
      "bad_rollout",
    );
  }
  return { ...body, ruleset: { ...rest, rollout: [{ ...only, rollout_percentage: share }] } };
}
