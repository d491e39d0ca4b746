/** Files that are damaged, however: they are read, or refused in words. Nothing is a fault of this program. */
import { gzipSync, zstdCompressSync } from "node:zlib";
import { MpError } from "../../../src/errors.ts";
import { readRecords } from "../../../src/records/read/read_records.ts";
import type { RecordSource } from "../../../src/records/read/record_source.ts";
import type { Random } from "../../helpers/random.ts";
import { WRITTEN } from "../../streams/parquet/written_files.ts";
import { eventsText } from "../corpus.ts";
import { describeBytes } from "../expect.ts";
import { mutated, volatileChunks } from "../mutate.ts";

export async function fuzzDamagedFiles(random: Random): Promise<void> {
  const packed = random.pick([gzipSync, zstdCompressSync])(eventsText(random));
  const whole = random.below(3) === 0 ? new Uint8Array(packed) : random.pick(Object.values(WRITTEN));
  const bytes = mutated(whole, random, 1 + random.below(3));
  const source: RecordSource = {
    name: "damaged",
    sizeBytes: bytes.length,
    open: () => volatileChunks(bytes, random),
    slice: (start, end) => Promise.resolve(bytes.slice(start, end)),
  };
  try {
    for await (const _ of readRecords([source])) { /* what is read is of no interest */ }
  } catch (error) {
    if (error instanceof MpError && error.category === "input" && !/is the file complete/.test(error.hint ?? "")) {
      return;
    }
    throw new Error(`${(error as Error).stack}: ${describeBytes(bytes)}`, { cause: error });
  }
}
