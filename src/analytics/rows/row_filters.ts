/** Filters made of values, of names and of other filters. */
import type { Chunk } from "../table/chunk.ts";
import type { EventView } from "./event_view.ts";
import { type CodedValue, EVERY_ROW, type RowFilter, type RowValue } from "./row_value.ts";
import { chosenNames } from "./scan.ts";

/** Rows that pass all filters. */
export function everyOf(filters: readonly RowFilter[]): RowFilter {
  if (filters.length <= 1) return filters[0] ?? EVERY_ROW;
  return {
    bind(chunk) {
      const tests = filters.map((filter) => filter.bind(chunk));
      return (row) => tests.every((test) => test(row));
    },
  };
}

/** Rows that pass one filter or more. */
export function someOf(filters: readonly RowFilter[]): RowFilter {
  if (filters.length === 1) return filters[0]!;
  return {
    bind(chunk) {
      const tests = filters.map((filter) => filter.bind(chunk));
      return (row) => tests.some((test) => test(row));
    },
  };
}

/** Rows whose value passes a test, which is asked once for each code where the value is of one column. */
export class ValueFilter implements RowFilter {
  readonly #known = new Map<object, Int8Array>();

  constructor(private readonly value: RowValue, private readonly test: (value: unknown) => boolean) {}

  bind(chunk: Chunk): (row: number) => boolean {
    const coded = this.value.coded?.(chunk);
    if (coded === undefined) {
      const valueOf = this.value.bind(chunk);
      return (row) => this.test(valueOf(row));
    }
    return this.#byCode(coded);
  }

  #byCode({ codes, source, count, valueOf }: CodedValue): (row: number) => boolean {
    let known = this.#known.get(source);
    if (known === undefined || known.length < count) this.#known.set(source, known = new Int8Array(count));
    const answers = known;
    return (row) => {
      const code = codes[row]!;
      if (answers[code] === 0) answers[code] = this.test(valueOf(code)) ? 1 : -1;
      return answers[code] === 1;
    };
  }
}

/** Events of some names, or of any name, that pass a filter. */
export interface NamedRows {
  names?: readonly string[];
  where?: RowFilter;
}

/** Rows that are one of several kinds, as names and a filter that do for all of them. */
export function namedRowsOf(view: EventView, kinds: readonly NamedRows[]): NamedRows {
  if (kinds.length === 1) return kinds[0]!;
  const names = kinds.some(({ names }) => names === undefined)
    ? undefined
    : [...new Set(kinds.flatMap(({ names }) => names!))];
  if (kinds.every(({ where }) => where === undefined)) return { names };
  return {
    names,
    where: someOf(kinds.map((kind) => everyOf([rowsNamed(view, kind.names), ...(kind.where ? [kind.where] : [])]))),
  };
}

/** Rows of events of some names. */
function rowsNamed(view: EventView, names: readonly string[] | undefined): RowFilter {
  const chosen = chosenNames(view, names);
  return { bind: ({ names: codes }) => (row) => chosen[codes[row]!] === 1 };
}
