/** Where in a JSON text something stands. For messages: only for texts in which something is wrong. */
import { LongNumber } from "./json.ts";
import { JsonScanner, type VisitMember } from "./json_scanner.ts";
import { isKeyNamed } from "./json_text.ts";

/** The first thing that makes a text no JSON. */
export interface JsonFault {
  /** From 1, in characters. */
  column: number;
  /** In the words of a message, after "not valid JSON: ". */
  reason: string;
}

/** The reason of a fault behind a value that is whole. */
export const TEXT_AFTER_VALUE = "text after the value";

const OPEN_OBJECT = 0x7b, OPEN_LIST = 0x5b;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The first fault of a text; undefined when it is JSON. */
export function jsonFault(text: string): JsonFault | undefined {
  const scanner = scannerOf(text);
  const { bytes } = scanner;
  const end = scanner.skipValue(scanner.skipSpace(0));
  if (end >= 0) {
    const after = scanner.skipSpace(end);
    if (after === bytes.length) return undefined;
    scanner.fail(after, TEXT_AFTER_VALUE);
  }
  return { column: columnOf(bytes, scanner.faultAt), reason: scanner.fault };
}

/**
 * The column, from 1, at which the value under a path of names begins; undefined when the text has none, or is no JSON. Of
 * two members of one name the last counts.
 */
export function valueColumn(text: string, path: readonly string[]): number | undefined {
  const scanner = scannerOf(text);
  const { bytes } = scanner;
  const names = path.map((name) => encoder.encode(name));
  let found = -1;
  const visitor = (step: number): VisitMember => (keyStart, keyEnd, start) => {
    if (!isKeyNamed(bytes, keyStart, keyEnd, names[step] as Uint8Array)) return undefined;
    const isLast = step === names.length - 1;
    found = isLast ? start : -1;
    return isLast || bytes[start] !== OPEN_OBJECT ? undefined : scanner.skipObject(start, visitor(step + 1));
  };
  const end = scanner.skipObject(scanner.skipSpace(0), visitor(0));
  if (end < 0 || found < 0 || scanner.skipSpace(end) < bytes.length) return undefined;
  return columnOf(bytes, found);
}

/** A name that stands more than once in an object. */
export interface RepeatedKey {
  /** The names from the record on, with dots; lists are not counted. */
  path: string;
  /** Of the last place, from 1. */
  column: number;
}

/**
 * The names that stand twice in an object, at whatever depth.
 *
 * @param value what the text was parsed to, which has each name once
 */
export function repeatedKeys(text: string, value: unknown): RepeatedKey[] {
  // In a string there may be more of them, and never fewer.
  if ((text.match(KEY_ENDS)?.length ?? 0) === keysIn(value)) return [];
  const scanner = scannerOf(text);
  const { bytes } = scanner;
  const found = new Map<string, number>();
  const skip = (start: number, path: string): number | undefined => {
    if (bytes[start] === OPEN_LIST) return scanner.skipList(start, (element) => skip(element, path));
    if (bytes[start] !== OPEN_OBJECT) return undefined;
    const names = new Set<string>();
    return scanner.skipObject(start, (keyStart, keyEnd, at) => {
      const name = nameIn(bytes, keyStart, keyEnd);
      if (names.has(name)) found.set(path + name, keyStart - 1);
      names.add(name);
      return skip(at, `${path}${name}.`);
    });
  };
  skip(scanner.skipSpace(0), "");
  return [...found].map(([path, at]) => ({ path, column: columnOf(bytes, at) }));
}

const KEY_ENDS = /"\s*:/g;

function keysIn(value: unknown): number {
  if (typeof value !== "object" || value === null || value instanceof LongNumber) return 0;
  let count = 0;
  if (Array.isArray(value)) { for (const inner of value) count += keysIn(inner); }
  else for (const name in value) count += 1 + keysIn((value as Record<string, unknown>)[name]);
  return count;
}

function nameIn(bytes: Uint8Array, start: number, end: number): string {
  const text = decoder.decode(bytes.subarray(start, end));
  return text.includes("\\") ? JSON.parse(`"${text}"`) as string : text;
}

function scannerOf(text: string): JsonScanner {
  const scanner = new JsonScanner();
  scanner.use(encoder.encode(text));
  return scanner;
}

function columnOf(bytes: Uint8Array, at: number): number {
  return decoder.decode(bytes.subarray(0, at)).length + 1;
}
