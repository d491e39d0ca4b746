/** The formats of results: all that is known about them but how they are printed, which is in `print.ts`. */

/** What a result can be printed in. */
export const FORMATS = ["table", "chart", "json", "jsonl", "csv", "tsv"] as const;
export type Format = (typeof FORMATS)[number];

/** The names that `--format` takes. Parquet is for the exports, which have formats of their own. */
export const FORMAT_NAMES = [...FORMATS, "parquet"] as const;

/** The endings of files that mean a format. */
export const FORMAT_OF_ENDING: ReadonlyMap<string, Format> = new Map([
  ["csv", "csv"],
  ["tsv", "tsv"],
  ["jsonl", "jsonl"],
  ["ndjson", "jsonl"],
  ["json", "json"],
]);

/** What the help says about each format, in its order. */
export const FORMAT_SUMMARIES: Readonly<Record<Format, string>> = {
  json: "the server's body, unchanged; integers of any size keep their digits",
  jsonl: "one JSON object a line",
  csv: "one line a row, quoted by RFC 4180, with a header",
  tsv: "one line a row, quoted by RFC 4180, with a header",
  table: "aligned columns, cut to the terminal's width",
  chart: "lines or bars, where the result is a series",
};
