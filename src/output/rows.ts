/** Any answer of the API as rows: what tables, CSV and JSON Lines are made of. */
import type { Row } from "./row.ts";
import { seriesOf, tidySeries } from "./series.ts";
import { isObject } from "../streams/json/is_object.ts";

/** Rows found in an answer. */
export interface DerivedRows {
  rows: Row[];
  /**
   * Set when the answer is a single object, and `rows` are its fields (`key`, `value`): that reads well in
   * a table, while programs want the object as one record.
   */
  record?: Row;
}

/**
 * Rows from parsed JSON of no known shape. Envelopes (`results`, `data`, or the one list beside plain
 * fields) are opened; `{series, values}` becomes tidy rows; a list of plain values becomes rows of
 * `value`; an object whose values are all objects becomes rows that begin with `key`.
 */
export function deriveRows(data: unknown): DerivedRows {
  const content = openEnvelope(data);
  if (content === undefined || content === null) return { rows: [] };
  if (Array.isArray(content)) return { rows: content.map(rowOf) };
  if (!isObject(content)) return { rows: [{ value: content }] };
  const found = seriesOf(content);
  if (found) return { rows: tidySeries(found.series, found.values) };
  const entries = Object.entries(content);
  if (entries.length > 0 && entries.every(([, value]) => isObject(value))) {
    return { rows: entries.map(([key, value]) => ({ key, ...(value as Row) })) };
  }
  return { rows: entries.map(([key, value]) => ({ key, value })), record: content };
}

/** The columns of rows, in the order in which they are first seen. */
export function columnsOf(rows: Iterable<Row>): string[] {
  const seen = new Set<string>();
  for (const row of rows) {
    for (const key in row) seen.add(key);
  }
  return [...seen];
}

function openEnvelope(data: unknown): unknown {
  if (!isObject(data)) return data;
  if (seriesOf(data)) return data;
  const isBeside = ([key, value]: [string, unknown]) => key === "results" || key === "pagination" || isPlain(value);
  if ("results" in data && Object.entries(data).every(isBeside)) {
    return openEnvelope(data.results);
  }
  const nested = Object.entries(data).filter(([, value]) => !isPlain(value));
  if (nested.length !== 1) return data;
  const [key, content] = nested[0];
  if (key === "data") return openEnvelope(content);
  // `{"events": [{…}], "type": "unique"}`: the list is the answer, the rest says how it was asked for.
  const isList = Array.isArray(content) && content.length > 0 && content.every(isObject);
  return isList ? content : data;
}

function rowOf(item: unknown): Row {
  return isObject(item) ? item : { value: item };
}

function isPlain(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}
