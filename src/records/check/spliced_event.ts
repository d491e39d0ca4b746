/** Events that a recipe changes without a look at their values: their text is cut and put together again. */
import { EventScanner } from "../../streams/events/event_scanner.ts";
import { JsonKind } from "../../streams/json/json_spans.ts";
import type { SplicePlan } from "../map/splice_plan.ts";
import { LIMITS } from "../record_rules.ts";
import { isReadyEvent } from "./ready_event.ts";
import type { ReadyRecords } from "./record_check.ts";

/** What becomes of a property, by the number of its key. */
const Action = { unknown: 0, keep: 1, drop: 2, rename: 3, map: 4 } as const;

const COMMA = 0x2c, CLOSE_OBJECT = 0x7d;
/** What is shorter is copied byte by byte. */
const SHORT_BYTES = 24;

const encoder = new TextEncoder();
const HEAD = encoder.encode('{"event":"');
const MIDDLE = encoder.encode('","properties":{');

/**
 * Finds events whose text can be changed by a plan: those that keep all rules and lack nothing, as they are. No value is
 * read and printed, so that each keeps its digits and its escapes.
 */
export class SplicedEvents implements ReadyRecords {
  readonly start = 0;
  end = 0;
  bytes: Uint8Array = new Uint8Array(4096);
  readonly #scanner = new EventScanner();
  readonly #plan: SplicePlan;
  readonly #added: Uint8Array;
  readonly #names = new Map<number, Uint8Array>();
  /** By the numbers of keys: an action, and the record that had such a key last. */
  #actions = new Uint8Array(64);
  #seen = new Uint32Array(64);
  #record = 0;

  constructor(plan: SplicePlan) {
    this.#plan = plan;
    this.#added = encoder.encode(plan.added);
  }

  find(bytes: Uint8Array, start: number, end: number, nowMs: number): boolean {
    const scanner = this.#scanner;
    if (!scanner.scan(bytes, start, end) || !isReadyEvent(bytes, scanner, nowMs)) return false;
    // An empty id counts as none.
    if (scanner.distinctId.start === scanner.distinctId.end) return false;
    this.#reserve(bytes, end - start);
    const { spans } = scanner;
    const { key: keys, kind: kinds, keyStart, valueStart, valueEnd } = spans;
    const record = ++this.#record >>> 0;
    this.end = 0;
    this.#copy(HEAD, 0, HEAD.length);
    this.#copy(bytes, scanner.event.start, scanner.event.end);
    this.#copy(MIDDLE, 0, MIDDLE.length);
    const first = this.end;
    let count = 0;
    // Properties that stay and follow each other are copied together.
    let runStart = -1, runEnd = -1;
    for (let index = spans.firstProperty; index < spans.endProperty; index++) {
      const key = keys[index] as number;
      // Of two properties of one name the last one counts, which is for the mapper.
      if (key < 0 || this.#isSeen(key, record)) return false;
      const action = this.#actions[key] || this.#decide(key);
      if (action === Action.map) return false;
      const isString = kinds[index] === JsonKind.string;
      const valueFrom = (valueStart[index] as number) - (isString ? 1 : 0);
      const valueTo = (valueEnd[index] as number) + (isString ? 1 : 0);
      if (action === Action.keep) {
        if (runStart < 0) runStart = (keyStart[index] as number) - 1;
        runEnd = valueTo;
        count++;
        continue;
      }
      if (runStart >= 0) this.#addMembers(first, bytes, runStart, runEnd);
      runStart = -1;
      if (action === Action.drop || kinds[index] === JsonKind.null || (isString && valueTo - valueFrom === 2)) continue;
      const name = this.#names.get(key) as Uint8Array;
      this.#addMembers(first, name, 0, name.length);
      this.#copy(bytes, valueFrom, valueTo);
      count++;
    }
    if (runStart >= 0) this.#addMembers(first, bytes, runStart, runEnd);
    if (this.#added.length > 0) this.#addMembers(first, this.#added, 0, this.#added.length);
    this.bytes[this.end++] = CLOSE_OBJECT;
    this.bytes[this.end++] = CLOSE_OBJECT;
    return count + this.#plan.addedCount <= LIMITS.properties && this.end <= LIMITS.recordBytes;
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

  /** Room for a line of so many bytes and all that is put into it. */
  #reserve(line: Uint8Array, length: number): void {
    let names = 0;
    for (const name of this.#plan.renamed.values()) names += 3 * name.length + 1;
    const most = length + HEAD.length + MIDDLE.length + names + this.#added.length + 4;
    if (this.bytes.length < most || this.bytes === line) this.bytes = new Uint8Array(2 * most);
  }
}

function withRoom<A extends Uint8Array | Uint32Array>(from: A, into: A): A {
  into.set(from);
  return into;
}
