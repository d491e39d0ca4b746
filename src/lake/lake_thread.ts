/** The main module of a thread that reads files of a lake beside others: it takes the last file that nobody has taken. */
import { EventTable } from "../analytics/table/event_table.ts";
import { openedFile } from "../records/read/open_sources.ts";
import { readRecords } from "../records/read/read_records.ts";
import type { RecordSource } from "../records/read/record_source.ts";
import { answerMessages } from "../runtime/worker.ts";
import { LakeEvents } from "./lake_events.ts";
import { type LakePart, packedTexts, type PartFile, type PartWanted } from "./lake_part.ts";
import { needsOf } from "./needs.ts";
import { readColumns } from "./read_columns.ts";
import { GroupIds, KnownIds } from "./row_ids.ts";

/** Of a file with more lines that are left to others, all are. */
const MOST_LEFT = 10_000;

answerMessages(async (message) => await readPart(message as PartWanted), buffersIn);

async function readPart({ asked, timeZone, nowMs, files, claims }: PartWanted): Promise<LakePart> {
  const table = new EventTable();
  const events = new LakeEvents(table, needsOf(asked, timeZone, nowMs));
  const read: PartFile[] = [];
  for (let index = files.length - 1; index >= 0; index--) {
    if (Atomics.compareExchange(claims, index, 0, 1) !== 0) continue;
    const file = await readFile(openedFile(files[index]!), index, events, nowMs);
    if (file !== undefined) read.push(file);
  }
  const properties = new Set(read.flatMap(({ chunks }) => chunks.flatMap(({ columns }) => [...columns.keys()])));
  return {
    files: read,
    names: packedTexts(table.names),
    people: packedTexts(table.people),
    dictionaries: new Map([...properties].map((name) => [name, packedTexts(table.builder(name).dictionary)])),
    properties: [...events.properties],
  };
}

/** Undefined for a file that is to be read by others. */
async function readFile(
  source: RecordSource,
  index: number,
  events: LakeEvents,
  nowMs: number,
): Promise<PartFile | undefined> {
  const { table } = events;
  const firstChunk = table.chunks.length;
  events.beginCount();
  const left: PartFile["left"] = [];
  const signal = new AbortController().signal;
  if (!await readColumns(source, events, { nowMs, signal }) && !await readLines(source, events, left, signal)) {
    return undefined;
  }
  table.seal();
  const chunks = table.sealedChunks.slice(firstChunk).map(({ timesMs, names, people, columns, firstRow, rows }) => {
    const ids = events.copies.sourceOf(firstRow) ?? new KnownIds(firstRow);
    const place = ids instanceof GroupIds ? ids.place : (ids as KnownIds).range(firstRow, rows);
    return { timesMs, names, people, columns, ids: place };
  });
  const { read, within, firstMs, lastMs } = events;
  return { index, chunks, read, within, firstMs, lastMs, left };
}

/** Takes lines in Mixpanel's own layout. False for a file with anything else in it. */
async function readLines(
  source: RecordSource,
  events: LakeEvents,
  left: PartFile["left"],
  signal: AbortSignal,
): Promise<boolean> {
  for await (const block of readRecords([source], { signal })) {
    if (block.kind !== "lines") return false;
    const { lines, firstLine } = block;
    for (let index = 0; index < lines.ends.length; index++) {
      const start = lines.startOf(index), end = lines.ends[index] as number;
      if (start === end || events.takeLine(lines.bytes, start, end)) continue;
      left.push({ line: lines.bytes.slice(start, end), number: firstLine + index });
      if (left.length > MOST_LEFT) return false;
    }
  }
  return true;
}

/** The memory of a part, which goes to whoever asked. */
function buffersIn(part: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  for (const { chunks } of (part as LakePart).files) {
    for (const { timesMs, names, people, columns, ids } of chunks) {
      for (const array of [timesMs, names, people]) found.add(array.buffer as ArrayBuffer);
      for (const column of columns.values()) {
        for (const array of Object.values(column)) {
          if (ArrayBuffer.isView(array)) found.add(array.buffer as ArrayBuffer);
        }
      }
      for (const array of Object.values(ids)) if (ArrayBuffer.isView(array)) found.add(array.buffer as ArrayBuffer);
    }
  }
  return [...found];
}
