/** In which form events are written: by flags, and by the ending of the name. */
import { inputError } from "../../errors.ts";

export const EXPORT_FORMATS = ["jsonl", "csv", "tsv", "parquet"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const COMPRESSIONS = ["none", "gzip", "zstd"] as const;
export type Compression = (typeof COMPRESSIONS)[number];

export interface OutputFormat {
  format: ExportFormat;
  compression: Compression;
  /** Names of columns, for those who want only these; otherwise all that occur. */
  columns?: string[];
  /** Only the first of events with the same four keys. */
  dedupe: boolean;
}

/** What was typed. */
export interface FormatWishes {
  /** `-f`. */
  format?: string;
  /** `--compress`. */
  compression?: Compression;
  columns?: string[];
  dedupe?: boolean;
  /** The file's name, when there is one. */
  name?: string;
  /** What a folder's files are compressed with when nobody says otherwise. */
  defaultCompression?: Compression;
}

const FORMAT_ENDINGS: Record<string, ExportFormat> = {
  jsonl: "jsonl",
  ndjson: "jsonl",
  json: "jsonl",
  csv: "csv",
  tsv: "tsv",
  parquet: "parquet",
  pq: "parquet",
};
const COMPRESSION_ENDINGS: Record<string, Compression> = { gz: "gzip", zst: "zstd" };
const ENDING_OF: Record<Compression, string> = { none: "", gzip: ".gz", zstd: ".zst" };

/**
 * Decides. A flag goes before the name's ending.
 *
 * @throws MpError (input) for what cannot be, or contradicts itself.
 */
export function chooseFormat(wishes: FormatWishes): OutputFormat {
  const { name = "", columns, dedupe = false } = wishes;
  const endings = name.toLowerCase().split(".").slice(1);
  const packed = COMPRESSION_ENDINGS[endings[endings.length - 1] ?? ""];
  const format = formatOf(wishes.format) ?? FORMAT_ENDINGS[endings[endings.length - (packed ? 2 : 1)] ?? ""] ?? "jsonl";
  if (packed !== undefined && wishes.compression !== undefined && wishes.compression !== packed) {
    throw inputError(
      `Cannot write ${JSON.stringify(name)} with --compress ${wishes.compression}: its name says ${packed}`,
      "leave --compress out, or choose another name",
      "contradiction",
    );
  }
  const compression = wishes.compression ?? packed ??
    (format === "parquet" ? "none" : wishes.defaultCompression ?? "none");
  if (format === "parquet" && compression !== "none") {
    throw inputError(
      `Cannot compress Parquet with ${compression}: its pages are compressed already`,
      packed === undefined ? "leave --compress out" : "name the file .parquet",
      "contradiction",
    );
  }
  if (columns !== undefined && format === "jsonl") {
    throw inputError(
      "Cannot choose columns of JSON Lines: events pass through unchanged",
      "--columns is for csv, tsv and parquet",
      "contradiction",
    );
  }
  return { format, compression, columns, dedupe };
}

/** With its point: `.jsonl.gz`. */
export function extensionOf({ format, compression }: OutputFormat): string {
  return `.${format}${ENDING_OF[compression]}`;
}

/** Whether all events have to be seen before the first can be written. */
export function needsAllColumns({ format, columns }: OutputFormat): boolean {
  return format === "parquet" || (format !== "jsonl" && columns === undefined);
}

function formatOf(typed: string | undefined): ExportFormat | undefined {
  if (typed === undefined) return undefined;
  // What JSON there is of events comes as lines.
  if (typed === "json") return "jsonl";
  const known = EXPORT_FORMATS.find((one) => one === typed);
  if (known !== undefined) return known;
  throw inputError(
    `Cannot export events as ${typed}: they come as jsonl, csv, tsv or parquet`,
    "leave --format out for JSON Lines",
    "bad_choice",
  );
}
