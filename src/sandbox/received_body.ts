/** The body of a request, decompressed. */
import { BrokenGzipError } from "../runtime/compression/broken_gzip.ts";
import { inflated } from "../runtime/compression/inflate.ts";
import { inflatedWhole } from "../runtime/compression/inflate_whole.ts";
import { concatenate } from "../streams/chunks.ts";
import { Refusal } from "./refusal.ts";

interface ReceivedBody {
  bytes: Uint8Array;
  /** What was sent, when `bytes` were decompressed in one step: their memory may go to `giveSpare`. */
  packed?: Uint8Array;
}

/**
 * Reads a body to its end.
 *
 * @throws Refusal 413 when it is larger, decompressed, than `mostBytes`; 400 when it is not the gzip that it says it is.
 */
export async function receiveBody(request: Request, mostBytes: number): Promise<ReceivedBody> {
  const { body, headers } = request;
  if (body === null) return { bytes: new Uint8Array(0) };
  const isGzip = headers.get("content-encoding")?.toLowerCase() === "gzip";
  try {
    const sentBytes = Number(headers.get("content-length") ?? NaN);
    if (isGzip && sentBytes <= mostBytes) {
      const packed = await request.bytes();
      const bytes = await inflatedWhole(packed, mostBytes);
      if (bytes !== undefined) return { bytes, packed };
    } else {
      const received = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
      const source = { [Symbol.asyncIterator]: () => ({ next: () => received.next() }) };
      const bytes = await readAll(isGzip ? inflated(source) : source, mostBytes);
      if (bytes !== undefined) return { bytes };
      // A sender that is cut off in the middle never reads the answer; what follows is neither kept nor decompressed.
      while (!(await received.next()).done);
    }
  } catch (error) {
    if (error instanceof BrokenGzipError) throw new Refusal(400, "invalid gzip data");
    throw error;
  }
  throw new Refusal(413, `request exceeds max limit of ${mostBytes} bytes`);
}

/** All of a body, or undefined as soon as it is more. */
async function readAll(body: AsyncIterable<Uint8Array>, mostBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > mostBytes) return undefined;
    chunks.push(chunk.slice());
  }
  return concatenate(chunks);
}
