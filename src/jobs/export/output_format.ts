/** In which form events are written: by flags, and by the ending of the name. */
import { inputError } from "../../errors.ts";
import { columnKey } from "../../streams/table/column_names.ts";
import type { TimeForm } from "../../streams/table/time_form.ts";
import type { RecordLayout } from "../../streams/table/record_layout.ts";

const EXPORT_FORMATS = ["jsonl", "csv", "tsv", "parquet"] as const;
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
  /** `json`: five columns, of which one is JSON with all properties. Default: a column for each property. */
  layout?: "json";
  /** `safe`: names of columns that every engine takes. Default: as Mixpanel has them. */
  names?: "safe";
  /** Of CSV and TSV: the form of times. Default: as they came. */
  time?: TimeForm;
  /** Of CSV and TSV: what stands for null. Default: nothing. */
  nullText?: string;
  /** Of CSV and TSV: begins with a byte order mark. */
  bom?: boolean;
}

/** What was typed. */
export interface FormatOptions {
  /** `-f`. */
  format?: string;
  /** `--compress`. */
  compression?: Compression;
  columns?: string[];
  /** What the records are whose columns they are. Default `event`. */
  layout?: RecordLayout;
  dedupe?: boolean;
  tableLayout?: "columns" | "json";
  columnNames?: "mixpanel" | "safe";
  time?: TimeForm;
  nullText?: string;
  bom?: boolean;
  /** The file's name, when there is one. */
  name?: string;
  /** What a folder's files are compressed with when nobody says otherwise. */
  defaultCompression?: Compression;
}

const FORMAT_ENDINGS: Record<string, ExportFormat> = {
  jsonl: "jsonl",
  ndjson: "jsonl",
  csv: "csv",
  tsv: "tsv",
  parquet: "parquet",
  pq: "parquet",
};
/** Programs would take such a file for compressed, and it is not. */
const OTHER_COMPRESSION = /^(bz2?|xz|lzma|lz4|br|zip|7z|z|sz)$/;
const COMPRESSION_ENDINGS: Record<string, Compression> = { gz: "gzip", zst: "zstd" };
const ENDING_OF: Record<Compression, string> = { none: "", gzip: ".gz", zstd: ".zst" };

/**
 * Decides. A flag takes precedence over the name's ending.
 *
 * @throws MpError (input) for what cannot be, or contradicts itself.
 */
export function chooseFormat(options: FormatOptions): OutputFormat {
  const { name = "", columns, dedupe = false } = options;
  const endings = name.toLowerCase().split(".").slice(1);
  const packed = COMPRESSION_ENDINGS[endings[endings.length - 1] ?? ""];
  const ending = endings[endings.length - (packed ? 2 : 1)] ?? "";
  if (packed === undefined) checkEnding(name, options.format);
  if (ending === "json" && options.format === undefined) {
    throw inputError(
      `Cannot write ${JSON.stringify(name)}: events come as JSON Lines, one a line, and not as one JSON value`,
      "name it .jsonl, or add -f jsonl",
      "bad_choice",
    );
  }
  const format = formatOf(options.format) ?? FORMAT_ENDINGS[ending] ?? "jsonl";
  if (packed !== undefined && options.compression !== undefined && options.compression !== packed) {
    throw inputError(
      `Cannot write ${JSON.stringify(name)} with --compress ${options.compression}: its name says ${packed}`,
      "leave --compress out, or choose another name",
      "contradiction",
    );
  }
  const compression = options.compression ?? packed ??
    (format === "parquet" ? "none" : options.defaultCompression ?? "none");
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
  checkColumns(columns, options.layout ?? "event");
  return { format, compression, columns, dedupe, ...tableOptions(options, format) };
}

/** A number, a truth, a list or an object, or what a field cannot have without quotes. */
const COULD_BE_VALUE = /^(true|false|[-+.\d].*|[{[].*|.*["\r\n,\t].*)$/s;

/** What is about tables, and for times and nulls about their texts. */
function tableOptions(
  { columns, tableLayout, columnNames, time, nullText, bom = false }: FormatOptions,
  format: ExportFormat,
): Pick<OutputFormat, "layout" | "names" | "time" | "nullText" | "bom"> {
  const flags = { "--layout json": tableLayout === "json", "--names safe": columnNames === "safe" };
  for (const [flag, isGiven] of Object.entries(flags)) {
    if (!isGiven || format !== "jsonl") continue;
    throw inputError(
      `Cannot use ${flag} for JSON Lines: events pass through unchanged`,
      "it is for csv, tsv and parquet",
      "contradiction",
    );
  }
  if (tableLayout === "json" && columns !== undefined) {
    throw inputError(
      "Cannot use --columns with --layout json: its columns are given",
      "leave one out",
      "contradiction",
    );
  }
  for (const [flag, value] of [["--time-format", time], ["--null", nullText], ["--bom", bom || undefined]] as const) {
    if (value === undefined || format === "csv" || format === "tsv") continue;
    throw inputError(
      `Cannot use ${flag} for ${format}: it is about the texts of csv and tsv`,
      undefined,
      "contradiction",
    );
  }
  if (nullText !== undefined && COULD_BE_VALUE.test(nullText)) {
    throw inputError(
      `Cannot use --null ${JSON.stringify(nullText)}: it could be a value`,
      "'\\N' and NULL are usual",
      "bad_choice",
    );
  }
  return {
    ...(tableLayout === "json" && { layout: "json" }),
    ...(columnNames === "safe" && { names: "safe" }),
    ...(time && { time }),
    ...(nullText && { nullText }),
    ...(bom && { bom }),
  };
}

/** Names that cannot be columns beside each other are seen before anything is fetched. */
function checkColumns(columns: readonly string[] | undefined, layout: RecordLayout): void {
  if (columns?.length === 0) throw inputError("Cannot use --columns: it names none", "leave it out for all that occur");
  const seen = new Map<string, string>();
  for (const name of columns ?? []) {
    const { scope, key } = columnKey(layout, name);
    const place = `${scope} ${key}`;
    const before = seen.get(place);
    if (before !== undefined) {
      const fault = before === name
        ? `${JSON.stringify(name)} is there twice`
        : `${JSON.stringify(before)} and ${JSON.stringify(name)} are the same`;
      throw inputError(`Cannot use --columns: ${fault}`, "name each column once");
    }
    seen.set(place, name);
  }
}

/** Whether times are written with their milliseconds. */
export function hasMilliseconds({ format, time }: OutputFormat): boolean {
  return format === "parquet" || time === "iso" || time === "milliseconds";
}

/** With its point: `.jsonl.gz`. */
export function extensionOf({ format, compression }: OutputFormat): string {
  return `.${format}${ENDING_OF[compression]}`;
}

/** Whether a file is written at once, when all of its events are there. */
export function isWrittenAtOnce({ format, columns, layout }: OutputFormat): boolean {
  return format === "parquet" || (format !== "jsonl" && columns === undefined && layout !== "json");
}

/** What follows the last point of a name, if it has a letter: `week.2026` has no ending. */
const ENDING = /[^/\\]\.([a-z0-9_-]*[a-z][a-z0-9_-]*)$/;

/** A name that says something else than what is written. */
function checkEnding(name: string, typed: string | undefined): void {
  const ending = ENDING.exec(name.toLowerCase())?.[1];
  if (ending === undefined) return;
  const isUnknown = typed === undefined && !(ending in FORMAT_ENDINGS) && ending !== "json";
  if (!isUnknown && !OTHER_COMPRESSION.test(ending)) return;
  throw inputError(
    `Cannot write ${JSON.stringify(name)}: nothing is known of the ending .${ending}`,
    OTHER_COMPRESSION.test(ending)
      ? "exports are compressed as .gz or .zst"
      : "use .jsonl, .csv, .tsv or .parquet, or choose with -f",
    "bad_choice",
  );
}

function formatOf(typed: string | undefined): ExportFormat | undefined {
  if (typed === undefined) return undefined;
  const known = EXPORT_FORMATS.find((one) => one === typed);
  if (known !== undefined) return known;
  throw inputError(
    `Cannot export events as ${typed}: they come as jsonl, csv, tsv or parquet`,
    typed === "json"
      ? "-f jsonl has an event a line; 'jq -s .' makes one list of it"
      : "leave --format out for JSON Lines",
    "bad_choice",
  );
}
