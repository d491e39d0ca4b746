/** Decompresses gzip data that is in memory as a whole, in memory that is used again. */
import { gunzipSync } from "node:zlib";
import { BrokenGzipError } from "./broken_gzip.ts";
import { inflated } from "./inflate.ts";
import { openZlib } from "./zlib.ts";
import type { ZlibHandle } from "./zlib_handle.ts";

/** Sizes are rounded up to multiples of it, so that memory suits more than one. */
const STEP_BYTES = 256 * 1024;
/** So much memory is kept for the next, in so many pieces. */
const MOST_SPARE = 4, MOST_SPARE_BYTES = 2 * 1024 * 1024;
const MOST_IDLE = 2;
/** Data whose end is cut off may claim any size; zlib needs no more than this for each byte that it is given. */
const MOST_GROWTH = 1032;

const spare: Uint8Array[] = [];
const idle: ZlibHandle[] = [];

/** Memory for so many bytes at least; `giveSpare` takes it when nobody uses it any more. */
function takeSpare(bytes: number): Uint8Array {
  const index = spare.findIndex(({ length }) => length >= bytes);
  if (index >= 0) return spare.splice(index, 1)[0] as Uint8Array;
  return new Uint8Array(Math.ceil(bytes / STEP_BYTES) * STEP_BYTES);
}

/** Takes the memory of bytes that were decompressed here: nobody may use them any more. */
export function giveSpare(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (spare.length < MOST_SPARE && buffer.byteLength <= MOST_SPARE_BYTES) spare.push(new Uint8Array(buffer));
}

/**
 * The decompressed bytes of one gzip member or of several after each other; undefined as soon as there are more than
 * `mostBytes`. Where the runtime can, the work is done on another thread.
 *
 * @throws BrokenGzipError as `inflated` does
 */
export async function inflatedWhole(packed: Uint8Array, mostBytes: number): Promise<Uint8Array | undefined> {
  const handle = idle.pop() ?? await openZlib("gunzip");
  if (handle === undefined) return await joined(packed, mostBytes);
  let isGood = false;
  // One byte more than there is: so it is known that nothing follows.
  let output = takeSpare(Math.min(expectedBytes(packed), mostBytes) + 1);
  try {
    let at = 0;
    for (let filled = 0;;) {
      const step = handle.step(packed, at, packed.length, true, output.subarray(filled));
      if (step !== undefined) await step;
      if (handle.fault !== undefined) throw new BrokenGzipError(handle.fault === "cut");
      at = packed.length - handle.inputLeft;
      filled = output.length - handle.outputLeft;
      if (filled > mostBytes) return undefined;
      if (handle.outputLeft > 0) {
        // After the last member there may be zeros.
        if (packed.length === 0) throw new BrokenGzipError(true);
        if (packed.subarray(at).some((byte) => byte !== 0)) throw new BrokenGzipError(false);
        isGood = true;
        return output.subarray(0, filled);
      }
      const larger = takeSpare(2 * output.length);
      larger.set(output);
      giveSpare(output);
      output = larger;
    }
  } finally {
    if (!isGood) giveSpare(output);
    if (isGood && idle.length < MOST_IDLE) {
      handle.reset();
      idle.push(handle);
    } else {
      handle.close();
    }
  }
}

/** What the end of the data says; more when it has several members. */
function expectedBytes(packed: Uint8Array): number {
  if (packed.length < 4) return 0;
  const said = new DataView(packed.buffer, packed.byteOffset).getUint32(packed.length - 4, true);
  return Math.min(said, MOST_GROWTH * packed.length);
}

async function* asStream(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

async function joined(packed: Uint8Array, mostBytes: number): Promise<Uint8Array | undefined> {
  const whole = new Uint8Array(mostBytes);
  let size = 0;
  for await (const chunk of inflated(asStream(packed))) {
    if (size + chunk.length > mostBytes) return undefined;
    whole.set(chunk, size);
    size += chunk.length;
  }
  return whole.slice(0, size);
}

/** The same of data that `inflatedWhole` has decompressed before, to so many bytes, on this thread. */
export function inflatedAgain(packed: Uint8Array, bytes: number): Uint8Array {
  const handle = idle.pop();
  // Where the runtime has handles, one is idle mostly.
  if (handle === undefined) return gunzipSync(packed, { chunkSize: Math.max(64, bytes + 1) });
  const output = takeSpare(bytes + 1);
  handle.stepAtOnce(packed, 0, packed.length, true, output);
  handle.reset();
  idle.push(handle);
  return output.subarray(0, bytes);
}
