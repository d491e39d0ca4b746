/** Columns and properties that are named by hand, as `--map plan=tier` names `tier`: does any record have them? */
import { isEnvelope } from "../map/envelopes.ts";
import type { NamedColumn } from "../map/map_flags.ts";
import { type Getter, getter, isPlainObject } from "../map/map_values.ts";
import { isOfMembers, NESTED } from "../map/nested_names.ts";
import { OTHER_PROPERTIES } from "../../streams/table/table_schema.ts";
import type { RecordBlock } from "../read/record_block.ts";

/** Where the members of a record may be, if not in it. */
const AROUND = ["", NESTED, OTHER_PROPERTIES, "$properties", "_airbyte_data", "record", "record.data"]
  .map((name) => name === "" ? name : `${name}.`);

/** Whether more than a column's own values may be in it. */
const holdsMembers = (name: string): boolean => isOfMembers(name) || name === "$properties" || isEnvelope(name);

/** Those of some names that a table with these columns cannot have. */
export function missingIn(named: readonly NamedColumn[], columns: readonly string[]): NamedColumn[] {
  if (columns.some(holdsMembers)) return [];
  const known = new Set(columns.flatMap((name) => [name, name.split(".")[0]]));
  return named.filter(({ name }) =>
    !AROUND.some((around) => known.has(around + name)) && !known.has(name.split(".")[0])
  );
}

interface Wanted extends NamedColumn {
  getters: readonly Getter[];
  /** For each step of a path, the ways in which its name may stand in a line. */
  written: readonly (readonly string[])[];
}

/** Looks for the names in blocks on their way. What has been found costs nothing any more. */
export class NamedColumns {
  #wanted: readonly Wanted[];

  constructor(named: readonly NamedColumn[]) {
    this.#wanted = named.map((one) => ({
      ...one,
      getters: AROUND.map((around) => getter(around + one.name)),
      written: [...new Set([one.name, ...one.name.split(".")])].map(waysToWrite),
    }));
  }

  /** What no record has had so far. */
  get missing(): readonly NamedColumn[] {
    return this.#wanted.map(({ flag, name }) => ({ flag, name }));
  }

  look(block: RecordBlock): void {
    if (this.#wanted.length === 0) return;
    this.#wanted = this.#wanted.filter(block.kind === "lines" ? isNotInText(block.lines) : isNotInValues(block));
  }
}

function isNotInValues({ values, table }: Extract<RecordBlock, { kind: "values" }>): (one: Wanted) => boolean {
  // A row has no empty fields.
  const columns = new Set(table && [...table.columns, ...(table.in_path ?? []).map(({ name }) => name)]);
  return ({ name, getters }) =>
    !AROUND.some((around) => columns.has(around + name)) &&
    !values.some((value) => isPlainObject(value) && getters.some((get) => get(value) !== undefined));
}

/** In lines the name is looked for as text: a value that reads the same is taken for it. */
function isNotInText({ bytes, firstStart, ends }: { bytes: Uint8Array; firstStart: number; ends: readonly number[] }) {
  const text = decoder.decode(bytes.subarray(firstStart, ends.at(-1)));
  const has = (ways: readonly string[]) => ways.some((way) => text.includes(way));
  return ({ written: [whole, ...steps] }: Wanted): boolean =>
    !has(whole as readonly string[]) && (steps.length === 0 || !steps.every(has));
}

const decoder = new TextDecoder("latin1");
const encoder = new TextEncoder();

/** A name in its quotes, also within a text of JSON, and with other characters than those of ASCII escaped. */
function waysToWrite(name: string): string[] {
  const quoted = JSON.stringify(name);
  const escaped = quoted.replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return [quoted, escaped].flatMap((text) => [text, JSON.stringify(text).slice(1, -1)])
    .map((text) => decoder.decode(encoder.encode(text)));
}
