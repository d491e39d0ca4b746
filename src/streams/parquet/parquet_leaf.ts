/** The values of a column for some rows at a time, whatever pages they lie in. */
import type { ParquetDictionary } from "./parquet_dictionary.ts";
import { ParquetError } from "./parquet_error.ts";
import { type HeldBytes, type Page, type PagedColumn, ParquetPages, type ParquetSource } from "./parquet_pages.ts";

const NO_PAGE: Page = { entries: 0, valueCount: 0, values: () => Promise.resolve() };

export class ParquetLeaf {
  readonly #pages: ParquetPages;
  readonly #column: PagedColumn;
  #page = NO_PAGE;
  /** Entries of the page that have been taken. */
  #taken = 0;
  /** Of the rows that were taken last, for each entry; the values of those that have one. */
  #repetitions: number[] = [];
  #definitions: number[] = [];
  #values: unknown[] = [];
  #at = 0;
  #valueAt = 0;
  /** The numbers of a dictionary's values, where they have been asked for. */
  #dictionary: ParquetDictionary | undefined;
  #dictionaryCodes = new Uint32Array(0);

  constructor(file: ParquetSource, column: PagedColumn, held: HeldBytes) {
    this.#column = column;
    try {
      this.#pages = new ParquetPages(file, column, held);
    } catch (error) {
      throw this.#placed(error);
    }
  }

  /** Frees what is held of the column. */
  close(): void {
    this.#page = NO_PAGE;
    this.#pages.close();
  }

  /** The values of the next rows, for a column that is in no list: undefined for what is null. */
  async takeFlat(rows: number): Promise<unknown[]> {
    try {
      const all: unknown[] = [];
      while (all.length < rows) {
        if (this.#taken === this.#page.entries) await this.#nextPage(true);
        const count = Math.min(rows - all.length, this.#page.entries - this.#taken);
        const { definitions } = this.#page;
        if (definitions === undefined) await this.#page.values(all, count);
        else {
          const entries = definitions.take(count);
          const values: unknown[] = [];
          await this.#page.values(values, this.#valuesIn(entries));
          let at = 0;
          for (const entry of entries) all.push(entry === this.#column.definitionLevel ? values[at++] : undefined);
        }
        this.#taken += count;
      }
      return all;
    } catch (error) {
      throw this.#placed(error);
    }
  }

  /**
   * The codes of the next rows, for a column that is in no list and whose values are converted to codes: 0 for null. A
   * value that stands in a dictionary is mostly converted once.
   *
   * @param chosen the indexes of the only rows whose codes are wanted, in rising order; default all
   */
  async takeCodes(rows: number, chosen?: Uint32Array): Promise<Uint32Array> {
    const codes = new Uint32Array(chosen?.length ?? rows);
    let next = 0;
    await this.#takePages(rows, async (at, count, definitions, valueCount) => {
      const valueOf = await this.#pageCodes(valueCount);
      if (definitions === undefined) {
        if (chosen === undefined) { for (let index = 0; index < count; index++) codes[at + index] = valueOf(index); }
        else {
          for (; next < chosen.length && chosen[next]! < at + count; next++) codes[next] = valueOf(chosen[next]! - at);
        }
        return;
      }
      const { definitionLevel } = this.#column;
      let value = 0;
      for (let index = 0; index < count; index++) {
        const isThere = definitions[index] === definitionLevel;
        const isWanted = chosen === undefined || chosen[next] === at + index;
        if (isWanted && isThere) codes[chosen === undefined ? at + index : next] = valueOf(value);
        if (isWanted) next++;
        if (isThere) value++;
      }
    });
    return codes;
  }

  /** Gives the codes of the page's next values by their indexes. */
  async #pageCodes(count: number): Promise<(index: number) => number> {
    const { placed, values } = this.#page;
    if (placed === undefined) {
      const found: unknown[] = [];
      await values(found, count);
      return (index) => found[index] as number;
    }
    const { dictionary } = placed;
    const known = this.#codesOf(dictionary);
    const places = await placed.take(count);
    return (index) => {
      const place = places[index]!;
      return known[place]! || (known[place] = dictionary.at(place) as number);
    };
  }

  /** The next rows of a column of numbers that is in no list: NaN for null. */
  async takeNumbers(rows: number): Promise<Float64Array> {
    const all = new Float64Array(rows).fill(NaN);
    await this.#takePages(rows, async (at, count, definitions, valueCount) => {
      const { values } = this.#page;
      let numbers = await this.#plainNumbers(valueCount);
      if (numbers === undefined) {
        const found: unknown[] = [];
        await values(found, valueCount);
        numbers = Float64Array.from(found, Number);
      }
      if (definitions === undefined) return all.set(numbers, at);
      let next = 0;
      for (let index = 0; index < count; index++) {
        if (definitions[index] === this.#column.definitionLevel) all[at + index] = numbers[next++] as number;
      }
    });
    return all;
  }

  /** Whole numbers and doubles as they are stored; those beyond 2^53 are rounded. */
  async #plainNumbers(count: number): Promise<Float64Array | undefined> {
    const { plain } = this.#page;
    const { type } = this.#column;
    if (plain === undefined || (type !== "INT64" && type !== "DOUBLE")) return undefined;
    await plain.need(8 * count);
    const bytes = plain.take(8 * count);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const numbers = new Float64Array(count);
    for (let index = 0; index < count; index++) {
      numbers[index] = type === "DOUBLE"
        ? view.getFloat64(8 * index, true)
        : view.getInt32(8 * index + 4, true) * 0x100000000 + view.getUint32(8 * index, true);
    }
    return numbers;
  }

  #codesOf(dictionary: ParquetDictionary): Uint32Array {
    if (this.#dictionary !== dictionary) {
      this.#dictionary = dictionary;
      this.#dictionaryCodes = new Uint32Array(dictionary.length);
    }
    return this.#dictionaryCodes;
  }

  /** Takes the next rows page by page: where they go, their definitions where some are null, and how many have a value. */
  async #takePages(
    rows: number,
    take: (at: number, count: number, definitions: Uint8Array | undefined, valueCount: number) => Promise<void>,
  ): Promise<void> {
    try {
      for (let at = 0; at < rows;) {
        if (this.#taken === this.#page.entries) await this.#nextPage(true);
        const count = Math.min(rows - at, this.#page.entries - this.#taken);
        const definitions = this.#page.definitions?.take(count);
        await take(at, count, definitions, definitions === undefined ? count : this.#valuesIn(definitions));
        this.#taken += count;
        at += count;
      }
    } catch (error) {
      throw this.#placed(error);
    }
  }

  /** Takes the next rows, for `definition`, `value` and the others to be asked of. */
  async take(rows: number): Promise<void> {
    this.#repetitions = [];
    this.#definitions = [];
    this.#values = [];
    this.#at = 0;
    this.#valueAt = 0;
    try {
      for (let begun = 0;;) {
        if (this.#taken === this.#page.entries && !await this.#nextPage(begun < rows)) return;
        const { entries, repetitions, definitions } = this.#page;
        const start = this.#taken;
        let end = start;
        for (; end < entries; end++) {
          if (repetitions !== undefined && repetitions[end] !== 0) {
            if (begun === 0) throw new ParquetError("damaged", "it begins within a row");
          } else if (begun === rows) break;
          else begun++;
        }
        let values = 0;
        const levels = definitions?.take(end - start);
        for (let index = start; index < end; index++) {
          const definition = levels?.[index - start] ?? this.#column.definitionLevel;
          if (definition === this.#column.definitionLevel) values++;
          this.#repetitions.push(repetitions?.[index] ?? 0);
          this.#definitions.push(definition);
        }
        await this.#page.values(this.#values, values);
        this.#taken = end;
        if (end < entries) return;
      }
    } catch (error) {
      throw this.#placed(error);
    }
  }

  /** How much of the next entry is there. */
  get definition(): number {
    if (this.#at >= this.#definitions.length) throw this.#placed(new ParquetError("damaged", "its lists do not fit"));
    return this.#definitions[this.#at] as number;
  }

  /** What list the next entry goes on with; undefined after the last. */
  get repetition(): number | undefined {
    return this.#repetitions[this.#at];
  }

  get isEmpty(): boolean {
    return this.#at === this.#definitions.length;
  }

  /** Skips an entry without a value. */
  skip(): void {
    if (this.definition === this.#column.definitionLevel) this.#valueAt++;
    this.#at++;
  }

  /** The value of the next entry, which has one. */
  value(): unknown {
    this.#at++;
    return this.#values[this.#valueAt++];
  }

  async #nextPage(isNeeded: boolean): Promise<boolean> {
    this.#page = NO_PAGE;
    this.#taken = 0;
    const page = await this.#pages.next();
    if (page === undefined && isNeeded) throw new ParquetError("damaged", "it ends before its rows");
    this.#page = page ?? NO_PAGE;
    return page !== undefined;
  }

  #valuesIn(definitions: Uint8Array): number {
    let count = 0;
    const { definitionLevel } = this.#column;
    for (let index = 0; index < definitions.length; index++) if (definitions[index] === definitionLevel) count++;
    return count;
  }

  /** The error with the column's name. */
  #placed(error: unknown): unknown {
    if (error instanceof ParquetError) {
      return new ParquetError(error.fault, `the column "${this.#column.name}": ${error.message}`, { cause: error });
    }
    return error;
  }
}
