/** The names of formats. */

/** What a result can be printed in. */
export const FORMATS = ["table", "chart", "json", "jsonl", "csv", "tsv"] as const;
export type Format = (typeof FORMATS)[number];

/** The names that `--format` takes. Parquet is for the exports, which have formats of their own. */
export const FORMAT_NAMES = [...FORMATS, "parquet"] as const;
