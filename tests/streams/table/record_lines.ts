/** Records as the lines that finders and encoders take. */
import type { Column } from "../../../src/streams/table/record_encoder.ts";
import type { RecordLayout } from "../../../src/streams/table/record_layout.ts";
import { columnFinder } from "../../../src/streams/table/columns.ts";

/** Lines of JSON texts or of values, each with its line feed. */
export function linesOf(...records: (string | object)[]): Uint8Array {
  const texts = records.map((record) => (typeof record === "string" ? record : JSON.stringify(record)) + "\n");
  return new TextEncoder().encode(texts.join(""));
}

/** So many lines. */
export function manyLines(count: number, record: (n: number) => string): Uint8Array {
  return new TextEncoder().encode(Array.from({ length: count }, (_, n) => record(n) + "\n").join(""));
}

/** An event whose properties have this JSON text. */
export const event = (properties: string, name = "A") => `{"event":${JSON.stringify(name)},"properties":${properties}}`;

export function columnsIn(lines: Uint8Array, layout: RecordLayout = "event"): Column[] {
  const finder = columnFinder(layout);
  finder.observe(lines);
  return finder.columns();
}

/** Joins what an encoder gave, copying its views. */
export function joined(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
