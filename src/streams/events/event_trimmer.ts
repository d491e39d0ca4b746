/** Takes properties out of events as they are written, so that all else keeps its bytes. */
import { numberAt } from "../json/json_numbers.ts";
import { JsonKind, JsonScope, JsonSpans } from "../json/json_spans.ts";

export interface TrimOptions {
  /** Names of properties that are left out. */
  drop: readonly string[];
  /** Names of events that are left out whole. */
  dropEvents?: readonly string[];
  /** Another time for the one that an event has, if that is an integer. */
  changeTime?(time: number): number;
}

const QUOTE_BYTES = 1;
const COMMA = 0x2c;

const encoder = new TextEncoder();

/** One trimmer is used for many events. */
export class EventTrimmer {
  readonly #spans = new JsonSpans("event");
  readonly #droppedEvents: readonly Uint8Array[];
  readonly #changeTime: TrimOptions["changeTime"];
  readonly #eventKey: number;
  readonly #timeKey: number;
  /** The keys of what is left out have numbers in a row. */
  readonly #firstDropped: number;
  readonly #endDropped: number;
  #to = 0;

  constructor({ drop, dropEvents = [], changeTime }: TrimOptions) {
    const { keys } = this.#spans;
    this.#eventKey = this.#spans.watch(JsonScope.record, "event");
    this.#firstDropped = keys.count;
    for (const name of drop) keys.numberOf(JsonScope.properties, name);
    this.#endDropped = keys.count;
    // After those that are left out, of which it may be one.
    this.#timeKey = keys.numberOf(JsonScope.properties, "time");
    this.#droppedEvents = dropEvents.map((name) => encoder.encode(name));
    this.#changeTime = changeTime;
  }

  /**
   * Writes the event that is between `start` and `end` of `from` to `to`, from `at` on, where there must be room for
   * `mostBytes(end - start)`: the index after it. It returns `at` for an event that is left out. What is no JSON object is
   * written as it is, for others to judge.
   */
  trim(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
    const spans = this.#spans;
    if (!spans.scan(from, start, end)) return copy(from, start, end, to, at);
    if (this.#droppedEvents.length > 0 && this.#isDroppedEvent(from)) return at;
    if (spans.propertiesStart < 0) return copy(from, start, end, to, at);
    this.#to = at;
    const copied = this.#copyProperties(from, start, to);
    return copy(from, copied, end, to, this.#to);
  }

  /** Copies up to the last change, and returns the index of what comes after it. */
  #copyProperties(from: Uint8Array, start: number, to: Uint8Array): number {
    const { key, keyStart, kind, valueStart, valueEnd, propertiesStart, propertiesEnd } = this.#spans;
    const { firstProperty, endProperty } = this.#spans;
    let copied = start;
    let keptEnd = propertiesStart + 1;
    let hasKept = false;
    let isGap = false;
    for (let index = firstProperty; index < endProperty; index++) {
      const memberStart = (keyStart[index] as number) - QUOTE_BYTES;
      const quotes = kind[index] === JsonKind.string ? QUOTE_BYTES : 0;
      const number = key[index] as number;
      if (number >= this.#firstDropped && number < this.#endDropped) {
        if (!isGap) this.#to = copy(from, copied, keptEnd, to, this.#to);
        isGap = true;
        continue;
      }
      if (isGap) {
        if (hasKept) to[this.#to++] = COMMA;
        copied = memberStart;
        isGap = false;
      }
      hasKept = true;
      keptEnd = (valueEnd[index] as number) + quotes;
      if (number === this.#timeKey && this.#changeTime !== undefined && kind[index] === JsonKind.integer) {
        const valueAt = valueStart[index] as number;
        this.#to = copy(from, copied, valueAt, to, this.#to);
        this.#to = writeInteger(this.#changeTime(numberAt(from, valueAt, keptEnd)), to, this.#to);
        copied = keptEnd;
      }
    }
    return isGap ? propertiesEnd - 1 : copied;
  }

  #isDroppedEvent(from: Uint8Array): boolean {
    const { kind, last, valueStart, valueEnd } = this.#spans;
    const index = last[this.#eventKey] as number;
    if (index < 0 || kind[index] !== JsonKind.string) return false;
    const name = from.subarray(valueStart[index], valueEnd[index]);
    return this.#droppedEvents.some((dropped) => isEqual(dropped, name));
  }
}

/** Room that an event of so many bytes may need. A changed time can be longer than the one that it replaces. */
export function mostBytes(eventBytes: number): number {
  return eventBytes + 20;
}

function copy(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  to.set(from.subarray(start, end), at);
  return at + end - start;
}

function writeInteger(value: number, to: Uint8Array, at: number): number {
  return at + encoder.encodeInto(String(value), to.subarray(at)).written;
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
