/**
 * Delivers records in batches, several at once, and accounts for each: accepted, rejected with a reason, or not sent.
 * Memory holds the batches under way, the one that is being filled, and the rejected records that wait for their turn.
 */
import { ClosedPipeError, MpError } from "../../errors.ts";
import { unexpectedError } from "../../runtime/files/file_faults.ts";
import { giveBack } from "../../streams/chunks.ts";
import type { Lines } from "../../streams/lines.ts";
import type { RecordCheck } from "../../records/check/record_check.ts";
import type { RecordProblem } from "../../records/record_rules.ts";
import { type Batch, BatchBuilder, type RawRecord, type RejectedRecord } from "./batch.ts";
import { addFixes, DeliveryStoppedError, type DeliverySummary, emptySummary } from "./delivery_summary.ts";
import type { LinesBlock, RecordBlock } from "../../records/read/record_block.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { reportGarbage } from "../../runtime/garbage.ts";
import { type DeliveryOutcome, type SendBatch, Sender, type SenderOptions } from "./sender.ts";
import { countOf, DeliveryUnit } from "./unit.ts";

/** Up to where everything is settled: nothing before needs a second look. */
export interface Settled {
  /** Records at the beginning of the input, those included that were skipped, and blank lines. */
  records: number;
  /** What became of them. */
  summary: Readonly<DeliverySummary>;
}

export interface DeliveryOptions extends Omit<SenderOptions, "onTooLarge"> {
  /** Most records and bytes in a request. */
  limits: { records: number; bytes: number };
  /** Decides what is sent. */
  check: RecordCheck;
  /**
   * Says how to go on after a delivery that stopped, when this many records are settled.
   *
   * @param doubtful the last record of those behind that may have been carried out, counted like them; none when none may
   */
  resuming(settledRecords: number, doubtful?: number): string;
  /** What an earlier delivery of the same input has settled: it is skipped, and counted. */
  earlier?: Settled;
  signal?: AbortSignal;
  /** Whether what stood in the source is kept until a record is answered, so that those that are not taken have it. */
  keepsRaw?: boolean;
  /** Called with what may not be meant in a record that is sent. */
  onWarning?(place: { source: string; line: number }, warning: RecordProblem): void;
  /** Called with each rejected record, in the order of the input; the delivery waits for it. */
  onReject?(record: RejectedRecord): Promise<void> | void;
  /** Told whenever more is settled, after the rejected records of it; the delivery waits for it. */
  onSettled?(settled: Settled): Promise<void> | void;
}

/** Units that are answered wait for those before them; so many may do so. */
const MOST_UNITS = 256;
const MOST_WAITING_REJECTS = 20_000;
/** A rejected record of so many bytes is decoded, parsed and printed: a few copies of it. */
const LARGE_RECORD = 256 * 1024;
const COPIES_OF_RECORD = 4;
/** What is kept of a rejected record beside itself, about. */
const REJECT_CHARACTERS = 1000;
/** A unit whose records are all rejected has to end somewhere too. */
const MOST_LOCAL_CHARACTERS = 4 * 1024 * 1024;

/**
 * Checks and sends all records.
 *
 * @throws DeliveryStoppedError when it cannot go on: a signal, damaged input, or an answer other than a refusal of
 * single records. Requests that are under way by then are waited for.
 */
export async function deliverRecords(
  blocks: AsyncIterable<RecordBlock>,
  send: SendBatch,
  options: DeliveryOptions,
): Promise<DeliverySummary> {
  return await new Delivery(send, options).run(blocks);
}

const encoder = new TextEncoder();

/** Of a line, with its line feed. */
function sizeOf(lines: Lines, index: number): number {
  return (lines.ends[index] as number) - lines.startOf(index) + 1;
}

/** What stood in the source; a copy, since its memory is used again. */
function rawOf(block: RecordBlock, index: number): RawRecord {
  if (block.kind === "lines") return { line: block.lines.at(index).slice() };
  const text = block.texts?.[index];
  if (text !== undefined) return { line: encoder.encode(text) };
  const { values, columns, table, fields } = block;
  return { value: values[index], columns, table, fields: fields?.[index] };
}

/** Of a large record that was looked at there are several copies, and more when it is told that it was rejected. */
function reportCopies(size: number): void {
  if (size >= LARGE_RECORD) reportGarbage(COPIES_OF_RECORD * size);
}

/** Frees a large record that has been told. */
function collectLarge({ record }: RejectedRecord): void {
  if (record === undefined) return;
  if (!("line" in record)) return reportCopies(charactersIn(record.value));
  const size = record.line.length;
  reportCopies(size);
  if (size >= LARGE_RECORD) giveBack(record.line);
}

/** Of the texts in a record and in its properties, about. */
function charactersIn(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (!isObject(value)) return 0;
  const { properties } = value;
  const own = Object.values(isObject(properties) ? properties : value);
  return own.reduce((sum: number, one) => sum + (typeof one === "string" ? one.length : 0), 0);
}

class Delivery {
  readonly #options: DeliveryOptions;
  readonly #sender: Sender;
  readonly #limits: { records: number; bytes: number };
  /** What is known now, of all records. */
  readonly #summary: DeliverySummary;
  #settled: Settled;
  /** In the order of the input: those under way, and those that are answered and wait for them. */
  readonly #units: DeliveryUnit[] = [];
  readonly #running = new Set<Promise<void>>();
  #settling: Promise<void> = Promise.resolve();
  #waitingRejects = 0;
  #failure: { error: unknown } | undefined;
  #doubtful: number | undefined;
  /** What is being filled. */
  readonly #builder: BatchBuilder;
  #unit: DeliveryUnit;

  constructor(send: SendBatch, options: DeliveryOptions) {
    this.#options = options;
    this.#limits = { ...options.limits };
    this.#builder = new BatchBuilder(options.limits.bytes);
    const onTooLarge = (bytes: number, limit: number | undefined) => {
      this.#limits.bytes = Math.min(this.#limits.bytes, limit ?? Math.ceil(bytes / 2));
    };
    this.#sender = new Sender(send, { ...options, onTooLarge }, options.signal);
    this.#settled = options.earlier ?? { records: 0, summary: emptySummary() };
    this.#summary = { ...emptySummary(), ...this.#settled.summary, fixed: { ...this.#settled.summary.fixed } };
    this.#unit = new DeliveryUnit(this.#settled.records);
  }

  async run(blocks: AsyncIterable<RecordBlock>): Promise<DeliverySummary> {
    try {
      reading: for await (const block of blocks) {
        for (const unit of this.#unitsOf(block)) {
          await this.#dispatch(unit);
          if (this.#failure !== undefined) break reading;
        }
      }
      if (this.#failure === undefined) await this.#dispatch(this.#takeUnit());
    } catch (error) {
      this.#fail(error);
    }
    await Promise.all(this.#running);
    await this.#settling;
    this.#sender.finish();
    if (this.#failure !== undefined) return await this.#stop(this.#failure.error);
    return this.#total();
  }

  #total(): DeliverySummary {
    const { read, accepted, rejected, skipped, inDoubt } = this.#summary;
    return { ...this.#summary, requests: this.#requests(), notSent: read - accepted - rejected - skipped - inDoubt };
  }

  /** Tells of the rejected records behind what is settled, and says why it ended. */
  async #stop(failure: unknown): Promise<never> {
    const { signal, onReject, resuming } = this.#options;
    const rest = this.#takeUnit();
    this.#count(rest);
    for (const unit of [...this.#units, rest]) {
      for (const record of unit.takeRejected()) await onReject?.(record);
    }
    const cause = signal?.aborted ? signal.reason : failure;
    const summary = this.#total();
    const isUnexpected = !(cause instanceof MpError);
    if (summary.read === 0 || (isUnexpected && (signal?.aborted || cause instanceof ClosedPipeError))) throw cause;
    const said = isUnexpected ? unexpectedError(cause) : cause;
    throw new DeliveryStoppedError(
      said,
      summary,
      this.#settled.records,
      resuming(this.#settled.records, this.#doubtful),
    );
  }

  /** Checks the records of a block, and gives out each unit that is full. */
  *#unitsOf(block: RecordBlock): Generator<DeliveryUnit, void> {
    const { clock, check, earlier, keepsRaw } = this.#options;
    const nowMs = clock.now();
    const source = block.source.name;
    const isLines = block.kind === "lines";
    const count = isLines ? block.lines.length : block.values.length;
    const start = Math.max(0, (earlier?.records ?? 0) - block.recordsBefore);
    for (let index = start; index < count; index++) {
      if (isLines && block.lines.isEmpty(index)) {
        index = block.lines.filledFrom(index);
        this.#unit.endRecord = block.recordsBefore + index;
        if (index === count) break;
      }
      if (isLines) {
        while ((index = this.#addReady(block, index, nowMs)) < count && this.#isFull(sizeOf(block.lines, index))) {
          yield this.#takeUnit();
        }
        if (index === count) break;
      }
      const size = isLines ? sizeOf(block.lines, index) : charactersIn(block.values[index]);
      const line = isLines ? block.firstLine + index : block.lineNumbers[index] as number;
      const result = isLines ? check.line(block.lines.at(index), nowMs) : check.value(block.values[index], nowMs);
      if (result instanceof Uint8Array) {
        for (const warning of check.warnings) this.#options.onWarning?.({ source, line }, warning);
        if (this.#isFull(result.length + 1)) yield this.#takeUnit();
        this.#builder.add(result, source, line, keepsRaw ? rawOf(block, index) : undefined);
        this.#unit.read++;
      } else if (result?.isSkipped) {
        this.#unit.skipped++;
        this.#unit.read++;
      } else if (result !== undefined) {
        if (this.#isFull(0)) yield this.#takeUnit();
        const { reason, field } = result;
        const record = keepsRaw ? rawOf(block, index) : undefined;
        const rejected = { source, line, count: 1, field, reason, record };
        this.#unit.rejectLocally(rejected, this.#builder.count, REJECT_CHARACTERS + (keepsRaw ? size : 0));
        this.#unit.read++;
      }
      reportCopies(size);
      this.#unit.endRecord = block.recordsBefore + index + 1;
    }
    // The memory of the block is used again for the next one.
    this.#builder.settle();
  }

  /**
   * Adds the records of lines that need not be parsed, from `index` on. Returns the index of the first line that is not
   * one of them, or for which there is no room.
   */
  #addReady({ lines, source, firstLine, recordsBefore }: LinesBlock, index: number, nowMs: number): number {
    const { check: { ready }, onWarning } = this.#options;
    if (ready === undefined) return index;
    const { bytes, ends } = lines;
    const unit = this.#unit;
    let at = index;
    for (; at < ends.length && !this.#isFull(sizeOf(lines, at)); at++) {
      if (!ready.find(bytes, lines.startOf(at), ends[at] as number, nowMs)) break;
      const { bytes: sent, start, end } = ready;
      const isOther = sent !== bytes;
      if (isOther && this.#isFull(end - start + 1)) break;
      for (const warning of ready.warnings()) onWarning?.({ source: source.name, line: firstLine + at }, warning);
      const raw = isOther && this.#options.keepsRaw ? { line: lines.at(at).slice() } : undefined;
      this.#builder.addLine(sent, start, end, source.name, firstLine + at, raw);
    }
    unit.read += at - index;
    if (at > index) unit.endRecord = recordsBefore + at;
    return at;
  }

  /** Whether a record of so many bytes, with its line feed, belongs to the next unit. */
  #isFull(bytes: number): boolean {
    const { records, bytes: most } = this.#limits;
    const { count, bytes: held } = this.#builder;
    return count >= records || (count > 0 && held + bytes > most) ||
      this.#unit.localRejects >= records || this.#unit.localCharacters >= MOST_LOCAL_CHARACTERS;
  }

  /** Ends the unit that is being filled. */
  #takeUnit(): DeliveryUnit {
    const unit = this.#unit;
    const { fixes } = this.#options.check;
    if (fixes !== undefined) {
      unit.fixed = [...fixes];
      fixes.clear();
    }
    this.#unit = new DeliveryUnit(unit.endRecord);
    return unit;
  }

  #count(unit: DeliveryUnit): void {
    this.#summary.read += unit.read;
    this.#summary.rejected += unit.localRejects;
    this.#summary.skipped += unit.skipped;
    addFixes(this.#summary.fixed, unit.fixed);
  }

  /** Sends the records of a unit, as soon as there is room. */
  async #dispatch(unit: DeliveryUnit): Promise<void> {
    const batch = this.#builder.batch();
    this.#count(unit);
    this.#waitingRejects += unit.localRejects;
    this.#options.progress?.advance({ records: unit.localRejects + unit.skipped });
    this.#units.push(unit);
    if (batch.count === 0) this.#answered(unit);
    else if (await this.#sender.enter(batch)) {
      const task: Promise<void> = this.#send(unit, batch).finally(() => this.#running.delete(task));
      this.#running.add(task);
    } else this.#fail(this.#options.signal?.reason);
    while (this.#units.length >= MOST_UNITS || this.#waitingRejects >= MOST_WAITING_REJECTS) {
      if (this.#failure !== undefined || this.#running.size === 0) break;
      await Promise.race(this.#running);
    }
    await this.#settling;
  }

  async #send(unit: DeliveryUnit, batch: Batch): Promise<void> {
    const outcome: DeliveryOutcome = { accepted: 0, rejected: [], inDoubt: 0 };
    let isAnswered = false;
    try {
      await this.#sender.deliver(batch, outcome);
      isAnswered = true;
    } catch (error) {
      this.#fail(error);
    }
    const refused = countOf(outcome.rejected);
    unit.answer(batch, outcome.accepted, outcome.rejected);
    this.#summary.accepted += outcome.accepted;
    this.#summary.inDoubt += outcome.inDoubt;
    if (outcome.inDoubt > 0) this.#doubtful = Math.max(this.#doubtful ?? 0, unit.endRecord);
    this.#summary.rejected += refused;
    this.#waitingRejects += refused;
    this.#options.progress?.advance({ records: outcome.accepted + refused });
    // A request that was given up may still be reading its bytes.
    if (!isAnswered) return;
    this.#builder.recycle(batch);
    this.#summary.bytes += unit.bytes;
    this.#answered(unit);
  }

  /** Settles what is answered up to the first unit that is not. */
  #answered(unit: DeliveryUnit): void {
    unit.isAnswered = true;
    const ready: DeliveryUnit[] = [];
    while (this.#units[0]?.isAnswered) ready.push(this.#units.shift() as DeliveryUnit);
    if (ready.length > 0) {
      this.#settling = this.#settling.then(() => this.#settle(ready)).catch((error) => this.#fail(error));
    }
  }

  async #settle(units: readonly DeliveryUnit[]): Promise<void> {
    const { onReject, onSettled } = this.#options;
    const { summary: before } = this.#settled;
    const summary = { ...before, fixed: { ...before.fixed }, requests: this.#requests() };
    let { records } = this.#settled;
    for (const unit of units) {
      const rejected = unit.takeRejected();
      for (const record of rejected) {
        await onReject?.(record);
        collectLarge(record);
      }
      unit.addTo(summary, rejected);
      this.#waitingRejects -= countOf(rejected);
      records = Math.max(records, unit.endRecord);
    }
    this.#settled = { records, summary };
    await onSettled?.(this.#settled);
  }

  #requests(): number {
    return (this.#options.earlier?.summary.requests ?? 0) + this.#sender.requests;
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#sender.close();
  }
}
