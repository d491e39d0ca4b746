/** The events of a slice without those that are there twice. */
import { openSink, readFileStream, removeFile } from "../../runtime/files/files.ts";
import { DuplicateFinder, withoutDuplicates } from "../../streams/events/dedupe.ts";
import type { Spill } from "../../streams/events/spilled_hashes.ts";
import { writingFile } from "../../runtime/files/write_fault.ts";
import { wholeLines } from "./whole_lines.ts";

/**
 * Reads the lines twice: to find the copies, and to leave them out. Copies have the same time, so that they are in one
 * slice.
 *
 * @param scratchPath how files begin that hold what has no room in memory
 */
export async function* uniqueLines(
  read: () => AsyncIterable<Uint8Array>,
  scratchPath: string,
  onDropped: (events: number, bytes: number) => void,
): AsyncGenerator<Uint8Array, void> {
  const finder = new DuplicateFinder({ spill: fileSpill(scratchPath) });
  for await (const block of wholeLines(read())) await finder.observe(block);
  yield* withoutDuplicates(wholeLines(read()), await finder.finish(), onDropped);
}

/** Its files are named so that a spool removes them when they are left over. */
function fileSpill(scratchPath: string): Spill {
  const pathOf = (name: string) => `${scratchPath}.${name}.part`;
  const written = new Set<string>();
  return {
    async append(name, bytes) {
      const path = pathOf(name);
      written.add(name);
      const sink = await writingFile(path, openSink(path, { flag: "a" }));
      try {
        await writingFile(path, sink.write(bytes));
      } finally {
        await sink.close();
      }
    },
    async *read(name) {
      if (written.has(name)) yield* readFileStream(pathOf(name));
    },
    async remove(name) {
      if (written.delete(name)) await removeFile(pathOf(name));
    },
  };
}
