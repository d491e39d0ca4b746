/** The two kinds of answer: one whose body has been read, and one whose body is a stream. */
import type { MpError } from "../errors.ts";
import { type AnswerBody, inflatedBody, readBytes } from "../runtime/network/transport_body.ts";
import { CheckedStart } from "./checked_start.ts";
import { LARGEST_ANSWER_BYTES } from "./errors.ts";
import type { Answer } from "./types.ts";

export interface AnswerHead {
  status: number;
  headers: Headers;
  /** Address without secrets. */
  url: string;
}

/**
 * The error inside a body whose status says success; see `errorInBody`.
 *
 * @param isWhole false where bytes are no UTF-8, for which U+FFFD stands in the text
 */
export type InspectBody = (text: string, isWhole: boolean) => MpError | undefined;

/** An answer whose body is in memory. */
export function wholeAnswer(head: AnswerHead, bytes: Uint8Array, inspect: InspectBody): Answer {
  const stream = async function* () {
    await Promise.resolve();
    if (bytes.length > 0) yield bytes;
  };
  return {
    ...head,
    text: () => Promise.resolve().then(() => inspected(bytes, inspect)),
    stream,
    views: stream,
    encoded: () => ({ isGzip: false, body: stream(), inflate: (encoded) => inflatedBody(encoded) }),
  };
}

export interface StreamHooks {
  inspect: InspectBody;
  /** Looks at the decoded beginning before anybody else does; throws what the stream fails with. */
  check(start: Uint8Array): void;
  /** The error for a body that is to be held in memory, and is too large for that. */
  tooLarge(): MpError;
  /** Puts what broke the stream into words. */
  explain(error: unknown): unknown;
  /** Called once, when the body has ended, failed or been left. */
  onEnd(receivedBytes: number): void;
}

/** An answer whose body passes through. It can be read once. */
export function streamingAnswer(head: AnswerHead, body: AnswerBody, hooks: StreamHooks): Answer {
  const explained = (chunks: AsyncIterable<Uint8Array>) =>
    new ExplainedBody(body, chunks[Symbol.asyncIterator](), hooks);
  const checked = (decoded: AsyncIterable<Uint8Array>) => new CheckedStart(decoded, hooks.check);
  const stream = () => explained(checked(body));
  return {
    ...head,
    stream,
    views: () => explained(checked(body.views())),
    encoded: () => ({
      isGzip: body.isGzip,
      body: explained(body.isGzip ? body.encoded() : checked(body.encoded())),
      async *inflate(encoded) {
        try {
          yield* checked(body.inflate(encoded));
        } catch (error) {
          throw hooks.explain(error);
        }
      },
    }),
    text: async () => inspected(await readBytes(stream(), LARGEST_ANSWER_BYTES, hooks.tooLarge), hooks.inspect),
  };
}

/** Passes chunks on, and tells the client how it ended, also when nothing was read. */
class ExplainedBody implements AsyncIterableIterator<Uint8Array> {
  readonly #body: AnswerBody;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #hooks: StreamHooks;
  #receivedBytes = 0;
  #isOver = false;

  constructor(body: AnswerBody, chunks: AsyncIterator<Uint8Array>, hooks: StreamHooks) {
    this.#body = body;
    this.#chunks = chunks;
    this.#hooks = hooks;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    try {
      const { done, value } = await this.#chunks.next();
      if (!done) {
        this.#receivedBytes += value.length;
        return { done: false, value };
      }
    } catch (error) {
      this.#end();
      throw this.#hooks.explain(error);
    }
    this.#end();
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#end();
    await this.#body.cancel();
    await this.#chunks.return?.();
    return { done: true, value: undefined };
  }

  #end(): void {
    if (!this.#isOver) this.#hooks.onEnd(this.#receivedBytes);
    this.#isOver = true;
  }
}

function inspected(bytes: Uint8Array, inspect: InspectBody): string {
  const text = new TextDecoder().decode(bytes);
  const error = inspect(text, !text.includes("\ufffd") || isUtf8(bytes));
  if (error !== undefined) throw error;
  return text;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch (error) {
    // expected: TypeError, for other bytes
    if (!(error instanceof TypeError)) throw error;
    return false;
  }
}
