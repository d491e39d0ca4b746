const DAY_MS = 86_400_000;
import { isoSeconds } from "../streams/iso_time.ts";
const LARGEST_SECONDS = 4_294_967_295;
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/** A point in time, in whole seconds since 1970 UTC: what `datetime(…)` gives. */
export class Moment {
  constructor(readonly seconds: number, private readonly zone: ZoneClock) {}

  /** `2026-08-01T13:00:00` in the project's time zone. */
  toString(): string {
    return isoSeconds(this.zone.toLocalMs(this.seconds * 1000));
  }

  toJSON(): string {
    return this.toString();
  }
}

/**
 * The moment that a number means: up to 4294967295 it counts seconds, above that milliseconds; zero and less mean
 * none. (The rule of Mixpanel's own query builders.)
 */
export function momentOfNumber(value: number | bigint, zone: ZoneClock): Moment | undefined {
  const number = Number(value);
  if (!(number > 0)) return undefined;
  return momentAt(Math.floor(number <= LARGEST_SECONDS ? number : number / 1000), zone);
}

/** The moment that `2026-08-01`, `2026-08-01T13:00:00`, or one with `Z` or an offset means; none for a day that isn't. */
export function momentOfText(text: string, zone: ZoneClock): Moment | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map((part) =>
    part === undefined ? undefined : Number(part)
  ) as number[];
  return momentOfParts([year, month, day, hour, minute, second], zone, match[7]);
}

/** The moment of a year, month, day, hour, minute and second of the calendar; none where there is no such day or time. */
export function momentOfParts(parts: readonly number[], zone: ZoneClock, offset?: string): Moment | undefined {
  const [year, month, day, hour = 0, minute = 0, second = 0] = parts;
  if (!parts.every(Number.isInteger) || year < 1 || year > 9999) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;
  const localMs = date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000;
  return momentAt((offset === undefined ? zone.toEpochMs(localMs) : localMs - offsetMs(offset)) / 1000, zone);
}

function momentAt(seconds: number, zone: ZoneClock): Moment | undefined {
  return Math.abs(seconds * 1000) <= 8.64e15 - DAY_MS ? new Moment(seconds, zone) : undefined;
}

function offsetMs(offset: string): number {
  if (offset === "Z") return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3).replace(":", "") || 0);
  return (offset.startsWith("-") ? -minutes : minutes) * 60_000;
}

/**
 * Converts between a time zone's clock and the epoch. Offsets are looked up once for each quarter of an hour, since a
 * property's date is converted for every event.
 */
export class ZoneClock {
  readonly #offsetsByQuarter = new Map<number, number>();
  readonly #offsetsByEpochQuarter = new Map<number, number>();

  /** Takes an IANA name. Throws RangeError for an unknown one. */
  constructor(private readonly timeZone: string) {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
  }

  /** From clock time counted as if it were UTC. A time that a clock change skips or repeats is read as before the change. */
  toEpochMs(localMs: number): number {
    if (this.timeZone === "UTC") return localMs;
    // Some offsets change at half hours, none within a quarter.
    const quarter = Math.floor(localMs / 900_000);
    let offset = this.#offsetsByQuarter.get(quarter);
    if (offset === undefined) {
      const local = new Date(quarter * 900_000).toISOString().slice(0, -1);
      offset = quarter * 900_000 - Temporal.PlainDateTime.from(local).toZonedDateTime(this.timeZone).epochMilliseconds;
      if (this.#offsetsByQuarter.size > 100_000) this.#offsetsByQuarter.clear();
      this.#offsetsByQuarter.set(quarter, offset);
    }
    return localMs - offset;
  }

  toLocalMs(epochMs: number): number {
    if (this.timeZone === "UTC") return epochMs;
    const quarter = Math.floor(epochMs / 900_000);
    let offset = this.#offsetsByEpochQuarter.get(quarter);
    if (offset === undefined) {
      offset = Temporal.Instant.fromEpochMilliseconds(quarter * 900_000).toZonedDateTimeISO(this.timeZone)
        .offsetNanoseconds / 1e6;
      if (this.#offsetsByEpochQuarter.size > 100_000) this.#offsetsByEpochQuarter.clear();
      this.#offsetsByEpochQuarter.set(quarter, offset);
    }
    return epochMs + offset;
  }
}
