/**
 * The least work of storing an export as it comes, with its integrity checked: `bun stored_gzip.ts URL FILE` writes the
 * compressed bytes, and inflates them into memory that nobody reads for their check sum.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import process from "node:process";
import { constants, createGunzip } from "node:zlib";

/** What is inside of zlib's streams; driven directly it costs nothing but the inflating. */
interface Inflater {
  _handle: {
    writeSync(
      flush: number,
      input: Uint8Array,
      offset: number,
      size: number,
      out: Buffer,
      at: number,
      most: number,
    ): void;
  };
  /** Bytes left in the output and in the input. */
  _writeState: Uint32Array;
}

const [url = "", path = ""] = process.argv.slice(2);
const inflater = createGunzip() as unknown as Inflater;
const nowhere = Buffer.alloc(1 << 18);
const file = openSync(path, "w");
// Bun's own option: the body as it came.
const { body } = await fetch(url, { decompress: false } as RequestInit);
for await (const chunk of body!) {
  writeSync(file, chunk);
  let left = chunk.length;
  do {
    const at = chunk.length - left;
    inflater._handle.writeSync(constants.Z_NO_FLUSH, chunk, at, left, nowhere, 0, nowhere.length);
    left = inflater._writeState[1]!;
  } while (left > 0 || inflater._writeState[0] === 0);
}
closeSync(file);
