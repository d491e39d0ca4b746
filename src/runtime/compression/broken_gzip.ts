/** Data that is not gzip, or that ends before gzip's own end mark. */
export class BrokenGzipError extends Error {
  constructor(readonly isCut: boolean, options?: { cause?: unknown }) {
    super(isCut ? "Compressed data ends early" : "Compressed data is damaged", options);
    this.name = "BrokenGzipError";
  }
}
