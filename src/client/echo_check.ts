/** Streams whose server repeats what it was asked with. They pass through as they are, so such a one is refused. */
import { redactAnswer } from "./redact.ts";

/** A gateway that repeats a request does so at the beginning of its answer. */
const HEAD_BYTES = 64 * 1024;
/** Longer than any form of a secret: so much is looked at again with the next chunk. */
const OVERLAP_BYTES = 4096;

/** Looks at the chunks of a stream in their order; throws what `refusal` makes when the beginning holds a secret. */
export function echoCheck(refusal: () => Error): (chunk: Uint8Array) => void {
  let tail = new Uint8Array(0);
  let seenBytes = 0;
  return (chunk) => {
    if (seenBytes >= HEAD_BYTES) return;
    const added = chunk.subarray(0, HEAD_BYTES - seenBytes);
    const bytes = new Uint8Array(tail.length + added.length);
    bytes.set(tail);
    bytes.set(added, tail.length);
    if (redactAnswer(bytes) !== bytes) throw refusal();
    seenBytes += added.length;
    tail = bytes.slice(-OVERLAP_BYTES);
  };
}
