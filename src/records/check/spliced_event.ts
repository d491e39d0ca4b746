/** Events that a recipe changes without a look at their values: their text is cut and put together again. */
import { EventScanner } from "../../streams/events/event_scanner.ts";
import { JsonKind } from "../../streams/json/json_spans.ts";
import type { SplicePlan } from "../map/splice_plan.ts";
import { LIMITS, type RecordProblem } from "../record_rules.ts";
import { scannedNumberWarnings } from "./number_warnings.ts";
import { isReadyEvent } from "./ready_event.ts";
import type { ReadyRecords } from "./record_check.ts";

const NONE: readonly never[] = [];

/** What becomes of a property, by the number of its key. */
const Action = { unknown: 0, keep: 1, drop: 2, rename: 3, map: 4 } as const;

const COMMA = 0x2c, CLOSE_OBJECT = 0x7d, LINE_FEED = 10;
/** What is shorter is copied byte by byte. */
const SHORT_BYTES = 48;
/** So many bytes of records lie after each other. */
const BUFFER_BYTES = 256 * 1024;

const encoder = new TextEncoder();
const HEAD = encoder.encode('{"event":"');
const MIDDLE = encoder.encode('","properties":{');

/**
 * Finds events whose text can be changed by a plan: those that keep all rules and lack nothing, as they are. No value is
 * read and printed, so that each keeps its digits and its escapes.
 */
export class SplicedEvents implements ReadyRecords {
  start = 0;
  end = 0;
  bytes: Uint8Array = new Uint8Array(BUFFER_BYTES);
  /** What `bytes` will be when it is full. */
  #other: Uint8Array = new Uint8Array(BUFFER_BYTES);
  /** Where the next record begins, after the line feed of the one before. */
  #next = 0;
  readonly #scanner = new EventScanner();
  readonly #plan: SplicePlan;
  readonly #added: Uint8Array;
  readonly #names = new Map<number, Uint8Array>();
  /** What a record can get more than it had. */
  readonly #mostMore: number;
  /** By the numbers of keys: an action, and the record that had such a key last. */
  #actions = new Uint8Array(64);
  #seen = new Uint32Array(64);
  #record = 0;

  constructor(plan: SplicePlan) {
    this.#plan = plan;
    this.#added = encoder.encode(plan.added);
    const names = [...plan.renamed.values()].reduce((sum, name) => sum + 3 * name.length + 1, 0);
    this.#mostMore = HEAD.length + MIDDLE.length + names + this.#added.length + 5;
  }

  find(bytes: Uint8Array, start: number, end: number, nowMs: number): boolean {
    const scanner = this.#scanner;
    if (!scanner.scan(bytes, start, end) || !isReadyEvent(bytes, scanner, nowMs)) return false;
    // An empty id counts as none.
    if (scanner.distinctId.start === scanner.distinctId.end) return false;
    this.#reserve(end - start + this.#mostMore);
    this.start = this.end = this.#next;
    this.#copyHead(bytes);
    const count = this.#copyProperties(bytes);
    if (count < 0) return false;
    this.bytes[this.end++] = CLOSE_OBJECT;
    this.bytes[this.end++] = CLOSE_OBJECT;
    if (count > LIMITS.properties || this.end - this.start > LIMITS.recordBytes) return false;
    this.bytes[this.end] = LINE_FEED;
    this.#next = this.end + 1;
    return true;
  }

  warnings(): readonly RecordProblem[] {
    if (!this.#scanner.hasLongNumbers) return NONE;
    const { dropped, only, renamed } = this.#plan;
    const isKept = (name: string) => !dropped.has(name) && !renamed.has(name) && (only?.has(name) ?? true);
    const nameOf = (name: string) => isKept(name) ? name : undefined;
    return scannedNumberWarnings(this.#scanner, this.bytes.subarray(this.start, this.end), nameOf);
  }

  /** What comes before the first property. */
  #copyHead(bytes: Uint8Array): void {
    const { start, event, spans } = this.#scanner;
    const properties = spans.propertiesStart + 1;
    if (event.start - start === HEAD.length && properties - event.end === MIDDLE.length) {
      return this.#copy(bytes, start, properties);
    }
    this.#copy(HEAD, 0, HEAD.length);
    this.#copy(bytes, event.start, event.end);
    this.#copy(MIDDLE, 0, MIDDLE.length);
  }

  /** How many properties there are then; -1 for what is for the mapper. */
  #copyProperties(bytes: Uint8Array): number {
    const { spans } = this.#scanner;
    const { key: keys, kind: kinds, keyStart } = spans;
    const record = ++this.#record >>> 0;
    const first = this.end;
    let count = this.#plan.addedCount;
    // Properties that stay and follow each other are copied together.
    let runFrom = -1;
    for (let index = spans.firstProperty; index < spans.endProperty; index++) {
      const key = keys[index] as number;
      // Of two properties of one name the last one counts, which is for the mapper.
      if (key < 0 || this.#isSeen(key, record)) return -1;
      const action = this.#actions[key] || this.#decide(key);
      if (action === Action.keep) {
        if (runFrom < 0) runFrom = index;
        count++;
        continue;
      }
      if (action === Action.map) return -1;
      if (runFrom >= 0) this.#addMembers(first, bytes, (keyStart[runFrom] as number) - 1, this.#valueEnd(index - 1));
      runFrom = -1;
      if (action === Action.drop) continue;
      const valueStart = this.#valueStart(index), valueEnd = this.#valueEnd(index);
      const isString = kinds[index] === JsonKind.string;
      if (kinds[index] === JsonKind.null || (isString && valueEnd - valueStart === 2)) continue;
      const name = this.#names.get(key) as Uint8Array;
      this.#addMembers(first, name, 0, name.length);
      this.#copy(bytes, valueStart, valueEnd);
      count++;
    }
    if (runFrom >= 0) {
      this.#addMembers(first, bytes, (keyStart[runFrom] as number) - 1, this.#valueEnd(spans.endProperty - 1));
    }
    if (this.#added.length > 0) this.#addMembers(first, this.#added, 0, this.#added.length);
    return count;
  }

  /** Of a member's value, with the quotes of a string. */
  #valueStart(index: number): number {
    const { kind, valueStart } = this.#scanner.spans;
    return (valueStart[index] as number) - (kind[index] === JsonKind.string ? 1 : 0);
  }

  #valueEnd(index: number): number {
    const { kind, valueEnd } = this.#scanner.spans;
    return (valueEnd[index] as number) + (kind[index] === JsonKind.string ? 1 : 0);
  }

  /** Whether this record has had the key. */
  #isSeen(key: number, record: number): boolean {
    if (key >= this.#seen.length) {
      const size = 2 * key;
      this.#actions = withRoom(this.#actions, new Uint8Array(size));
      this.#seen = withRoom(this.#seen, new Uint32Array(size));
    }
    if (this.#seen[key] === record) return true;
    this.#seen[key] = record;
    return false;
  }

  #decide(key: number): number {
    const { dropped, only, renamed, targets } = this.#plan;
    const name = this.#scanner.spans.keys.name(key);
    const renaming = renamed.get(name);
    if (renaming !== undefined) this.#names.set(key, encoder.encode(renaming));
    const isField = name === "time" || name === "distinct_id" || name === "$insert_id";
    const action = isField
      ? Action.keep
      : renaming !== undefined
      ? Action.rename
      : targets.has(name)
      ? Action.map
      : dropped.has(name) || only?.has(name) === false
      ? Action.drop
      : Action.keep;
    this.#actions[key] = action;
    return action;
  }

  #addMembers(first: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.end > first) this.bytes[this.end++] = COMMA;
    this.#copy(bytes, start, end);
  }

  #copy(from: Uint8Array, start: number, end: number): void {
    const { bytes } = this;
    let at = this.end;
    this.end = at + end - start;
    if (end - start >= SHORT_BYTES) bytes.set(from.subarray(start, end), at);
    else for (let index = start; index < end; index++) bytes[at++] = from[index] as number;
  }

  /** Room for a record of so many bytes, with its line feed. */
  #reserve(most: number): void {
    if (this.#next + most <= this.bytes.length) return;
    [this.bytes, this.#other] = [this.#other, this.bytes];
    if (this.bytes.length < most) this.bytes = new Uint8Array(most);
    this.#next = 0;
  }
}

function withRoom<A extends Uint8Array | Uint32Array>(from: A, into: A): A {
  into.set(from);
  return into;
}
