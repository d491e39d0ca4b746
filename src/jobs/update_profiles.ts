/** Sends updates of profiles from files or a pipe, in the order in which they stand there. */
import {
  MAX_UPDATE_BYTES,
  MAX_UPDATES_PER_REQUEST,
  type ProfileKind,
  type ProfileUpdate,
  sendUpdates,
  type UpdateOperation,
  type UpdateOptions,
  updateSchema,
} from "../api/profile_updates.ts";
import { problem } from "../api/problems.ts";
import type { Client } from "../client/types.ts";
import { parseJson } from "../streams/json.ts";
import { deliver, type DeliveryOptions, type DeliverySummary } from "./deliver.ts";
import { recordCheck, type RecordProblem } from "./record_check.ts";
import type { RecordSource } from "./record_source.ts";

/** What a delivery of updates is told besides its sources. */
export type UpdateProfilesOptions =
  & Pick<DeliveryOptions, "now" | "skipLines" | "signal" | "onReject" | "onProgress">
  & Pick<UpdateOptions, "ip" | "strict">
  & {
    kind: ProfileKind;
    /** Whether updates that delete a whole profile are meant; else each is rejected before it is sent. */
    allowsDelete?: boolean;
    /** Checks everything, sends nothing, and gives the first batch to `onFirstBatch`. */
    onFirstBatch?(updates: ProfileUpdate[]): void;
  };

/** The servers take no compressed updates, so that a request of this size is as much as a slow line should carry. */
const MAX_REQUEST_BYTES = 4_000_000;

/**
 * Checks and sends all updates of the sources, one request after the other, because a later update may build on an
 * earlier one. The servers don't say which updates of a request they refuse, so what can be checked is checked before.
 *
 * @throws DeliveryStoppedError when a request is refused or cannot be sent.
 */
export async function updateProfiles(
  client: Client,
  operation: UpdateOperation,
  sources: readonly RecordSource[],
  options: UpdateProfilesOptions,
): Promise<DeliverySummary> {
  const { kind, ip, strict, onFirstBatch, allowsDelete = false, ...rest } = options;
  let first = onFirstBatch;
  return await deliver(sources, async (records) => {
    const updates = records.map((record) => parseJson(record.text) as ProfileUpdate);
    if (onFirstBatch !== undefined) {
      first?.(updates);
      first = undefined;
      return { accepted: 0, rejected: [] };
    }
    await sendUpdates(client, operation, updates, { ip, strict, signal: options.signal });
    return { accepted: records.length, rejected: [] };
  }, {
    ...rest,
    concurrency: 1,
    limits: { records: MAX_UPDATES_PER_REQUEST, bytes: MAX_REQUEST_BYTES },
    check: recordCheck({
      problemOf: (update) => updateProblem(update, kind) ?? (allowsDelete ? undefined : deletion(update)),
      mostBytes: MAX_UPDATE_BYTES,
    }),
    repeating: "$add and $append that are sent twice count twice",
  });
}

/** Why an update cannot be sent, with the path of what is wrong. */
export function updateProblem(update: unknown, kind: ProfileKind): RecordProblem | undefined {
  const issue = schemaOf(kind).safeParse(update, { reportInput: true }).error?.issues[0];
  if (issue === undefined) return undefined;
  const field = issue.path.map(String).join(".");
  return { field: field || undefined, reason: problem(field || "the update", issue) };
}

function deletion(update: unknown): RecordProblem | undefined {
  const deletes = typeof update === "object" && update !== null && "$delete" in update;
  return deletes
    ? { field: "$delete", reason: "it deletes a whole profile; --yes says that this is meant" }
    : undefined;
}

const schemas = new Map<ProfileKind, ReturnType<typeof updateSchema>>();

function schemaOf(kind: ProfileKind) {
  let schema = schemas.get(kind);
  if (schema === undefined) schemas.set(kind, schema = updateSchema(kind));
  return schema;
}
