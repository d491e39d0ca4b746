/** Tells compressed input from plain input by its first bytes, whatever its name says. */
import { concatenate } from "./chunks.ts";

/** A step from bytes to bytes, such as a decompressor. */
export type ByteStep = (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

/** How to decompress what. */
export interface Decompressors {
  gzip: ByteStep;
  zstd: ByteStep;
}

const MAGIC: readonly (readonly [keyof Decompressors, readonly number[]])[] = [
  ["gzip", [0x1f, 0x8b]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
];
const LONGEST_MAGIC_BYTES = 4;

/** The bytes of `source`, decompressed when they begin as gzip or Zstandard does. */
export function decompressIfCompressed(
  source: AsyncIterable<Uint8Array>,
  decompressors: Decompressors,
): AsyncGenerator<Uint8Array, void> {
  return stepByHead(source, (kind) => kind && decompressors[kind]);
}

/** The bytes of `source`, compressed unless they are already. */
export function compressIfPlain(
  source: AsyncIterable<Uint8Array>,
  compress: ByteStep,
): AsyncGenerator<Uint8Array, void> {
  return stepByHead(source, (kind) => kind === undefined ? compress : undefined);
}

/** The bytes after the step that is chosen by how they begin, if any. */
async function* stepByHead(
  source: AsyncIterable<Uint8Array>,
  choose: (kind: keyof Decompressors | undefined) => ByteStep | undefined,
): AsyncGenerator<Uint8Array, void> {
  const rest = source[Symbol.asyncIterator]();
  let ended = false;
  try {
    let head: Uint8Array = new Uint8Array(0);
    while (head.length < LONGEST_MAGIC_BYTES && !ended) {
      const next = await rest.next();
      if (next.done) ended = true;
      else head = concatenate([head.slice(), next.value]);
    }
    const whole = prepend(head, { [Symbol.asyncIterator]: () => rest });
    yield* choose(kindOf(head))?.(whole) ?? whole;
  } finally {
    await rest.return?.();
  }
}

function kindOf(head: Uint8Array): keyof Decompressors | undefined {
  if (isSkippableFrame(head)) return "zstd";
  return MAGIC.find(([, magic]) => magic.every((byte, index) => head[index] === byte))?.[0];
}

/** What zstd skips, such as the sizes that pzstd writes before each frame: 0x184D2A50 to 0x184D2A5F. */
function isSkippableFrame(head: Uint8Array): boolean {
  return ((head[0] ?? 0) & 0xf0) === 0x50 && [0x2a, 0x4d, 0x18].every((byte, index) => head[index + 1] === byte);
}

async function* prepend(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  if (head.length > 0) yield head;
  yield* rest;
}
