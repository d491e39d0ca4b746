/** Tells the format of an input by its name and its first bytes. */
import { inputError } from "../../errors.ts";
import { JsonScanner } from "../../streams/json/json_scanner.ts";
import { isWrappedList } from "./read_json.ts";

export const INPUT_FORMATS = ["jsonl", "json", "csv", "tsv", "parquet"] as const;
export type InputFormat = (typeof INPUT_FORMATS)[number];

/** `.json` is not among them: many programs give that name to JSON Lines. */
const FORMATS_BY_ENDING: Readonly<Record<string, InputFormat>> = {
  jsonl: "jsonl",
  ndjson: "jsonl",
  ldjson: "jsonl",
  csv: "csv",
  tsv: "tsv",
  tab: "tsv",
  parquet: "parquet",
  pq: "parquet",
};

const COMPRESSION_ENDING = /\.(gz|gzip|zst|zstd)$/i;

/** What begins like this is not read, and what to do about it. */
const FOREIGN: readonly { magic: readonly number[]; what: string; hint: string }[] = [
  { magic: [0x50, 0x4b, 0x03, 0x04], what: "a ZIP archive", hint: "unzip it, and name the folder" },
  { magic: [0x42, 0x5a, 0x68], what: "compressed with bzip2", hint: "bunzip2 -c FILE | mp import -" },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], what: "compressed with xz", hint: "xz -dc FILE | mp import -" },
  { magic: [0x4f, 0x62, 0x6a, 0x01], what: "Avro", hint: "convert it to Parquet or JSON Lines" },
  { magic: [0x4f, 0x52, 0x43], what: "ORC", hint: "convert it to Parquet or JSON Lines" },
  { magic: [0xff, 0xfe], what: "UTF-16", hint: "iconv -f UTF-16 -t UTF-8 converts it" },
  { magic: [0xfe, 0xff], what: "UTF-16", hint: "iconv -f UTF-16 -t UTF-8 converts it" },
];
const PARQUET_MAGIC = [0x50, 0x41, 0x52, 0x31] as const;

/** As much of an input as is looked at, unless a line ends before. */
export const HEAD_BYTES = 64 * 1024;

/** The ending of a name without that of a compression, in lower case: `jsonl` of `a.jsonl.gz`. Empty when there is none. */
export function nameEnding(name: string): string {
  const base = name.slice(name.search(/[^/\\]*$/)).replace(COMPRESSION_ENDING, "");
  return /\.([a-z0-9]+)$/i.exec(base)?.[1]?.toLowerCase() ?? "";
}

/** The format that a name promises; undefined when it says nothing. */
export const formatOfName = (name: string): InputFormat | undefined => FORMATS_BY_ENDING[nameEnding(name)];

/**
 * The format of an input, of whose decompressed bytes these are the first: up to the end of the first line that is not
 * empty, or `HEAD_BYTES`.
 *
 * @param isAll whether there are no more
 * @throws MpError (input) for a format that is not read, and when nothing can be told.
 */
export function formatOf(name: string, head: Uint8Array, isAll: boolean): InputFormat {
  if (startsWith(head, PARQUET_MAGIC)) return "parquet";
  const foreign = FOREIGN.find(({ magic }) => startsWith(head, magic));
  if (foreign !== undefined) {
    throw inputError(`Cannot read ${name}: it is ${foreign.what}`, foreign.hint, "unknown_format");
  }
  const promised = formatOfName(name);
  if (promised !== undefined && promised !== "parquet") {
    return promised === "jsonl" ? jsonFormat(head, isAll, LAID_OUT) : promised;
  }
  const text = textOf(head);
  if (text === "") return "jsonl";
  if (text.startsWith("{") || text.startsWith("[")) return jsonFormat(head, isAll);
  const firstLine = lineOf(text);
  if (promised === undefined && firstLine.includes("\t")) return "tsv";
  if (promised === undefined && /[,;|]/.test(firstLine)) return "csv";
  throw inputError(
    `Cannot tell the format of ${name}: it begins with ${JSON.stringify(firstLine.slice(0, 40))}`,
    `name it with --input-format ${INPUT_FORMATS.join("|")}`,
    "unknown_format",
  );
}

/** The first line of JSON that is laid out over several: a brace, or a list within what is around it. No cut event is so. */
const LAID_OUT = /^\{$|^\{[^{}]*:\s*\[.*[[{,:]$|^\{[^{}]*:\s*\[$/;
/** The same, where no name speaks against it: it ends where JSON goes on. */
const UNFINISHED = /[{[,:]$/;

/** One object a line, or JSON that is laid out in some other way. A line of its own is JSON Lines, even when it is damaged. */
function jsonFormat(head: Uint8Array, isAll: boolean, goesOn = UNFINISHED): InputFormat {
  const text = textOf(head);
  if (text.startsWith("[")) return "json";
  if (!text.startsWith("{")) return "jsonl";
  const line = lineOf(text);
  const isWhole = isAll || text.includes("\n");
  if (!isWhole) return "json";
  if (!line.endsWith("}")) return goesOn.test(line) && !(isAll && text.trimEnd() === line) ? "json" : "jsonl";
  return isSeveral(line) || isWrappedList(line) ? "json" : "jsonl";
}

/** Whether a line has several values, one after the other, as Firehose writes them. */
function isSeveral(line: string): boolean {
  const scanner = new JsonScanner();
  scanner.use(new TextEncoder().encode(line));
  const end = scanner.skipValue(0);
  return end >= 0 && scanner.bytes[scanner.skipSpace(end)] === OPEN_OBJECT;
}

const OPEN_OBJECT = 0x7b;

function lineOf(text: string): string {
  const end = text.indexOf("\n");
  return (end < 0 ? text : text.slice(0, end)).trimEnd();
}

/** Without a byte order mark and without white space before. */
const textOf = (head: Uint8Array): string => new TextDecoder().decode(head).trimStart();

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return bytes.length >= magic.length && magic.every((byte, index) => bytes[index] === byte);
}
