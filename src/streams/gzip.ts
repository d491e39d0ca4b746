/** Tells compressed input from plain input by its first bytes, whatever its name says. */
import { concatenate } from "./chunks.ts";

const MAGIC = [0x1f, 0x8b] as const;

/** A step from bytes to bytes, such as a decompressor. */
export type ByteStep = (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

/** The bytes of `source`, decompressed by `gunzip` when they begin as gzip does. */
export async function* gunzipIfCompressed(
  source: AsyncIterable<Uint8Array>,
  gunzip: ByteStep,
): AsyncGenerator<Uint8Array, void> {
  const rest = source[Symbol.asyncIterator]();
  let ended = false;
  try {
    let head: Uint8Array = new Uint8Array(0);
    while (head.length < MAGIC.length && !ended) {
      const next = await rest.next();
      if (next.done) ended = true;
      else head = concatenate([head, next.value]);
    }
    const whole = prepend(head, { [Symbol.asyncIterator]: () => rest });
    const isGzip = head.length >= MAGIC.length && MAGIC.every((byte, index) => head[index] === byte);
    yield* isGzip ? gunzip(whole) : whole;
  } finally {
    await rest.return?.();
  }
}

async function* prepend(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  if (head.length > 0) yield head;
  yield* rest;
}
