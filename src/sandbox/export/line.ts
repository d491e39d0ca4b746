/** An event as the raw export writes it: `{"event":…,"properties":{"time":…,…}}`. The properties are as they were sent. */
import { GrowingBytes } from "../../analytics/table/bytes.ts";
import type { EventRow } from "../store/events.ts";

const ZERO = 0x30, CLOSE_OBJECT = 0x7d, COMMA = 0x2c, LINE_FEED = 0x0a;
/** More digits are left to the runtime. */
const MOST_DIGITS = 15;

const encoder = new TextEncoder();

/** Writes events, a line each. */
export class LineWriter {
  /** What stands before the time; the same for all events of a name. */
  readonly #heads = new Map<string, Uint8Array>();

  constructor(private readonly into: GrowingBytes, private readonly timeInMs: boolean) {}

  write(name: string, timeMs: number, properties: Uint8Array): void {
    const { into } = this;
    let head = this.#heads.get(name);
    if (head === undefined) {
      head = encoder.encode(`{"event":${JSON.stringify(name)},"properties":{"time":`);
      this.#heads.set(name, head);
    }
    into.appendBytes(head);
    writeInteger(into, this.timeInMs ? timeMs : Math.floor(timeMs / 1000));
    if (properties.length > 2) {
      into.appendByte(COMMA);
      into.appendBytes(properties.subarray(1));
    } else {
      into.appendByte(CLOSE_OBJECT);
    }
    into.appendByte(CLOSE_OBJECT);
    into.appendByte(LINE_FEED);
  }
}

/** JSON text of one event. */
export function exportedLine({ name, timeMs, properties }: EventRow): string {
  const line = new GrowingBytes();
  new LineWriter(line, false).write(name, timeMs, encoder.encode(properties));
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(line.bytes.subarray(0, line.length - 1));
}

function writeInteger(into: GrowingBytes, integer: number): void {
  if (integer < 0 || integer >= 10 ** MOST_DIGITS) return into.appendBytes(encoder.encode(String(integer)));
  for (let power = 1; power === 1 || power <= integer; power *= 10) into.appendByte(ZERO);
  const end = into.length;
  let rest = integer;
  for (let at = end - 1; rest > 0; at--) {
    const quotient = Math.floor(rest / 10);
    into.bytes[at] = ZERO + rest - quotient * 10;
    rest = quotient;
  }
}
