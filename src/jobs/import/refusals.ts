/** Reads which records of a batch Mixpanel refused, from the answer of a strict import. */
import { parseJson } from "../../streams/json/json.ts";
import type { Batch, RejectedRecord } from "./batch.ts";
import type { BatchOutcome } from "./sender.ts";

const UNEXPLAINED = "Mixpanel did not say why";

/**
 * What became of a batch.
 *
 * @param importedCount what the server says it took, when it says so
 * @param failedRecords objects with the index of a record or its `$insert_id`, or plain texts that mean the whole batch
 * @param serverMessage the server's reason for what it does not name
 */
export function batchOutcome(
  batch: Batch,
  importedCount: number | undefined,
  failedRecords: readonly unknown[],
  serverMessage = UNEXPLAINED,
): BatchOutcome {
  const named = new Map<number, RejectedRecord>();
  const general = new Set<string>();
  let places: Map<string, number[]> | undefined;
  for (const failed of failedRecords) {
    const { index: given, insertId, field, message } = failedRecord(failed);
    const isIndex = given !== undefined && given >= 0 && given < batch.count;
    if (!isIndex && insertId !== undefined) places ??= placesById(batch);
    // Of several records with this id, each is meant once.
    const index = isIndex ? given : places?.get(insertId ?? "")?.shift();
    if (index === undefined) {
      general.add(message);
      continue;
    }
    const before = named.get(index);
    const reason = before === undefined ? message : `${before.reason}; ${message}`;
    named.set(index, batch.reject(index, reason, before?.field ?? field));
  }
  const most = batch.count - named.size;
  const accepted = Math.max(0, Math.min(most, importedCount ?? (general.size > 0 ? 0 : most)));
  const rejected = [...named].sort(([a], [b]) => a - b).map(([, record]) => record);
  const unnamed = most - accepted;
  if (unnamed > 0) {
    const reason = general.size > 0 ? [...general].join("; ") : serverMessage;
    rejected.push(...unnamedRefusals(batch, unnamed, reason, named));
  }
  return { accepted, rejected };
}

/** Records that the server does not name: each by itself when all the others are meant, else one entry for some. */
function unnamedRefusals(
  batch: Batch,
  count: number,
  reason: string,
  named: ReadonlyMap<number, unknown>,
): RejectedRecord[] {
  const others = Array.from({ length: batch.count }, (_, index) => index).filter((index) => !named.has(index));
  if (count === others.length) return others.map((index) => batch.reject(index, reason));
  const { line: lastLine } = batch.placeOf(batch.count - 1);
  const said = `Mixpanel refused ${count} of these ${others.length} records and did not name them: ${reason}`;
  const among = others.map((index) => batch.reject(index, said));
  return [{ ...batch.placeOf(0), lastLine, count, reason, among }];
}

/** Where in a batch the records of each `$insert_id` are. */
function placesById(batch: Batch): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (let index = 0; index < batch.count; index++) {
    const { properties } = parseJson(batch.text(index)) as { properties?: { $insert_id?: unknown } };
    const id = String(properties?.$insert_id);
    const known = places.get(id);
    if (known === undefined) places.set(id, [index]);
    else known.push(index);
  }
  return places;
}

interface FailedRecord {
  index?: number;
  insertId?: string;
  field?: string;
  message: string;
}

const INDEX = /^\d{1,9}$/;

function failedRecord(failed: unknown): FailedRecord {
  if (typeof failed === "string") return { message: failed };
  if (typeof failed !== "object" || failed === null) return { message: UNEXPLAINED };
  const { index: given, insert_id, $insert_id, field, message } = failed as Record<string, unknown>;
  const index = typeof given === "string" && INDEX.test(given) ? Number(given) : given;
  const id = insert_id ?? $insert_id;
  return {
    index: Number.isInteger(index) ? index as number : undefined,
    insertId: typeof id === "string" || typeof id === "number" ? String(id) : undefined,
    field: typeof field === "string" ? field : undefined,
    message: typeof message === "string" && message !== "" ? message : UNEXPLAINED,
  };
}
