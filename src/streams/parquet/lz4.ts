/** Decompresses LZ4 blocks, plain or in the frames of Hadoop, and sees when they do not give what they should. */
import { ParquetError } from "./parquet_error.ts";

const MIN_MATCH = 4;
/** Of a frame: the sizes of its output and of its input, with the first byte foremost. */
const HADOOP_HEADER_BYTES = 8;

/** One block that gives `length` bytes. */
export function decompressLz4Block(input: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  decompressInto(input, output);
  return output;
}

/** What Parquet calls LZ4 without more: by its writer, Hadoop's frames or one block. */
export function decompressLz4(input: Uint8Array, length: number): Uint8Array {
  const frames = hadoopFrames(input, length);
  if (frames === undefined) return decompressLz4Block(input, length);
  const output = new Uint8Array(length);
  let at = 0;
  for (const { block, bytes } of frames) {
    decompressInto(block, output.subarray(at, at + bytes));
    at += bytes;
  }
  return output;
}

/** Undefined when the sizes do not add up, so that these are no frames. */
function hadoopFrames(input: Uint8Array, length: number): { block: Uint8Array; bytes: number }[] | undefined {
  const view = new DataView(input.buffer, input.byteOffset, input.length);
  const frames: { block: Uint8Array; bytes: number }[] = [];
  let at = 0;
  let left = length;
  while (at < input.length) {
    if (input.length - at < HADOOP_HEADER_BYTES) return undefined;
    const bytes = view.getUint32(at), end = at + HADOOP_HEADER_BYTES + view.getUint32(at + 4);
    if (end > input.length || bytes > left) return undefined;
    frames.push({ block: input.subarray(at + HADOOP_HEADER_BYTES, end), bytes });
    left -= bytes;
    at = end;
  }
  return left === 0 && frames.length > 0 ? frames : undefined;
}

function decompressInto(input: Uint8Array, output: Uint8Array): void {
  let at = 0;
  let to = 0;
  /** A length of four bits, that goes on in bytes when it is full. */
  const longer = (length: number) => {
    if (length < 15) return length;
    for (let byte = 255; byte === 255; length += byte) {
      if (at >= input.length) throw damaged();
      byte = input[at++] as number;
    }
    return length;
  };
  while (at < input.length) {
    const token = input[at++] as number;
    const literals = longer(token >> 4);
    if (at + literals > input.length || to + literals > output.length) throw damaged();
    output.set(input.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    // The last sequence has no match.
    if (at === input.length) break;
    if (at + 2 > input.length) throw damaged();
    const offset = (input[at] as number) | (input[at + 1] as number) << 8;
    at += 2;
    const match = longer(token & 15) + MIN_MATCH;
    if (offset === 0 || offset > to || to + match > output.length) throw damaged();
    copyMatch(output, to, offset, match);
    to += match;
  }
  if (to !== output.length) throw damaged();
}

/** Repeats what is `offset` bytes before; the two may overlap. */
export function copyMatch(output: Uint8Array, to: number, offset: number, length: number): void {
  if (offset >= length) output.copyWithin(to, to - offset, to - offset + length);
  else for (let index = to; index < to + length; index++) output[index] = output[index - offset] as number;
}

const damaged = () => new ParquetError("damaged", "its LZ4 data is damaged");
