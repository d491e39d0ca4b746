/** The two kinds of answer: one whose body has been read, and one whose body is a stream. */
import type { MpError } from "../errors.ts";
import type { Answer } from "./types.ts";

export interface AnswerHead {
  status: number;
  headers: Headers;
  /** Address without secrets. */
  url: string;
}

/** The error inside a body whose status says success; see `errorInBody`. */
export type InspectBody = (text: string) => MpError | undefined;

/** All bytes of a body; `limitBytes` cuts what is only wanted for a message. */
export async function readBytes(
  body: ReadableStream<Uint8Array>,
  limitBytes = Number.POSITIVE_INFINITY,
): Promise<Uint8Array> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < limitBytes) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  if (length >= limitBytes) await reader.cancel();
  if (chunks.length === 1) return chunks[0]!;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** An answer whose body is in memory. */
export function wholeAnswer(head: AnswerHead, bytes: Uint8Array, inspect: InspectBody): Answer {
  return {
    ...head,
    text: () => Promise.resolve().then(() => inspected(bytes, inspect)),
    stream: () =>
      new ReadableStream<Uint8Array>({
        start(controller) {
          if (bytes.length > 0) controller.enqueue(bytes);
          controller.close();
        },
      }),
  };
}

export interface StreamHooks {
  inspect: InspectBody;
  /** Puts what broke the stream into words. */
  explain(error: unknown): unknown;
  /** Called once, when the body has ended, failed or been cancelled. */
  onEnd(receivedBytes: number): void;
}

/** An answer whose body passes through. It can be read once. */
export function streamingAnswer(head: AnswerHead, body: ReadableStream<Uint8Array>, hooks: StreamHooks): Answer {
  const stream = () => {
    const reader = body.getReader();
    let receivedBytes = 0;
    let hasEnded = false;
    const end = () => {
      if (!hasEnded) hooks.onEnd(receivedBytes);
      hasEnded = true;
    };
    return new ReadableStream<Uint8Array>({
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) {
            receivedBytes += value.length;
            controller.enqueue(value);
            return;
          }
        } catch (error) {
          end();
          throw hooks.explain(error);
        }
        end();
        controller.close();
      },
      async cancel(reason) {
        end();
        await reader.cancel(reason);
      },
    }, { highWaterMark: 0 });
  };
  return { ...head, stream, text: async () => inspected(await readBytes(stream()), hooks.inspect) };
}

function inspected(bytes: Uint8Array, inspect: InspectBody): string {
  const text = new TextDecoder().decode(bytes);
  const error = inspect(text);
  if (error !== undefined) throw error;
  return text;
}
