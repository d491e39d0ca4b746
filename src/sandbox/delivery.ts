/** The last steps of an answer: spoiled where a fault says so, compressed, and counted as done when its end is out. */
import { gzipped } from "../runtime/compression/gzip_writer.ts";
import { concatenate } from "../streams/chunks.ts";
import { BrokenConnection, spoilBytes, spoilText } from "./fault_stream.ts";
import type { Fault } from "./faults.ts";

type Bytes = AsyncIterable<Uint8Array>;

/** Mixpanel sends smaller bodies as they are. */
const LEAST_COMPRESSED_BYTES = 1400;

interface Delivery {
  /** Whether the body is made while it is sent. */
  isStream: boolean;
  /** Compress such a body if it is large enough. */
  compress: boolean;
  fault?: Fault;
  /** Called once, when the body has been sent, or when nobody wants the rest. */
  onDone(): void;
}

export async function deliverAnswer(
  answer: Response,
  { isStream, compress, fault, onDone }: Delivery,
): Promise<Response> {
  if (answer.body === null || (!isStream && fault === undefined)) {
    onDone();
    return answer;
  }
  const headers = new Headers(answer.headers);
  let body = spoilText(answer.body as Bytes, fault);
  if (isStream) {
    // What fails at the very beginning can still be told by a status.
    const { head, whole } = await peek(body, LEAST_COMPRESSED_BYTES + 1);
    const isLarge = head.length > LEAST_COMPRESSED_BYTES;
    body = compress && isLarge ? gzipped(whole) : whole;
    if (compress && isLarge) headers.set("content-encoding", "gzip");
    headers.set("vary", "Accept-Encoding");
  }
  return new Response(streamOf(spoilBytes(body, fault), onDone), { status: answer.status, headers });
}

/** At least `leastBytes` of a body, unless it is shorter, and the body from its beginning. */
async function peek(body: Bytes, leastBytes: number): Promise<{ head: Uint8Array; whole: Bytes }> {
  const rest = body[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (size < leastBytes) {
    const { done, value } = await rest.next();
    if (done) break;
    chunks.push(value);
    size += value.length;
  }
  const head = concatenate(chunks);
  return { head, whole: prepended(head, rest) };
}

async function* prepended(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  try {
    if (head.length > 0) yield head;
    yield* { [Symbol.asyncIterator]: () => rest };
  } finally {
    await rest.return?.();
  }
}

/** A web stream over an iterable, which is asked for the next chunk when the last one has been sent. */
export function streamOf(source: Bytes, onDone: () => void = () => {}): ReadableStream<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        for (;;) {
          const { done, value } = await chunks.next();
          if (done) break;
          // An empty chunk would end a chunked body.
          if (value.length === 0) continue;
          controller.enqueue(value);
          return;
        }
        onDone();
        controller.close();
      } catch (error) {
        onDone();
        // A runtime may print what a stream fails with; a fault that was asked for is no news.
        controller.error(error instanceof BrokenConnection ? undefined : error);
      }
    },
    async cancel() {
      onDone();
      await chunks.return?.();
    },
  }, { highWaterMark: 0 });
}
