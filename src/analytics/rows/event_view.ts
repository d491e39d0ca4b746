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
  readonly #inOrder = new WeakMap<Chunk, boolean>();

  /** `canonical` has for each code of a person the code that stands for all ids of that person. */
  constructor(readonly table: EventTable, readonly canonical?: Uint32Array) {
    this.chunks = table.chunks;
    this.version = table.version;
  }

  /** All rows, person by person, each person's in the order of time. */
  get byPerson(): PersonOrder {
    return this.#personOrder ??= new PersonOrder(this);
  }

  /** Whether the rows of a chunk are in the order of time, as they mostly are. */
  isInOrder(chunk: Chunk): boolean {
    let isInOrder = this.#inOrder.get(chunk);
    if (isInOrder === undefined) this.#inOrder.set(chunk, isInOrder = isAscending(chunk.timesMs));
    return isInOrder;
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

function isAscending(numbers: Float64Array): boolean {
  for (let index = 1; index < numbers.length; index++) if (numbers[index]! < numbers[index - 1]!) return false;
  return true;
}
