/**
 * Finds secrets in a text in whatever form they stand there: as they are, in hex, or behind escapes and base64, also one
 * within the other. Where there may be one, each encoding is undone, and what comes out is looked through.
 */
import { MarkSearch } from "./secret_marks.ts";
import { type Layer, outOfBase64, rawLayer, withoutEscapes } from "./undo_encodings.ts";

/** What is shorter would be met by chance. */
export const LEAST_SECRET = 6;

/** From where to where a secret stands in a text. */
export type Range = readonly [start: number, end: number];

/** Encodings within each other that are undone. */
const DEEPEST = 6;
/** Of a byte in all of them. */
const LONGEST_FORM = 20;
/** Layers need some times as much memory as the text. */
const WINDOW_BYTES = 256 * 1024;

/** A search for these secrets. */
export class SecretSearch {
  readonly #marks: MarkSearch;
  /** By their first byte. */
  readonly #needles: Uint8Array[][] = [];
  /** No form of a secret is longer. */
  readonly #reach: number;

  constructor(secrets: readonly string[]) {
    this.#marks = new MarkSearch(secrets);
    const needles = secrets.flatMap(needlesOf);
    for (const needle of needles) (this.#needles[needle[0]!] ??= []).push(needle);
    this.#reach = Math.max(...needles.map(({ length }) => length)) * LONGEST_FORM;
  }

  /** Where the secrets are, in order, none of them touching another. */
  find(bytes: Uint8Array): Range[] {
    if (this.#needles.length === 0) return [];
    const found: Range[] = [];
    for (const [start, end] of this.#windows(bytes)) {
      this.#look(rawLayer(bytes.subarray(start, end), start), DEEPEST, found);
    }
    return merged(found);
  }

  /** The parts of the text that secrets may be in. */
  #windows(bytes: Uint8Array): Range[] {
    const places = this.#marks.places(bytes);
    const reach = this.#reach;
    const parts = places === undefined
      ? [[0, bytes.length] as const]
      : merged(places.map((place) => [Math.max(0, place - reach), Math.min(bytes.length, place + reach)]));
    return parts.flatMap(([start, end]) => {
      const windows: Range[] = [];
      for (let from = start; from < end; from += WINDOW_BYTES) {
        windows.push([from, Math.min(end, from + WINDOW_BYTES + reach)]);
      }
      return windows;
    });
  }

  #look(layer: Layer, depth: number, found: Range[]): void {
    const { bytes, starts, ends } = layer;
    for (let at = 0; at < bytes.length; at++) {
      const needles = this.#needles[folded(bytes[at]!)];
      if (needles === undefined) continue;
      for (const needle of needles) {
        if (isAt(bytes, at, needle)) found.push([starts[at]!, ends[at + needle.length - 1]!]);
      }
    }
    if (depth === 0) return;
    for (const undone of [withoutEscapes(layer), outOfBase64(layer)]) {
      if (undone !== undefined) this.#look(undone, depth - 1, found);
    }
  }
}

/** The secret as it may stand in a layer: as it is, with what it has itself of escapes undone, and in hex. */
function needlesOf(secret: string): Uint8Array[] {
  const bytes = new TextEncoder().encode(secret);
  const needles: Uint8Array[] = [bytes.toHex(), bytes.toHex().toUpperCase()].map((hex) =>
    new TextEncoder().encode(hex)
  );
  for (let layer: Layer | undefined = rawLayer(bytes); layer !== undefined; layer = withoutEscapes(layer)) {
    needles.push(layer.bytes);
  }
  return needles.filter(({ length }) => length >= LEAST_SECRET).map((needle) => needle.map(folded));
}

/** A space may be a plus, as in forms. */
function folded(byte: number): number {
  return byte === 0x2b ? 0x20 : byte;
}

function isAt(bytes: Uint8Array, at: number, needle: Uint8Array): boolean {
  if (at + needle.length > bytes.length) return false;
  for (let index = 0; index < needle.length; index++) {
    if (folded(bytes[at + index]!) !== needle[index]) return false;
  }
  return true;
}

/** The same places as ranges that neither touch nor overlap, in order. */
function merged(ranges: Range[]): Range[] {
  const whole: [number, number][] = [];
  for (const [start, end] of ranges.sort((a, b) => a[0] - b[0])) {
    const last = whole.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else whole.push([start, end]);
  }
  return whole;
}
