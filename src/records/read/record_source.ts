/** A place that records are read from: a file, a pipe, an object in a bucket. */

/** What standard input is called in messages. */
export const STANDARD_INPUT = "standard input";

/** Where records come from. */
export interface RecordSource {
  /** As it is named in messages: a path, an address, or `standard input`. */
  name: string;
  /** Whether a folder or a pattern has it, and nobody named it: then it may be missing without stopping the others. */
  isFound?: boolean;
  /** Columns that its path has, for records that lack them. */
  columns?: readonly PathColumn[];
  /** What is read, compressed or not, when it is known. */
  sizeBytes?: number;
  /** What it is, and when it is another one under the same name. Unset for what can be read only once. */
  identity?: SourceIdentity;
  /** Values of columns that the log of its table has, for all records. */
  tableColumns?: Readonly<Record<string, unknown>>;
  /** The bytes. A chunk is good until the next is asked for. */
  open(): AsyncIterable<Uint8Array>;
  /** The bytes from `start` up to, not including, `end`. Unset for what can be read only once. */
  slice?(start: number, end: number): Promise<Uint8Array>;
}

/** Tells whether a source is the one that an earlier run has read. */
export interface SourceIdentity {
  /** The whole path, links resolved, or the address of an object. */
  address: string;
  sizeBytes: number;
  /** Changes when the content does: size and time of a file, the entity tag of an object. */
  version: string;
}

/** A column that the path of a file has, and its value for all records of the file. */
export interface PathColumn {
  name: string;
  value: string;
}
