/** One property of each row, as it was sent. */
import type { Chunk } from "../table/chunk.ts";
import { valueAt } from "../table/property_column.ts";
import type { EventView } from "./event_view.ts";
import type { CodedValue, RowValue } from "./row_value.ts";

/** The property in which events say whose they are. */
const PERSON = "distinct_id";

/** A property's value; undefined where it is absent. An id that was sent is that of the person, once ids are joined. */
export class PropertyValue implements RowValue {
  constructor(private readonly view: EventView, private readonly property: string) {}

  bind(chunk: Chunk): (row: number) => unknown {
    const column = chunk.column(this.property);
    if (column === undefined) return () => undefined;
    if (!this.#isJoined) return (row) => valueAt(column, row);
    const { view } = this;
    return (row) => {
      const sent = valueAt(column, row);
      const code = chunk.people[row]!;
      return sent === undefined || view.personOf(code) === code ? sent : view.distinctIdOf(code);
    };
  }

  coded(chunk: Chunk): CodedValue | undefined {
    const column = chunk.column(this.property);
    if (column?.kind !== "codes" || this.#isJoined) return undefined;
    const { codes, dictionary } = column;
    return {
      codes,
      source: dictionary,
      count: dictionary.count,
      valueOf: (code) => code === 0 ? undefined : dictionary.value(code),
    };
  }

  get #isJoined(): boolean {
    return this.property === PERSON && this.view.canonical !== undefined;
  }
}
