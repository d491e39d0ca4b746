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
import type { LakeEvents } from "./lake_events.ts";
import { LakeThreads } from "./lake_threads.ts";
import type { Asked } from "./needs.ts";
import { readColumns } from "./read_columns.ts";

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

/** Takes the events of a lake one by one. */
export interface EventTaker {
  /** Events that were taken. */
  readonly read: number;
  /** Takes a line in Mixpanel's own layout that breaks no rule. False for anything else. */
  takeLine?(bytes: Uint8Array, start: number, end: number): boolean;
  /** Takes an event that an import would send, from its JSON text. */
  takeChecked(text: Uint8Array, nowMs: number): void;
}

interface ReadingOptions {
  nowMs: number;
  signal: AbortSignal;
}

/** What is asked, for threads that read files, too. */
interface LakeReadingOptions extends ReadingOptions {
  asked: Asked;
  timeZone: string;
  /** At most so many, the one that asks among them. Default: as many as there are cores. */
  threads?: number;
}

/**
 * Puts all events of the sources into a table, in their order.
 *
 * @throws MpError (input) for a source that cannot be read, and when none of the records is an event
 */
export async function readLake(
  sources: readonly RecordSource[],
  events: LakeEvents,
  layout: LakeLayout,
  options: LakeReadingOptions,
): Promise<ReadingFaults> {
  const { threads } = options;
  const rows = new RowReader(events, layout, options);
  const read = async (source: RecordSource): Promise<void> => {
    if (!isPlain(layout) || !await readColumns(source, events, options)) await rows.read(source);
  };
  const { asked, timeZone, nowMs } = options;
  const parts = LakeThreads.start(sources, { asked, timeZone, nowMs }, isPlain(layout) ? threads : 1);
  try {
    const others: number[] = [];
    for (const [index, source] of sources.entries()) {
      if (parts.claim(index)) await read(source);
      else others.push(index);
    }
    await parts.join(events, others, read, (source, left) => rows.takeLeft(source, left));
  } finally {
    parts.stop();
  }
  rows.requireEvents();
  await events.copies.hide();
  return rows.faults;
}

/** Whether events in Mixpanel's own layout are taken as they are. */
const isPlain = ({ recipe }: LakeLayout): boolean => Object.keys(recipe).every((key) => key === "kind");

/** The events of all sources, row by row; errors are those of `readLake`. */
export async function takeEvents(
  sources: readonly RecordSource[],
  events: EventTaker,
  layout: LakeLayout,
  options: ReadingOptions,
): Promise<ReadingFaults> {
  const rows = new RowReader(events, layout, options);
  for (const source of sources) await rows.read(source);
  rows.requireEvents();
  return rows.faults;
}

/** Reads sources row by row. */
class RowReader {
  readonly faults: ReadingFaults = { refused: 0 };
  readonly #taker: Taker;
  #first: RecordSource | undefined;

  constructor(
    private readonly events: EventTaker,
    private readonly layout: LakeLayout,
    private readonly options: ReadingOptions,
  ) {
    this.#taker = new Taker(events, eventCheck(false, { recipe: layout.recipe }), options.nowMs, this.faults);
  }

  async read(source: RecordSource): Promise<void> {
    this.#first ??= source;
    const { recipe, read = {} } = this.layout;
    const blocks = readRecords([source], {
      ...read,
      signal: this.options.signal,
      textColumns: textColumns(recipe),
      stringColumns: columnsOfType(recipe, "string"),
      timeColumns: timeColumns(recipe),
      isLeftOut: leftOut(recipe),
      checkColumns: (source, columns) => checkColumns(recipe, source, columns),
    });
    for await (const block of blocks) this.#taker.take(block, isPlain(this.layout));
  }

  /** Takes lines of a source that nobody else would. */
  takeLeft(source: RecordSource, left: readonly { line: Uint8Array; number: number }[]): void {
    this.#first ??= source;
    for (const { line, number } of left) this.#taker.takeLine(line, source, number);
  }

  /** @throws MpError (input) when none of what was read is an event */
  requireEvents(): void {
    if (this.events.read > 0 || this.faults.refused === 0) return;
    throw inputError(
      `Cannot read ${this.#first?.name} as events: none of its records is one (${this.faults.firstRefusal})`,
      "--preset or --map say what its columns hold; 'mp import FILE --check' shows what is wrong",
      "no_events",
    );
  }
}

class Taker {
  constructor(
    private readonly events: EventTaker,
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
      if (start === end || (mayPass && this.events.takeLine?.(bytes, start, end) === true)) continue;
      this.takeLine(bytes.subarray(start, end), source, firstLine + index);
    }
  }

  takeLine(line: Uint8Array, source: RecordSource, number: number): void {
    this.#outcome(this.check.line(line, this.nowMs), source, number);
  }

  #outcome(outcome: Uint8Array | RefusedRecord | undefined, source: RecordSource, line: number | undefined): void {
    if (outcome === undefined) return;
    if (!(outcome instanceof RefusedRecord)) return this.events.takeChecked(outcome, this.nowMs);
    if (outcome.isSkipped) return;
    this.faults.refused++;
    this.faults.firstRefusal ??= `${source.name}, line ${line}: ${outcome.reason}`;
  }
}
