/**
 * A slice that is printed while it comes, because everything before it has been printed.
 *
 * When it breaks in the middle, it is fetched again. What was printed cannot be taken back, so the new answer has to
 * begin with the same bytes; they are compared by length and checksum, and only what follows is printed.
 */
import { MpError } from "../../errors.ts";
import { type Checksum, checksum } from "../../runtime/checksum.ts";
import { writeBehind } from "../../streams/write_behind.ts";

export class LiveSlice {
  #printedBytes = 0;
  #printed: Checksum = checksum();

  constructor(readonly print: (bytes: Uint8Array) => Promise<void>) {}

  /** Whether the slice can no longer be asked for in other portions. */
  get hasPrinted(): boolean {
    return this.#printedBytes > 0;
  }

  /**
   * Prints what has not been printed yet.
   *
   * @throws MpError (server, `export_differs`) when the bytes are not those that were printed; what `print` throws.
   */
  async take(lines: AsyncIterable<Uint8Array>): Promise<void> {
    let toSkip = this.#printedBytes;
    const repeated = checksum();
    const expected = this.#printed.hex();
    await writeBehind(
      (async function* () {
        for await (const chunk of lines) {
          if (toSkip === 0) {
            yield chunk;
            continue;
          }
          const again = chunk.subarray(0, toSkip);
          repeated.update(again);
          toSkip -= again.length;
          if (toSkip > 0) continue;
          if (repeated.hex() !== expected) throw differs();
          if (again.length < chunk.length) yield chunk.subarray(again.length);
        }
        if (toSkip > 0) throw differs();
      })(),
      async (bytes) => {
        await this.print(bytes);
        this.#printed.update(bytes);
        this.#printedBytes += bytes.length;
      },
    );
  }
}

/** Its category stops the export: another try cannot fix what has been printed. */
function differs(): MpError {
  return new MpError(
    "Cannot go on with the export: the connection broke, and the answer to the second request begins otherwise",
    {
      category: "failure",
      code: "export_differs",
      hint:
        "the events that were printed are not all; with -o FILE a broken answer is fetched again from its beginning",
    },
  );
}
