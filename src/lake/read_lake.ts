/** Reads the events of a lake, in any format and layout, into the columns of a table. */
import { inputError } from "../errors.ts";
import { eventCheck } from "../records/check/event_check.ts";
import { type RecordCheck, RefusedRecord } from "../records/check/record_check.ts";
import { checkColumns } from "../records/map/map_columns.ts";
import { leftOut } from "../records/map/column_targets.ts";
import { columnsOfType, type Recipe, textColumns, timeColumns } from "../records/map/map_recipe.ts";
import { type ReadOptions, readRecords } from "../records/read/read_records.ts";
import type { LinesBlock, RecordBlock } from "../records/read/record_block.ts";
import type { RecordSource } from "../records/read/record_source.ts";
import { readColumns } from "./read_columns.ts";
import type { LakeEvents } from "./lake_events.ts";

/** How the records of a lake become events. */
export interface LakeLayout {
  recipe: Recipe;
  /** How tables are read, where that is told. */
  read?: Pick<ReadOptions, "format" | "delimiter" | "nulls">;
}

/** What a reading has met besides events. */
export interface ReadingFaults {
  /** Records that an import would refuse, and why the first of them is. */
  refused: number;
  firstRefusal?: string;
}

/**
 * Puts all events of the sources into the table.
 *
 * @throws MpError (input) for a source that cannot be read, and when none of the records is an event
 */
export async function readLake(
  sources: readonly RecordSource[],
  events: LakeEvents,
  { recipe, read = {} }: LakeLayout,
  { nowMs, signal }: { nowMs: number; signal: AbortSignal },
): Promise<ReadingFaults> {
  const faults: ReadingFaults = { refused: 0 };
  // An import without flags sends most lines as they are.
  const check = eventCheck(false, { recipe });
  const taker = new Taker(events, check, nowMs, faults);
  const mayPass = Object.keys(recipe).every((key) => key === "kind");
  const byRows: RecordSource[] = [];
  for (const source of sources) if (!mayPass || !await readColumns(source, events, signal)) byRows.push(source);
  const blocks = readRecords(byRows, {
    ...read,
    signal,
    textColumns: textColumns(recipe),
    stringColumns: columnsOfType(recipe, "string"),
    timeColumns: timeColumns(recipe),
    isLeftOut: leftOut(recipe),
    checkColumns: (source, columns) => checkColumns(recipe, source, columns),
  });
  for await (const block of blocks) taker.take(block, mayPass);
  await events.copies.hide();
  if (events.read === 0 && faults.refused > 0) {
    throw inputError(
      `Cannot ask ${sources[0]?.name}: none of its records is an event (${faults.firstRefusal})`,
      "--preset or --map say what its columns hold; 'mp import FILE --check' shows what is wrong",
      "no_events",
    );
  }
  return faults;
}

class Taker {
  constructor(
    private readonly events: LakeEvents,
    private readonly check: RecordCheck,
    private readonly nowMs: number,
    private readonly faults: ReadingFaults,
  ) {}

  /** @param mayPass whether a line in Mixpanel's own layout is taken as it is */
  take(block: RecordBlock, mayPass: boolean): void {
    if (block.kind === "lines") return this.#lines(block, mayPass);
    block.values.forEach((value, index) =>
      this.#outcome(this.check.value(value, this.nowMs), block.source, block.lineNumbers[index])
    );
  }

  #lines({ lines, firstLine, source }: LinesBlock, mayPass: boolean): void {
    const { bytes, ends } = lines;
    for (let index = 0; index < ends.length; index++) {
      const start = lines.startOf(index);
      const end = ends[index] as number;
      if (start === end || (mayPass && this.events.takeLine(bytes, start, end))) continue;
      this.#outcome(this.check.line(bytes.subarray(start, end), this.nowMs), source, firstLine + index);
    }
  }

  #outcome(outcome: Uint8Array | RefusedRecord | undefined, source: RecordSource, line: number | undefined): void {
    if (outcome === undefined) return;
    if (!(outcome instanceof RefusedRecord)) return this.events.takeChecked(outcome, this.nowMs);
    if (outcome.isSkipped) return;
    this.faults.refused++;
    this.faults.firstRefusal ??= `${source.name}, line ${line}: ${outcome.reason}`;
  }
}
