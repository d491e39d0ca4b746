/** The tables of a folder that are made while its slices are fetched, and what is known of them. */
import { MpError } from "../../errors.ts";
import type { Clock } from "../../runtime/clock.ts";
import { join, makeFolder, removeFile } from "../../runtime/files/files.ts";
import { threadsAtOnce } from "../../runtime/worker.ts";
import type { FoundKey } from "../../streams/table/columns.ts";
import type { TableSchema } from "../../streams/table/table_schema.ts";
import { type DayRange, isOpenDay } from "./days.ts";
import type { FolderExport } from "./folder_export.ts";
import { ThreadFault } from "./lines_beside.ts";
import type { LookAtUnits } from "./slice_look.ts";
import type { SpooledSlice } from "./spool.ts";
import { ForeignDayError } from "./unit_router.ts";
import { type MadeUnit, type SliceTables, type UnitTableMaker, UnitTables, type UnitTablesJob } from "./unit_tables.ts";
import { UnitsBeside } from "./units_beside.ts";
import { WholeLines } from "./whole_lines.ts";

/** A file that is being made of a slice. */
export interface UnitInMaking extends DayRange {
  events: number;
  /** Of its lines. */
  bytes: number;
  /** Whether its last day was not over when it was fetched. */
  isOpen: boolean;
}

/** A slice of whole files that was fetched as one. */
export interface LookedSlice {
  id: number;
  slice: SpooledSlice;
  units: readonly UnitInMaking[];
  /** Whether there are tables of its units. */
  isMade: boolean;
  found?: readonly FoundKey[];
}

export class FolderTables {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #maker: UnitTableMaker & { stop?(): Promise<void> };
  readonly #looked = new Map<SpooledSlice, LookedSlice>();
  #count = 0;
  /** Whether the thread has failed, so that no more is made. */
  #hasFailed = false;

  private constructor(job: UnitTablesJob, clock: Clock) {
    this.#folder = job.folder;
    this.#clock = clock;
    this.#maker = threadsAtOnce() > 1 ? new UnitsBeside(job) : new UnitTables(job);
  }

  /**
   * Parquet files are made while slices are fetched, unless it is known only at their end which events are there twice. What
   * an earlier run has left is removed.
   *
   * @param schema the columns of all files, where they are decided
   */
  static async open(
    { output, stateFolder, clock, writeContent }: FolderExport,
    schema: TableSchema | undefined,
  ): Promise<FolderTables | undefined> {
    if (output.format !== "parquet" || output.dedupe || writeContent !== undefined) return undefined;
    const folder = join(stateFolder, "tables");
    await removeFile(folder);
    await makeFolder(folder, 0o700);
    return new FolderTables({ folder, output, schema }, clock);
  }

  readonly look: LookAtUnits = (units, isStrict) => {
    if (this.#hasFailed) return undefined;
    const id = ++this.#count;
    const nowMs = this.#clock.now();
    const lines = new WholeLines();
    const begun = this.#unlessFailed(async () => await this.#maker.begin({ id, units, isStrict }));
    const take = async (blocks: Iterable<Uint8Array>) => {
      await begun;
      await this.#unlessFailed(async () => {
        for (const block of blocks) await this.#maker.take(id, block);
      });
    };
    let tables: SliceTables | undefined;
    return {
      take: (chunk) => take(lines.take(chunk)),
      end: async () => {
        await take(lines.end());
        tables = await this.#unlessFailed(() => this.#maker.whole(id));
        if (tables === undefined) throw threadFailed();
        if (tables.isForeign) throw new ForeignDayError();
      },
      keep: (slice) => {
        const made = units.map((unit, index) => ({
          ...unit,
          ...tables?.units?.[index] ?? { events: 0, bytes: 0 },
          isOpen: isOpenDay(unit.to, nowMs),
        }));
        const isMade = tables?.units !== undefined;
        this.#looked.set(slice, { id, slice, units: made, isMade, found: tables?.found });
      },
      drop: () => void this.#unlessFailed(() => this.#maker.drop(id)),
    };
  };

  /** What is known of a slice that was looked at, once. */
  takeLooked(slice: SpooledSlice): LookedSlice | undefined {
    const looked = this.#looked.get(slice);
    this.#looked.delete(slice);
    return looked;
  }

  /** Ends the file of a unit. Undefined when it cannot have these columns. */
  async finish({ id }: LookedSlice, unit: number, schema: TableSchema): Promise<MadeUnit | undefined> {
    return await this.#unlessFailed(() => this.#maker.finish(id, unit, schema));
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    await this.#maker.stop?.();
    await removeFile(this.#folder);
  }

  /** Undefined when the thread fails, or has failed. */
  async #unlessFailed<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.#hasFailed) return undefined;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ThreadFault)) throw error;
      this.#hasFailed = true;
      return undefined;
    }
  }
}

/** The slice is fetched again: without the thread nobody has looked at its days. */
function threadFailed(): MpError {
  return new MpError("Cannot make tables of the events that were fetched: a thread has failed", {
    category: "network",
    code: "thread_failed",
  });
}
