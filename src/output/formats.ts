/** The formats of results: all that is known about them but how they are printed, which is in `print.ts`. */

/** What a result can be printed in. */
export const FORMATS = ["table", "chart", "json", "jsonl", "csv", "tsv", "md", "html", "svg", "png", "xlsx"] as const;
export type Format = (typeof FORMATS)[number];

/** Those that are read elsewhere: they say what was asked and when, and are made of a table or a chart. */
export const REPORT_FORMATS: ReadonlySet<string> = new Set<Format>(["md", "html", "svg", "png", "xlsx"]);

/** Those that only a chart can be written in. */
export const CHART_FORMATS: ReadonlySet<string> = new Set<Format>(["chart", "svg", "png"]);

/** Those that are no text, which a terminal never gets. */
export const BINARY_FORMATS: ReadonlySet<string> = new Set<Format>(["png", "xlsx"]);

/** The names that `--format` takes. Parquet is for the exports, which have formats of their own. */
export const FORMAT_NAMES = [...FORMATS, "parquet"] as const;

/** The endings of files that mean a format. */
export const FORMAT_OF_ENDING: ReadonlyMap<string, Format> = new Map([
  ["csv", "csv"],
  ["tsv", "tsv"],
  ["jsonl", "jsonl"],
  ["ndjson", "jsonl"],
  ["json", "json"],
  ["md", "md"],
  ["html", "html"],
  ["svg", "svg"],
  ["png", "png"],
  ["xlsx", "xlsx"],
]);

/** What the help says about each format, in its order. */
export const FORMAT_SUMMARIES: Readonly<Record<Format, string>> = {
  json: "the server's body, unchanged; integers of any size keep their digits",
  jsonl: "one JSON object a line",
  csv: "one line a row, quoted by RFC 4180, with a header",
  tsv: "one line a row, quoted by RFC 4180, with a header",
  table: "aligned columns, cut to the terminal's width",
  chart: "lines, bars, a heat map or a matrix, where the result has values to compare",
  html: "a page with the chart and the table in one file: light and dark, printable, without scripts or network",
  svg: "the chart as a picture, light and dark",
  png: "the chart as a picture for slides and chats, 1600 pixels wide or more",
  md: "the table in Markdown, as GitHub renders it",
  xlsx: "the table for Excel and other spreadsheets: numbers, dates and percentages as such",
};
