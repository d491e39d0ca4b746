/** The events that reports look at: a table's rows that are not hidden, with one code for each person. */
import type { Chunk } from "../table/chunk.ts";
import type { EventTable } from "../table/event_table.ts";
import { PersonOrder } from "./person_order.ts";

/**
 * A table as it is now. What reports compute from it once, such as the order by person, is kept as long as the view is:
 * until the table's version changes, or ids are joined.
 */
export class EventView {
  readonly chunks: readonly Chunk[];
  readonly version: number;
  #personOrder: PersonOrder | undefined;
  readonly #runs = new WeakMap<Chunk, Uint32Array>();

  /** `canonical` has for each code of a person the code that stands for all ids of that person. */
  constructor(readonly table: EventTable, readonly canonical?: Uint32Array) {
    this.chunks = table.chunks;
    this.version = table.version;
  }

  /** All rows, person by person, each person's in the order of time. */
  get byPerson(): PersonOrder {
    return this.#personOrder ??= new PersonOrder(this);
  }

  /**
   * The first rows of a chunk's runs in the order of time, and the number of its rows behind them: mostly one run, or as
   * many as there were parts that came side by side.
   */
  runsOf(chunk: Chunk): Uint32Array {
    let runs = this.#runs.get(chunk);
    if (runs === undefined) this.#runs.set(chunk, runs = ascendingRuns(chunk.timesMs));
    return runs;
  }

  /** The code of a person, whichever id was sent. */
  personOf(code: number): number {
    return this.canonical?.[code] ?? code;
  }

  /** The code of the person whom an id stands for; -1 for one that has no events. Any id of a person will do. */
  personWithId(id: string): number {
    const code = this.table.people.find(id);
    return code < 0 ? code : this.personOf(code);
  }

  /** The id that the person of a code is known by. */
  distinctIdOf(code: number): string {
    return this.table.people.value(this.personOf(code)) as string;
  }

  nameOf(code: number): string {
    return this.table.names.value(code) as string;
  }
}

function ascendingRuns(numbers: Float64Array): Uint32Array {
  const starts = [0];
  for (let index = 1; index < numbers.length; index++) if (numbers[index]! < numbers[index - 1]!) starts.push(index);
  return Uint32Array.from([...starts, numbers.length]);
}
