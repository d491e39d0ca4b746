import { ClosedPipeError } from "../../src/errors.ts";
import type { Output } from "../../src/runtime/standard_streams.ts";

/** An output that remembers what was written to it. */
export interface RecordingOutput extends Output {
  readonly writes: string[];
  text(): string;
}

export function recordingOutput(
  facts: { isTerminal?: boolean; columns?: number; closedAfter?: number } = {},
): RecordingOutput {
  const writes: string[] = [];
  return {
    isTerminal: facts.isTerminal ?? false,
    columns: () => facts.columns ?? 80,
    write(content) {
      if (writes.length >= (facts.closedAfter ?? Infinity)) return Promise.reject(new ClosedPipeError());
      writes.push(typeof content === "string" ? content : new TextDecoder().decode(content));
      return Promise.resolve();
    },
    writes,
    text: () => writes.join(""),
  };
}
