/** Sends updates of profiles from files or a pipe, in the order in which they stand there. */
import {
  isRepeatable,
  MAX_UPDATES_PER_REQUEST,
  type ProfileKind,
  type ProfileUpdate,
  sendUpdates,
  type UpdateOperation,
  type UpdateOptions,
  updateSchema,
} from "../../api/profile_updates.ts";
import { problem } from "../../api/problems.ts";
import type { Client } from "../../client/types.ts";
import type { MpError } from "../../errors.ts";
import { parseExactJson } from "../../streams/json/json.ts";
import { deliverRecords, type DeliveryOptions } from "../import/deliver.ts";
import type { Batch } from "../import/batch.ts";
import { type DeliverySummary, resumeBySkipping } from "../import/delivery_summary.ts";
import type { RecordBlock } from "../../records/read/record_block.ts";
import { idWarnings } from "../../records/check/id_warnings.ts";
import { numberWarnings } from "../../records/check/number_warnings.ts";
import { type RecordCheck, recordCheck } from "../../records/check/record_check.ts";
import type { Recipe } from "../../records/map/map_recipe.ts";
import { type RecordProblem, ruleProblem } from "../../records/record_rules.ts";

/** Which updates are taken. */
export interface UpdateRules {
  kind: ProfileKind;
  /** Whether updates that delete a whole profile are meant; else each is rejected before it is sent. */
  allowsDelete?: boolean;
  /** Take only updates that leave what they leave when they are carried out twice; then lost answers do no harm. */
  onlyRepeatable?: boolean;
}

/** What a delivery of updates is told besides its records. */
export type UpdateProfilesOptions =
  & Pick<DeliveryOptions, "clock" | "earlier" | "signal" | "keepsRaw" | "onReject" | "onSettled" | "progress">
  & Partial<Pick<DeliveryOptions, "resuming">>
  & Pick<UpdateOptions, "ip" | "strict" | "verbose_answer" | "callback" | "encoding">
  & UpdateRules
  & {
    /** How the records that are read become updates. Default: they are updates. */
    recipe?: Recipe;
    /** Checks everything, sends nothing, and gives the first batch to `onFirstBatch`. */
    onFirstBatch?(updates: ProfileUpdate[]): void;
  };

/** The servers take no compressed updates, so that a request of this size is as much as a slow line should carry. */
const MAX_REQUEST_BYTES = 4_000_000;

/**
 * Checks and sends all updates, one request after the other, because a later update may build on an
 * earlier one. The servers don't say which updates of a request they refuse, so what can be checked is checked before; and
 * where updates may be sent twice, those that are refused are found by sending halves of the request.
 *
 * @throws DeliveryStoppedError when a request cannot be sent, or is refused and must not be sent twice.
 */
export async function sendProfileUpdates(
  client: Client,
  operation: UpdateOperation,
  blocks: AsyncIterable<RecordBlock>,
  options: UpdateProfilesOptions,
): Promise<DeliverySummary> {
  const {
    kind,
    ip,
    strict,
    verbose_answer,
    callback,
    encoding,
    onFirstBatch,
    allowsDelete,
    onlyRepeatable = false,
    recipe,
    ...rest
  } = options;
  let first = onFirstBatch;
  return await deliverRecords(blocks, async (batch, signal) => {
    const updates = updatesOf(batch);
    if (onFirstBatch !== undefined) {
      first?.(updates);
      first = undefined;
      return { accepted: 0, rejected: [] };
    }
    await sendUpdates(client, operation, updates, {
      ip,
      strict,
      verbose_answer,
      callback,
      encoding,
      signal,
      once: true,
    });
    return { accepted: batch.count, rejected: [] };
  }, {
    resuming: goOn,
    ...rest,
    concurrency: 1,
    limits: { records: MAX_UPDATES_PER_REQUEST, bytes: MAX_REQUEST_BYTES },
    check: updateCheck({ kind, allowsDelete, onlyRepeatable }, recipe),
    repeatable: (batch) => onlyRepeatable || updatesOf(batch).every(isRepeatable),
    isAboutRecords: onlyRepeatable ? isAboutUpdates : undefined,
  });
}

const updatesOf = (batch: Batch): ProfileUpdate[] => batch.texts().map((text) => parseExactJson(text) as ProfileUpdate);

const goOnAfter = resumeBySkipping("$add and $append that are sent twice count twice");

/** Updates that may have been carried out are not to be sent again before somebody has looked. */
function goOn(settled: number, doubtful?: number): string {
  if (doubtful === undefined) return goOnAfter(settled);
  return `look in a profile whether the updates of lines ${settled + 1} to ${doubtful} were carried out; ` +
    `--skip-lines ${doubtful} goes on after them`;
}

/** Whether a refusal may be about single updates, and not about the project. */
function isAboutUpdates({ code, serverMessage = "" }: MpError): boolean {
  return ["refused", "rejected_records", "bad_request"].includes(code) && !/\btoken\b/i.test(serverMessage);
}

/** The check of updates, which may have to be made of other records first. */
export function updateCheck({ kind, allowsDelete, onlyRepeatable }: UpdateRules, recipe?: Recipe): RecordCheck {
  const refusals = [
    (update: unknown) => updateProblem(update, kind),
    ...allowsDelete ? [] : [deletion],
    ...onlyRepeatable ? [notRepeatable] : [],
  ];
  return recordCheck({
    problemsOf(update, _nowMs, most = refusals.length) {
      const found: RecordProblem[] = [];
      for (const refusal of refusals) {
        const refused = refusal(update);
        if (refused === undefined) continue;
        found.push(ruleProblem("bad_update", { field: refused.field, detail: refused.reason }));
        if (found.length === most) break;
      }
      return found;
    },
    warningsOf: updateWarnings,
  }, { recipe });
}

/** What of an update that is sent may not be meant. */
function updateWarnings(update: unknown): readonly RecordProblem[] {
  const { $distinct_id, $group_id, ...changes } = (update ?? {}) as Record<string, unknown>;
  const numbers = Object.entries(changes).flatMap(([change, of]) =>
    typeof of === "object" && of !== null ? numberWarnings(of, `${change}.`) : []
  );
  return [...idWarnings({ $distinct_id, $group_id }), ...numbers];
}

interface UpdateProblem {
  field?: string;
  reason: string;
}

/** Why an update cannot be sent, with the path of what is wrong. */
export function updateProblem(update: unknown, kind: ProfileKind): UpdateProblem | undefined {
  const issue = schemaOf(kind).safeParse(update, { reportInput: true }).error?.issues[0];
  if (issue === undefined) return undefined;
  const field = issue.path.map(String).join(".");
  return { field: field || undefined, reason: problem(field || "the update", issue) };
}

function deletion(update: unknown): UpdateProblem | undefined {
  const deletes = typeof update === "object" && update !== null && "$delete" in update;
  return deletes
    ? { field: "$delete", reason: "it deletes a whole profile; --yes says that this is meant" }
    : undefined;
}

function notRepeatable(update: unknown): UpdateProblem | undefined {
  const change = Object.keys(update ?? {}).find((name) => name === "$add" || name === "$append");
  return change === undefined ? undefined : {
    field: change,
    reason: `${change} counts twice when it is sent twice, as an import may have to; 'mp profiles batch' sends it`,
  };
}

const schemas = new Map<ProfileKind, ReturnType<typeof updateSchema>>();

function schemaOf(kind: ProfileKind) {
  let schema = schemas.get(kind);
  if (schema === undefined) schemas.set(kind, schema = updateSchema(kind));
  return schema;
}
