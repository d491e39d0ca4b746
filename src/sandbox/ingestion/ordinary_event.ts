/**
 * Tells the ordinary events from the others: those that no rule has anything against, and that are stored as their bytes
 * say. All others are parsed, and go the long way.
 */
import { numberAt } from "../../streams/json/json_numbers.ts";
import { JsonKind, JsonScope } from "../../streams/json/json_spans.ts";
import type { EventSpans } from "../store/event_spans.ts";
import { isWorthless, MOST_EVENT_BYTES, MOST_INSERT_ID_BYTES, MOST_KEYS, WORTHLESS_IDS } from "./event_rules.ts";
import { eventTimeMs } from "./event_time.ts";
import { IDENTITY_EVENT_NAMES } from "./identity.ts";
import { MOST_CHARACTERS } from "./record.ts";

const SPACE = 0x20, DOLLAR = 0x24, ZERO = 0x30;
const LAST_ASCII = 0x7f;

/** More objects in each other, lists between them, may be too many. */
const MOST_OBJECTS = 2;
/** The longest of the worthless ids that are no zeros. */
const LONGEST_WORTHLESS = 9;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The length of an id, its first and its last byte, without their case. */
function formOf(length: number, first: number, last: number): number {
  return length << 16 | (first | 0x20) << 8 | last | 0x20;
}

const WORTHLESS_FORMS: ReadonlySet<number> = new Set(
  [...WORTHLESS_IDS].map((id) => formOf(id.length, id.charCodeAt(0), id.charCodeAt(id.length - 1))),
);

/** 1 for each character that an `$insert_id` may have. */
const IN_INSERT_ID = Uint8Array.from(
  { length: 256 },
  (_, byte) => /[A-Za-z0-9-]/.test(String.fromCharCode(byte)) ? 1 : 0,
);

export class OrdinaryEvents {
  /** By the numbers of keys: the last event that had it. */
  #seen = new Uint32Array(256);
  #events = 0;
  /** Keys that decide about an event's fate, and those that join ids besides. */
  readonly #ignoreKey: number;
  readonly #idKeys: readonly number[];

  static readonly #instances = new WeakMap<EventSpans, OrdinaryEvents>();

  /** What looks at the events of one scanner. */
  static of(event: EventSpans): OrdinaryEvents {
    let ordinary = this.#instances.get(event);
    if (ordinary === undefined) this.#instances.set(event, ordinary = new OrdinaryEvents(event));
    return ordinary;
  }

  private constructor(private readonly event: EventSpans) {
    const { keys } = event.spans;
    this.#ignoreKey = keys.numberOf(JsonScope.properties, "$ignore");
    this.#idKeys = ["$user_id", "$device_id"].map((name) => keys.numberOf(JsonScope.properties, name));
  }

  /** When the event that was scanned last happened; NaN when it has no time that is a number. */
  get timeMs(): number {
    const { spans } = this.event;
    const index = this.event.find(this.event.timeKey);
    if (index < 0 || (spans.kind[index] !== JsonKind.integer && spans.kind[index] !== JsonKind.number)) return NaN;
    return eventTimeMs(numberAt(spans.scanner.bytes, spans.valueStart[index]!, spans.valueEnd[index]!)) ?? NaN;
  }

  /** Whether the event has an `$insert_id` of its own. */
  get hasInsertId(): boolean {
    return this.event.find(this.event.insertIdKey) >= 0;
  }

  get hasTime(): boolean {
    return this.event.find(this.event.timeKey) >= 0;
  }

  /** Whether the event that was scanned last, which lies from `start` to `end`, is an ordinary one. */
  isOrdinary(bytes: Uint8Array, start: number, end: number, isSimplified: boolean): boolean {
    const { event } = this;
    const { spans } = event;
    const { widest, deepest } = spans.scanner;
    if (!spans.keysArePlain || spans.propertiesStart < 0 || widest > MOST_KEYS || deepest > MOST_OBJECTS) return false;
    if (end - start > MOST_EVENT_BYTES || spans.endProperty - spans.firstProperty > MOST_KEYS) return false;
    // Breaks between tokens are not stored.
    return !spans.propertiesHaveBreaks && this.#hasGoodKeys(isSimplified) && this.#hasGoodName(bytes) &&
      this.#hasGoodId(bytes) && this.#hasGoodInsertId(bytes);
  }

  /** None comes twice, is too long or has a text that is too long, or means that there is more to do. */
  #hasGoodKeys(isSimplified: boolean): boolean {
    const { spans } = this.event;
    const { key: keys, keys: { start }, kind, valueStart, valueEnd } = spans;
    if (this.#seen.length < spans.keys.count) this.#seen = new Uint32Array(2 * spans.keys.count);
    const seen = this.#seen;
    const number = ++this.#events;
    for (let index = 0; index < spans.count; index++) {
      const key = keys[index] as number;
      if (key < 0 || seen[key] === number || key === this.#ignoreKey) return false;
      if (isSimplified && this.#idKeys.includes(key)) return false;
      // With the quote and the colon behind the name.
      if ((start[key + 1] as number) - (start[key] as number) - 2 > MOST_CHARACTERS) return false;
      const size = (valueEnd[index] as number) - (valueStart[index] as number);
      if (size > MOST_CHARACTERS && kind[index] === JsonKind.string) return false;
      seen[key] = number;
    }
    return true;
  }

  #hasGoodName(bytes: Uint8Array): boolean {
    const { spans } = this.event;
    const index = this.event.find(this.event.eventKey);
    if (!this.#isText(index)) return false;
    const start = spans.valueStart[index] as number, end = spans.valueEnd[index] as number;
    const first = bytes[start] as number;
    if (end - start > MOST_CHARACTERS || first <= SPACE || first >= LAST_ASCII) return false;
    return first !== DOLLAR || !IDENTITY_EVENT_NAMES.has(decoder.decode(bytes.subarray(start, end)));
  }

  #hasGoodId(bytes: Uint8Array): boolean {
    const index = this.event.find(this.event.distinctIdKey);
    return this.#isText(index) && !this.#isWorthless(bytes, index);
  }

  /** None at all is as good. */
  #hasGoodInsertId(bytes: Uint8Array): boolean {
    const { spans } = this.event;
    const index = this.event.find(this.event.insertIdKey);
    if (index < 0) return true;
    if (!this.#isText(index)) return false;
    const start = spans.valueStart[index] as number, end = spans.valueEnd[index] as number;
    if (end - start > MOST_INSERT_ID_BYTES) return false;
    for (let at = start; at < end; at++) if (IN_INSERT_ID[bytes[at] as number] === 0) return false;
    return !this.#isWorthless(bytes, index);
  }

  /** Whether a member is a text that says what it means, and not an empty one. */
  #isText(index: number): boolean {
    const { kind, valueIsPlain, valueStart, valueEnd } = this.event.spans;
    return index >= 0 && kind[index] === JsonKind.string && valueIsPlain[index] === 1 &&
      (valueEnd[index] as number) > (valueStart[index] as number);
  }

  #isWorthless(bytes: Uint8Array, index: number): boolean {
    const { valueStart, valueEnd } = this.event.spans;
    const start = valueStart[index] as number, end = valueEnd[index] as number;
    const first = bytes[start] as number;
    if (end - start > LONGEST_WORTHLESS && first !== ZERO) return false;
    if (!WORTHLESS_FORMS.has(formOf(end - start, first, bytes[end - 1] as number))) return false;
    return isWorthless(decoder.decode(bytes.subarray(start, end)));
  }
}
