/** Makes the tables of a folder in a thread, beside the one that fetches the events. */
import type { TableSchema } from "../../streams/table/table_schema.ts";
import { LinesBeside, ThreadFault } from "./lines_beside.ts";
import {
  type MadeUnit,
  type SliceTables,
  type UnitSlice,
  type UnitTableMaker,
  UnitTables,
  type UnitTablesJob,
} from "./unit_tables.ts";

const NO_SLICE = 0;

/** What it throws is a `ThreadFault`, unless the thread has nothing to do with it. */
export class UnitsBeside implements UnitTableMaker {
  readonly #lines: LinesBeside;
  /** Slices that are small enough for this thread. */
  readonly #here: UnitTables;
  readonly #small = new Set<number>();
  /** As long as there is no other thread. */
  readonly #begun = new Map<number, UnitSlice>();

  constructor(job: UnitTablesJob) {
    this.#here = new UnitTables(job);
    this.#lines = new LinesBeside(() => [
      { kind: "units", job },
      ...[...this.#begun.values()].map((slice) => ({ kind: "begin", slice }) as const),
    ]);
  }

  async begin(slice: UnitSlice): Promise<void> {
    if (this.#lines.hasBegun) await this.#lines.ask({ kind: "begin", slice });
    else this.#begun.set(slice.id, slice);
  }

  async take(id: number, lines: Uint8Array): Promise<void> {
    await this.#lines.give(lines, id);
  }

  async whole(id: number): Promise<SliceTables> {
    if (!this.#lines.hasBegun) return await this.#wholeHere(id);
    const answer = await this.#lines.ask({ kind: "whole", id });
    if (answer.kind !== "slice") throw new ThreadFault("it has not made the tables");
    return answer.tables;
  }

  async drop(id: number): Promise<void> {
    this.#begun.delete(id);
    if (this.#small.has(id)) await this.#here.drop(id);
    else if (this.#lines.hasBegun) await this.#lines.ask({ kind: "drop", id });
    else this.#lines.takeBack(id);
  }

  async finish(id: number, unit: number, schema: TableSchema): Promise<MadeUnit | undefined> {
    if (this.#small.has(id)) return await this.#here.finish(id, unit, schema);
    const answer = await this.#lines.ask({ kind: "finish", id, unit, schema });
    return answer.kind === "made" ? answer.made : undefined;
  }

  /** Ends the thread when it has done what it was told. */
  async stop(): Promise<void> {
    if (!this.#lines.hasBegun) return;
    // expected: a fault of the thread, which has stopped then
    await this.#lines.ask({ kind: "drop", id: NO_SLICE }).catch(() => {});
    this.#lines.stop();
  }

  async #wholeHere(id: number): Promise<SliceTables> {
    const slice = this.#begun.get(id) as UnitSlice;
    this.#begun.delete(id);
    this.#small.add(id);
    this.#here.begin(slice);
    const lines = this.#lines.takeBack(id);
    if (lines.length > 0) await this.#here.take(id, lines);
    return await this.#here.whole(id);
  }
}
