/** Lists of a project that are small enough to come in one answer, as records. */
import { listAnnotations } from "../api/annotations.ts";
import { call, withoutEnvelope } from "../api/call.ts";
import { listCohorts } from "../api/cohorts.ts";
import { listSchemas } from "../api/lexicon.ts";
import { listLookupTables } from "../api/lookup_tables.ts";
import type { Client, SendOptions } from "../client/types.ts";
import { stringifyJson } from "../streams/json/json.ts";

/** A list as Mixpanel sends it, item by item; integers beyond 2^53 are bigints. */
export type ReadList = (client: Client, options?: SendOptions) => Promise<unknown[]>;

/** The data dictionary: `{entityType, name, schemaJson}`, as `mp lexicon upload` takes it. */
export const readLexicon: ReadList = async (client, options) => {
  const answer = await call(client, listSchemas, {}, options);
  const schemas = answer.result();
  if (Array.isArray(schemas)) return itemsOf(answer.data);
  // The reference's form: events and properties apart.
  return [
    ...schemas.event_schemas.map((one) => ({ type: "event", ...one })),
    ...schemas.property_schemas.map((one) => ({ type: "property", ...one })),
  ];
};

/** Notes on the charts, of these days or of all. */
export const readAnnotations =
  (range: { from_date?: string; to_date?: string } = {}): ReadList => async (client, options) => {
    const answer = await call(client, listAnnotations, range, options);
    answer.result();
    return itemsOf(answer.data);
  };

/** Saved cohorts, without their members. */
export const readCohorts: ReadList = async (client, options) => {
  const workspace_id = client.connection.workspaceId;
  const answer = await call(client, listCohorts, workspace_id === undefined ? {} : { workspace_id }, options);
  answer.result();
  return itemsOf(answer.data);
};

/** Ids and names of lookup tables; no published endpoint gives their rows. */
export const readLookupTables: ReadList = async (client, options) => {
  const answer = await call(client, listLookupTables, {}, options);
  answer.result();
  return itemsOf(answer.data);
};

/** Items as JSON Lines, in pieces of whole lines. */
export async function* listLines(items: readonly unknown[]): AsyncGenerator<Uint8Array, void> {
  const encoder = new TextEncoder();
  for (const item of items) yield await Promise.resolve(encoder.encode(stringifyJson(item) + "\n"));
}

/** The shape has been checked by `result()`, whose schema may leave things out. */
function itemsOf(data: unknown): unknown[] {
  return withoutEnvelope(data) as unknown[];
}
