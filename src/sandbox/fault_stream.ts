/** What faults do to the body of an answer. */
import type { Fault } from "./faults.ts";

type Bytes = AsyncIterable<Uint8Array>;

const LINE_FEED = 10;
const encoder = new TextEncoder();

/** Ends a body by breaking its connection. */
export class BrokenConnection extends Error {
  constructor() {
    super("The sandbox breaks the connection, as it was asked to");
    this.name = "BrokenConnection";
  }
}

/** Spoils the text of an answer, before it is compressed. */
export function spoilText(body: Bytes, fault: Fault | undefined): Bytes {
  if (fault?.kind === "last_words") return lastWords(body, fault.afterLines ?? 0, fault.text ?? "terminated early");
  if (fault?.kind === "half_line") return halfLine(body, fault.afterLines ?? 0);
  return body;
}

/** Spoils the bytes on the wire. */
export function spoilBytes(body: Bytes, fault: Fault | undefined): Bytes {
  if (fault?.kind === "cut") return firstBytes(body, fault.afterBytes);
  if (fault?.kind === "reset") return thenReset(body, fault.afterBytes ?? 0);
  if (fault?.kind === "slow") return slowly(body, fault.delayMs);
  return body;
}

/** Waits for real: a client's time-outs run on its own clock. */
export function wait(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

async function* lastWords(body: Bytes, afterLines: number, text: string): Bytes {
  yield* firstLines(body, afterLines, 0);
  yield encoder.encode(`${text}\n`);
}

async function* halfLine(body: Bytes, afterLines: number): Bytes {
  yield* firstLines(body, afterLines, 0.5);
}

/** So many lines, and a part of the next. */
async function* firstLines(body: Bytes, count: number, part: number): AsyncGenerator<Uint8Array, void> {
  let left = count;
  for await (const chunk of body) {
    let start = 0;
    while (left > 0) {
      const end = chunk.indexOf(LINE_FEED, start);
      if (end < 0) break;
      start = end + 1;
      left--;
    }
    const isNextLineElsewhere = part > 0 && start === chunk.length;
    if (left > 0 || isNextLineElsewhere) {
      yield chunk;
      continue;
    }
    const next = chunk.indexOf(LINE_FEED, start);
    const rest = Math.floor(((next < 0 ? chunk.length : next) - start) * part);
    yield chunk.subarray(0, start + rest);
    return;
  }
}

async function* firstBytes(body: Bytes, count: number): AsyncGenerator<Uint8Array, void> {
  let left = count;
  for await (const chunk of body) {
    if (left > 0) yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}

async function* thenReset(body: Bytes, afterBytes: number): Bytes {
  yield* firstBytes(body, afterBytes);
  // What was given to the socket goes out first; a connection that breaks at once takes it along.
  await wait(20);
  throw new BrokenConnection();
}

async function* slowly(body: Bytes, delayMs: number): Bytes {
  for await (const chunk of body) {
    yield chunk;
    await wait(delayMs);
  }
}
