/** Single properties, taken out of stored JSON inside SQLite. */
import { parseJson } from "../../streams/json/json.ts";
import { setMember } from "../../streams/json/members.ts";

const MOST_CACHED_VALUES = 10_000;

/**
 * Whether SQLite finds a property of this name as JavaScript would. Names with quotes, backslashes or characters that
 * some senders write as escapes (`\u00e9`) are left to a real parser.
 */
export function isExtractable(name: string): boolean {
  return /^[ !#-[\]-~]+$/.test(name);
}

/** Reads chosen properties as columns of their JSON text. Values repeat, so each text is parsed once. */
export class ColumnDecoder {
  /** What to select. */
  readonly columns: string;
  readonly #names: readonly string[];
  readonly #values = new Map<string, unknown>();

  constructor(names: readonly string[]) {
    this.#names = [...new Set(names)];
    this.columns = this.#names.map((name, index) => `properties -> '$."${name.replaceAll("'", "''")}"' AS p${index}`)
      .join() || "NULL";
  }

  /** An event's chosen properties; a missing one is missing here too. */
  properties(row: Record<string, unknown>): Record<string, unknown> {
    const properties: Record<string, unknown> = {};
    for (let index = 0; index < this.#names.length; index++) {
      const text = row[`p${index}`] as string | null;
      if (text !== null) setMember(properties, this.#names[index] as string, this.#value(text));
    }
    return properties;
  }

  #value(text: string): unknown {
    let value = this.#values.get(text);
    if (value === undefined) {
      value = parseJson(text);
      if (this.#values.size >= MOST_CACHED_VALUES) this.#values.clear();
      this.#values.set(text, value);
    }
    return value;
  }
}
