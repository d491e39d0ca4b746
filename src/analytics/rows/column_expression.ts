/** Expressions evaluated on the rows of a table: on columns, and once for each code where a column has codes. */
import {
  type EvaluationOptions,
  type Evaluator,
  eventFieldOf,
  ExpressionCompiler,
  type ScopeReader,
  secondsOf,
} from "../../expressions/evaluate.ts";
import { type Expression, partsOf, type Reference } from "../../expressions/syntax.ts";
import type { Value } from "../../expressions/values.ts";
import type { Chunk } from "../table/chunk.ts";
import type { Dictionary } from "../table/dictionary.ts";
import { valueAt } from "../table/property_column.ts";
import type { EventView } from "./event_view.ts";
import type { CodedValue, RowFilter, RowValue } from "./row_value.ts";

/** The profile of a user, for `user["…"]`. */
export type ProfileOf = (distinctId: string) => Record<string, unknown> | undefined;

/** The column that a reference reads: `:` and the name of a property, a field of the event, or "" for nothing. */
type Source = "" | "time" | "name" | "person" | `:${string}`;

/** Values by code, as far as they were needed. */
class CodeValues {
  readonly #known: Uint8Array;
  readonly #values: Value[] = [];

  constructor(count: number, private readonly compute: (code: number) => Value) {
    this.#known = new Uint8Array(count);
  }

  get(code: number): Value {
    if (this.#known[code] === 1) return this.#values[code];
    const value = this.compute(code);
    this.#values[code] = value;
    this.#known[code] = 1;
    return value;
  }
}

/**
 * An expression on the events of a view. Whatever part of it reads one column of codes only is evaluated once for each
 * code; the rest is evaluated row by row.
 */
export class ColumnExpression implements RowValue {
  readonly #compiler: ExpressionCompiler;
  readonly #sources = new Map<Expression, ReadonlySet<Source>>();
  readonly #byCode = new Map<Expression, Map<object, CodeValues>>();

  constructor(
    private readonly view: EventView,
    private readonly expression: Expression,
    environment: EvaluationOptions,
    private readonly profileOf: ProfileOf,
  ) {
    this.#compiler = new ExpressionCompiler(environment);
  }

  bind(chunk: Chunk): Evaluator<number> {
    const reader: ScopeReader<number> = {
      read: (reference) => this.#read(reference, chunk),
      shortcut: (expression) => {
        const coded = this.#coded(expression, chunk);
        if (coded === undefined) return undefined;
        const { codes, values } = coded;
        return (row) => values.get(codes[row]!);
      },
    };
    return this.#compiler.compile(this.expression, reader);
  }

  coded(chunk: Chunk): CodedValue | undefined {
    const coded = this.#coded(this.expression, chunk);
    if (coded === undefined) return undefined;
    const { codes, source, values } = coded;
    return { codes, source, count: source.count, valueOf: (code) => values.get(code) };
  }

  /** The names of the properties of events that it reads. */
  get properties(): string[] {
    return [...this.#sourcesOf(this.expression)].filter((source) => source.startsWith(":"))
      .map((source) => source.slice(1));
  }

  #coded(expression: Expression, chunk: Chunk) {
    const sources = this.#sourcesOf(expression);
    if (sources.size !== 1) return undefined;
    const [name] = sources as Iterable<Source>;
    const column = codesOf(name!, chunk, this.view);
    if (column === undefined) return undefined;
    const { codes, source } = column;
    let known = this.#byCode.get(expression);
    if (known === undefined) this.#byCode.set(expression, known = new Map());
    let values = known.get(source);
    if (values === undefined) {
      known.set(source, values = new CodeValues(source.count, this.#evaluatorOf(expression, source)));
    }
    return { codes, source, values };
  }

  /** Evaluates an expression that reads one column, for a code of that column. */
  #evaluatorOf(expression: Expression, source: Dictionary): (code: number) => Value {
    return this.#compiler.compile(expression, { read: (reference) => this.#readCode(reference, source) });
  }

  #readCode(reference: Reference, dictionary: Dictionary): Evaluator<number> {
    const { view, profileOf } = this;
    const source = sourceOf(reference);
    if (source === "person") {
      if (reference.source !== "user") return (code) => view.distinctIdOf(code);
      return (code) => ownValue(profileOf(view.distinctIdOf(code)), reference.name);
    }
    if (source === "name") return (code) => view.nameOf(code);
    return (code) => code === 0 ? undefined : dictionary.value(code) as Value;
  }

  #read(reference: Reference, chunk: Chunk): Evaluator<number> {
    switch (sourceOf(reference)) {
      case "":
        return () => undefined;
      case "time":
        return (row) => secondsOf(chunk.timesMs[row]!);
      case "person": {
        const read = this.#readCode(reference, this.view.table.people);
        return (row) => read(chunk.people[row]!);
      }
      case "name": {
        const read = this.#readCode(reference, this.view.table.names);
        return (row) => read(chunk.names[row]!);
      }
    }
    const column = chunk.column(reference.name);
    if (column === undefined) return () => undefined;
    return (row) => valueAt(column, row) as Value;
  }

  #sourcesOf(expression: Expression): ReadonlySet<Source> {
    let sources = this.#sources.get(expression);
    if (sources === undefined) {
      sources = expression.kind === "reference"
        ? new Set([sourceOf(expression)])
        : new Set(partsOf(expression).flatMap((part) => [...this.#sourcesOf(part)]));
      this.#sources.set(expression, sources);
    }
    return sources;
  }
}

/** A filter: only true counts as a match, so a missing value doesn't. */
export class ColumnFilter implements RowFilter {
  constructor(private readonly condition: ColumnExpression) {}

  bind(chunk: Chunk): (row: number) => boolean {
    const evaluate = this.condition.bind(chunk);
    return (row) => evaluate(row) === true;
  }
}

function sourceOf(reference: Reference): Source {
  const { source, name } = reference;
  if (source === "behaviors") return "";
  if (source === "user") return "person";
  const field = eventFieldOf(reference);
  if (field !== undefined) return field === "distinctId" ? "person" : field;
  return source === "properties" ? `:${name}` : "";
}

/** The codes that a source has in a chunk; undefined when it has none. */
function codesOf(
  source: Source,
  chunk: Chunk,
  { table }: EventView,
): { codes: ArrayLike<number>; source: Dictionary } | undefined {
  if (source === "" || source === "time") return undefined;
  if (source === "person") return { codes: chunk.people, source: table.people };
  if (source === "name") return { codes: chunk.names, source: table.names };
  const column = chunk.column(source.slice(1));
  if (column?.kind !== "codes") return undefined;
  return { codes: column.codes, source: column.dictionary };
}

function ownValue(record: Record<string, unknown> | undefined, name: string): Value {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] as Value : undefined;
}
