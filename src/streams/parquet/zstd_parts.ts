/** Decompresses the Zstandard data of a page of any size in parts. */
import { Decompress } from "fzstd";
import { ParquetError } from "./parquet_error.ts";

/** The decompressed bytes in parts that have memory of their own. */
export async function* zstdParts(input: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const ready: Uint8Array[] = [];
  const decompressor = new Decompress((part) => void ready.push(part.slice()));
  for (;;) {
    const { done, value } = await input.next();
    try {
      decompressor.push(done ? new Uint8Array(0) : value, done);
    } catch (cause) {
      throw new ParquetError("damaged", "its ZSTD data is damaged", { cause });
    }
    yield* ready;
    ready.length = 0;
    if (done) return;
  }
}
