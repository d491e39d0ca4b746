/** The columns that every event of a table has, and whether those of a file are what an import would take. */
import { eventProblem } from "../records/check/event_rules.ts";
import type { ColumnFile, ColumnGroup } from "../streams/parquet/parquet_columns.ts";

export const EVENT = "event";
export const TIME = "time";
export const PERSON = "distinct_id";
export const EVENT_ID = "$insert_id";
export const FIELDS: readonly string[] = [EVENT, TIME, PERSON, EVENT_ID];

/** Numbers up to it are seconds, those from it on milliseconds; from the last one on they are something else. */
const FIRST_MILLISECONDS = 1e11, FIRST_OTHERS = 1e14;

/** Ids of one program are of one kind: so many are looked at. */
const LOOKED_AT = 1000;

/** How numbers of the column of times become milliseconds; undefined where they may be no times of events. */
export function timeScale({ groups, ...file }: ColumnFile): 1 | 1000 | undefined {
  const content = file.content(TIME);
  if (content === "time") return 1;
  if (content !== "integer" && content !== "number") return undefined;
  const bounds = groups.map((group) => group.bounds(TIME));
  const least = bounds.reduce((least, one) => Math.min(least, one?.least ?? NaN), Infinity);
  const greatest = bounds.reduce((most, one) => Math.max(most, one?.greatest ?? NaN), -Infinity);
  if (greatest < FIRST_MILLISECONDS) return 1000;
  return least >= FIRST_MILLISECONDS && greatest < FIRST_OTHERS ? 1 : undefined;
}

/** Whether the events of a file that mp has not written keep the rules, as far as can be seen without reading all of it. */
export async function keepRules({ groups }: ColumnFile, scale: 1 | 1000, nowMs: number): Promise<boolean> {
  for (const group of groups) {
    const bounds = group.bounds(TIME);
    if (bounds === undefined) return false;
    for (const time of [bounds.least, bounds.greatest]) if (!isKept({ time: time * scale }, nowMs)) return false;
  }
  const [group] = groups;
  if (group === undefined) return true;
  const rows = Math.min(group.rows, LOOKED_AT);
  const [people, ids] = [await textsOf(group, PERSON, rows), await textsOf(group, EVENT_ID, rows)];
  return ids.every((id, row) => isKept({ $insert_id: id, distinct_id: people[row] }, nowMs));
}

function isKept(properties: Record<string, unknown>, nowMs: number): boolean {
  const event = { event: EVENT, properties: { time: nowMs, distinct_id: "1", ...properties } };
  return eventProblem(event, { nowMs }) === undefined;
}

async function textsOf(group: ColumnGroup, name: string, rows: number): Promise<string[]> {
  const decoder = new TextDecoder();
  const texts: string[] = [];
  const leaf = group.open(name, (stored) => texts.push(decoder.decode(stored as Uint8Array)));
  const numbers = await leaf.takeCodes(rows);
  leaf.close();
  return Array.from(numbers, (number) => texts[number - 1]!);
}
