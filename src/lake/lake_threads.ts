/** Threads that read files of a lake beside the one that asks, from the last file on. */
import { factsOfFile, type FileFacts } from "../records/read/open_sources.ts";
import type { RecordSource } from "../records/read/record_source.ts";
import { startThread, type Thread, threadsAtOnce } from "../runtime/worker.ts";
import type { ColumnFile } from "../streams/parquet/parquet_columns.ts";
import type { LakeEvents } from "./lake_events.ts";
import { type LakePart, PartCodes, type PartFile, type PartWanted } from "./lake_part.ts";
import { fileColumns } from "./read_columns.ts";
import { GroupIds, KnownIds } from "./row_ids.ts";

const MAIN_MODULE = "src/lake/lake_thread.ts";

/** What takes less to read is read before a thread has warmed up. */
const LEAST_BYTES = 16 * 1024 * 1024;
/** Of the bytes of a table few are read, and fast. */
const PARQUET_SHARE = 1 / 64;
/** How many cores reading keeps busy: lines are decompressed beside it. */
const PARQUET_CORES = 1, LINES_CORES = 1.5;
const MOST_THREADS = 8;

/** Files, of which each is read by whoever claims it first. */
export class LakeThreads {
  readonly #claims: Int32Array;
  readonly #threads: Thread[];
  readonly #parts: Promise<LakePart | undefined>[];

  private constructor(
    private readonly sources: readonly RecordSource[],
    wanted: Omit<PartWanted, "claims">,
    count: number,
  ) {
    this.#claims = new Int32Array(new SharedArrayBuffer(4 * sources.length));
    this.#threads = Array.from({ length: count }, () => startThread(MAIN_MODULE));
    this.#parts = this.#threads.map(async (thread) => {
      try {
        return await thread.ask({ ...wanted, claims: this.#claims }) as LakePart;
      } catch {
        // expected: whatever a damaged file or little memory leads to, which whoever reads the files again says in words
        return undefined;
      }
    });
  }

  /** Threads for these files; none where they would not help, unless somebody says how many. */
  static start(
    sources: readonly RecordSource[],
    question: Pick<PartWanted, "asked" | "timeZone" | "nowMs">,
    mostThreads?: number,
  ): LakeThreads {
    const files = sources.map(factsOfFile);
    const isParquet = sources.every(({ name }) => name.endsWith(".parquet"));
    const bytes = sources.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0) * (isParquet ? PARQUET_SHARE : 1);
    const isWorthIt = (bytes >= LEAST_BYTES || mostThreads !== undefined) && files.every((file) => file !== undefined);
    const cores = Math.floor(threadsAtOnce() / (isParquet ? PARQUET_CORES : LINES_CORES));
    const count = isWorthIt ? Math.min(mostThreads ?? Math.min(cores, MOST_THREADS), sources.length) - 1 : 0;
    return new LakeThreads(sources, { ...question, files: files as FileFacts[] }, Math.max(0, count));
  }

  /** Whether the file is for who asks. */
  claim(index: number): boolean {
    return Atomics.compareExchange(this.#claims, index, 0, 1) === 0;
  }

  /**
   * Takes what the threads have read, in the order of the files.
   *
   * @param others the files that were claimed by threads
   * @param read reads a file that no thread could
   * @param takeLeft takes the lines of a file that were left
   */
  async join(
    events: LakeEvents,
    others: readonly number[],
    read: (source: RecordSource) => Promise<void>,
    takeLeft: (source: RecordSource, left: PartFile["left"]) => void,
  ): Promise<void> {
    const found = new Map<number, { file: PartFile; codes: PartCodes }>();
    for (const part of await Promise.all(this.#parts)) {
      if (part === undefined) continue;
      const codes = new PartCodes(part, events);
      for (const property of part.properties) events.wants(property);
      for (const file of part.files) found.set(file.index, { file, codes });
    }
    for (const index of others) {
      const source = this.sources[index]!;
      const other = found.get(index);
      if (other === undefined) {
        await read(source);
        continue;
      }
      const { file, codes } = other;
      let columns: Promise<ColumnFile> | undefined;
      const open = () => columns ??= fileColumns(source) as Promise<ColumnFile>;
      for (const chunk of file.chunks) {
        const { ids } = chunk;
        codes.add(
          chunk,
          (firstRow) =>
            ids.kind === "known"
              ? new KnownIds(firstRow, ids)
              : new GroupIds(firstRow, ids, async () => (await open()).groups[ids.group]!),
        );
      }
      events.addCount(file);
      takeLeft(source, file.left);
    }
  }

  stop(): void {
    for (const thread of this.#threads) thread.stop();
  }
}
