/** Leads bytes through one of Node's transforms, such as those of `node:zlib`. */
import type { Transform } from "node:stream";

/**
 * What comes out of `step` when `source` goes in; the chunks have memory of their own, those of the source need not.
 *
 * What the source throws passes unchanged; a failure of the step is given to `explain`, and what that returns is thrown.
 */
export async function* throughNode(
  source: AsyncIterable<Uint8Array>,
  step: Transform,
  explain: (error: unknown) => unknown = (error) => error,
): AsyncGenerator<Uint8Array, void> {
  const { pipeline, Readable } = await import("node:stream");
  let failure: { error: unknown } | undefined;
  const copies = async function* () {
    try {
      // The step may keep a chunk for longer than until it asks for the next.
      for await (const chunk of source) yield chunk.slice();
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  const input = Readable.from(copies(), { objectMode: false });
  // expected: any failure of the source or the step, since the loop below throws it
  pipeline(input, step, () => {});
  try {
    for await (const chunk of step) yield chunk as Uint8Array;
  } catch (error) {
    throw failure === undefined ? explain(error) : failure.error;
  } finally {
    input.destroy();
    step.destroy();
  }
}
