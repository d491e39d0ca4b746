/** What keeps a Parquet file, or a column of it, from being read. */

/** `cut`: its end is missing. `damaged`: its parts contradict each other. `unsupported`: it is whole, and not read here. */
export type ParquetFault = "cut" | "damaged" | "unsupported";

export class ParquetError extends Error {
  constructor(readonly fault: ParquetFault, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "ParquetError";
  }

  /** The same with a column's name. */
  inColumn(name: string): ParquetError {
    return new ParquetError(this.fault, `the column "${name}": ${this.message}`, { cause: this });
  }
}
