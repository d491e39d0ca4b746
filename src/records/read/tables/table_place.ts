/** Where tables lie, as far as reading their logs needs it. */
import type { RecordSource } from "../record_source.ts";

/** A file system or a bucket. Paths have `/` between their parts. */
export interface TablePlace {
  /** As a user knows it. */
  addressOf(path: string): string;
  /** The path of what has this address. */
  pathOf(address: string): string;
  /** Whether there is a folder of this path. */
  hasFolder(path: string): Promise<boolean>;
  /** Names directly in a folder; empty when it is not there. */
  names(folder: string): Promise<string[]>;
  /** Undefined when nothing is there. */
  source(path: string): Promise<RecordSource | undefined>;
}

export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

export const below = (folder: string, name: string): string => folder === "" ? name : `${folder}/${name}`;

/** What makes a file that can be read of a table that cannot. */
export const duckdbCopy = (scan: string, address: string): string =>
  `duckdb -c "copy (from ${scan}('${address.replaceAll("'", "''")}')) to 'table.parquet'" && mp import table.parquet`;
