/** The values of a column for some rows at a time, whatever pages they lie in. */
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
    return error instanceof ParquetError ? error.inColumn(this.#column.name) : error;
  }
}
