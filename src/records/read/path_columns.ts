/** Columns that are in the path of a file, as Spark, Hive and Athena have them: `date=2026-11-01/country=DE/part-0.csv`. */
import { setMember } from "../../streams/json/members.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { parseExactJson } from "../../streams/json/json.ts";
import { Lines } from "../../streams/lines.ts";
import { UnreadableRecord } from "./record_block.ts";
import type { PathColumn } from "./record_source.ts";

/** The file by which a folder of `mp export` is known: its columns follow from the events themselves. */
export const EXPORT_MANIFEST = "_mp_manifest.json";

/** Where that file is: in the folder, or beside it. */
const manifestsOf = (root: string): string[] => [`${root}/${EXPORT_MANIFEST}`, `${root}.mp/${EXPORT_MANIFEST}`];

/** What Hive writes where a value is null. */
const NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__";

/** What is not in a path, and the folder in which the columns begin; undefined for a path without columns. */
function pathColumns(path: string): { root: string; columns: PathColumn[] } | undefined {
  const folders = path.split(/[/\\]/).slice(0, -1);
  let first = folders.length;
  while (first > 0 && /^[^=]+=/.test(folders[first - 1] as string)) first--;
  if (first === folders.length) return undefined;
  const columns = new Map<string, string>();
  for (const folder of folders.slice(first)) {
    const at = folder.indexOf("=");
    const value = decoded(folder.slice(at + 1));
    if (value !== NULL_PARTITION && value !== "") columns.set(decoded(folder.slice(0, at)), value);
  }
  const root = first === 0 ? "." : folders.slice(0, first).join("/") || "/";
  return { root, columns: [...columns].map(([name, value]) => ({ name, value })) };
}

/**
 * Finds the columns of files, but not those below a folder of `mp export`.
 *
 * @param isThere whether there is a file; asked once for each folder
 */
export function pathColumnFinder(
  isThere: (path: string) => Promise<boolean>,
): (path: string) => Promise<readonly PathColumn[] | undefined> {
  const known = new Map<string, Promise<boolean>>();
  return async (path) => {
    const found = pathColumns(path);
    if (found === undefined) return undefined;
    const { root, columns } = found;
    let answer = known.get(root);
    if (answer === undefined) known.set(root, answer = isAny(manifestsOf(root), isThere));
    return columns.length === 0 || await answer ? undefined : columns;
  };
}

async function isAny(paths: readonly string[], isThere: (path: string) => Promise<boolean>): Promise<boolean> {
  for (const path of paths) if (await isThere(path)) return true;
  return false;
}

/** Characters that paths cannot have are written as `%3A`. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // expected: URIError, since a percent sign may as well be one
    if (!(error instanceof URIError)) throw error;
    return text;
  }
}

/**
 * Adds the columns to a record that has none of these names. What is in the file counts.
 *
 * @param onWhole called with a record in Mixpanel's own layout, which is whole and takes none
 */
export function addPathColumns(value: unknown, columns: readonly PathColumn[], onWhole: () => void): void {
  if (columns.length === 0 || !isObject(value) || value instanceof UnreadableRecord) return;
  if (isWhole(value)) return onWhole();
  for (const { name, value: text } of columns) if (!Object.hasOwn(value, name)) setMember(value, name, text);
}

/** Whether a record is an event, a profile or an update as Mixpanel has them, and no row. */
function isWhole(record: Record<string, unknown>): boolean {
  const { event, properties, $properties } = record;
  if (event !== undefined && isObject(properties)) return Object.hasOwn(properties, "time");
  return isObject($properties) || Object.keys(record).some((name) => UPDATES.test(name));
}

const UPDATES = /^\$(?:set|set_once|add|append|union|remove|unset|delete)$/;

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const LINE_FEED = 10, OPEN_OBJECT = 0x7b;

/** Lines of JSON with the columns put into each object, as `addPathColumns` does; what else is in it stays as it was. */
export function linesWithColumns(lines: Lines, columns: readonly PathColumn[], onWhole: () => void): Lines {
  const members = columns.map(({ name, value }) => [JSON.stringify(name), JSON.stringify(value)] as const);
  const pieces: Uint8Array[] = [];
  const ends: number[] = [];
  let length = 0;
  const put = (bytes: Uint8Array) => {
    pieces.push(bytes);
    length += bytes.length;
  };
  for (const line of lines) {
    const open = line.findIndex((byte) => byte > 0x20);
    const added = line[open] === OPEN_OBJECT ? addedMembers(line, columns, members, onWhole) : "";
    if (added === "") put(line);
    else {
      put(line.subarray(0, open + 1));
      put(encoder.encode(added));
      put(line.subarray(open + 1));
    }
    ends.push(length);
    put(Uint8Array.of(LINE_FEED));
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return new Lines(bytes, ends);
}

/** The members that an object lacks, as text to be put behind its brace; empty for what is no JSON. */
function addedMembers(
  line: Uint8Array,
  columns: readonly PathColumn[],
  members: readonly (readonly [string, string])[],
  onWhole: () => void,
): string {
  const object = objectOf(line);
  if (object === undefined) return "";
  if (isWhole(object)) {
    onWhole();
    return "";
  }
  const lacking = members.filter((_, index) => !Object.hasOwn(object, (columns[index] as PathColumn).name));
  const text = lacking.map(([name, value]) => `${name}:${value}`).join(",");
  return text === "" || Object.keys(object).length === 0 ? text : `${text},`;
}

function objectOf(line: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value = parseExactJson(decoder.decode(line));
    return isObject(value) ? value : undefined;
  } catch (error) {
    // expected: SyntaxError, which is told when the line is checked
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
