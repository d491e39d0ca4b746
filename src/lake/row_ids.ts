/** What tells the events of rows apart besides name and time, as hashes: known, or read where it is needed. */
import { hashOfBytes, mixedHash, withRoom } from "../analytics/table/bytes.ts";
import type { ColumnGroup } from "../streams/parquet/parquet_columns.ts";
import type { TextCoder, TextPlaces, ViewedBytes } from "../streams/parquet/parquet_dictionary.ts";
import { EVENT_ID, PERSON } from "./event_columns.ts";
import { TextHashes } from "./text_codes.ts";

/** The seed of a second hash of ids. */
export const SECOND_SEED = 0x51ed270b;

/** Hashes of a person, and two of the person with the `$insert_id`: rows with equal ones are of one event. */
export interface IdHashes {
  person: number;
  id: number;
  secondId: number;
}

/** By row; both are 0 for a row without an id. */
export interface HashedIds {
  hashes: Int32Array;
  secondHashes: Int32Array;
}

/** The ids of rows that lie one after another; `rows` are indexes from the first on, in rising order. */
export interface RowIds {
  readonly firstRow: number;
  readonly rows: number;
  /** By row: the hashes of the persons, where all of them have been read. */
  readonly knownPeople: Int32Array | undefined;
  /** The hashes of some rows' persons. */
  people(rows: Uint32Array): Promise<Int32Array>;
  ids(rows: Uint32Array): Promise<HashedIds>;
}

/** @param id one hash of the id, and `secondId` another one */
export function idHashes(person: number, id: number, secondId: number): IdHashes {
  return { person, id: mixedHash(person) ^ id, secondId: mixedHash(person ^ 0x3c6ef372) ^ secondId };
}

/** By row; all are 0 for rows without ids. */
export interface KnownHashes extends HashedIds {
  kind: "known";
  people: Int32Array;
}

/** The ids of rows that come one by one. */
export class KnownIds implements RowIds {
  #people: Int32Array;
  #hashes: Int32Array;
  #secondHashes: Int32Array;
  #rows: number;

  constructor(readonly firstRow: number, known?: KnownHashes) {
    this.#people = known?.people ?? new Int32Array(1024);
    this.#hashes = known?.hashes ?? new Int32Array(1024);
    this.#secondHashes = known?.secondHashes ?? new Int32Array(1024);
    this.#rows = known?.people.length ?? 0;
  }

  get rows(): number {
    return this.#rows;
  }

  get knownPeople(): Int32Array {
    return this.#people;
  }

  /** Takes the ids of a row of the table, none before the last one. Rows that are left out have none. */
  add(row: number, { person, id, secondId }: IdHashes): void {
    const index = row - this.firstRow;
    if (index >= this.#people.length) {
      this.#people = withRoom(this.#people, index + 1);
      this.#hashes = withRoom(this.#hashes, index + 1);
      this.#secondHashes = withRoom(this.#secondHashes, index + 1);
    }
    this.#people[index] = person;
    this.#hashes[index] = id;
    this.#secondHashes[index] = secondId;
    this.#rows = index + 1;
  }

  /** Those of some rows, from one of the table on. */
  range(firstRow: number, rows: number): KnownHashes {
    const [start, end] = [firstRow - this.firstRow, firstRow - this.firstRow + rows];
    return {
      kind: "known",
      people: this.#people.slice(start, end),
      hashes: this.#hashes.slice(start, end),
      secondHashes: this.#secondHashes.slice(start, end),
    };
  }

  people(rows: Uint32Array): Promise<Int32Array> {
    return Promise.resolve(this.#some(this.#people, rows));
  }

  ids(rows: Uint32Array): Promise<HashedIds> {
    const hashes = this.#some(this.#hashes, rows);
    return Promise.resolve({ hashes, secondHashes: this.#some(this.#secondHashes, rows) });
  }

  #some(all: Int32Array, rows: Uint32Array): Int32Array {
    return Int32Array.from(rows, (row) => row < this.#rows ? all[row]! : 0);
  }
}

/** Rows of a row group that lie one after another. */
export interface GroupRows {
  kind: "group";
  /** Which group of the file. */
  group: number;
  /** The first of the rows in the group, and how many there are. */
  first: number;
  rows: number;
  /** The only rows that count, as indexes from the first; undefined: all. */
  chosen: Uint32Array | undefined;
  /** The hashes of the persons of those that count, where they have been read. */
  people?: Int32Array;
}

const NO_ROWS = new Uint32Array(0);

/** The ids of such rows, in the columns of their file. */
export class GroupIds implements RowIds {
  readonly rows: number;

  constructor(
    readonly firstRow: number,
    readonly place: GroupRows,
    private readonly open: () => Promise<ColumnGroup>,
  ) {
    this.rows = place.chosen?.length ?? place.rows;
  }

  get knownPeople(): Int32Array | undefined {
    return this.place.people;
  }

  async people(rows: Uint32Array): Promise<Int32Array> {
    const { people } = this.place;
    if (people !== undefined) return Int32Array.from(rows, (row) => people[row]!);
    return await this.#hashes(PERSON, rows, new TextHashes());
  }

  async ids(rows: Uint32Array): Promise<HashedIds> {
    const people = await this.people(rows);
    const hashes = await this.#hashes(EVENT_ID, rows, new ByteHashes());
    const secondHashes = await this.#hashes(EVENT_ID, rows, new ByteHashes(SECOND_SEED));
    for (let index = 0; index < people.length; index++) {
      const { id, secondId } = idHashes(people[index]!, hashes[index]!, secondHashes[index]!);
      hashes[index] = id;
      secondHashes[index] = secondId;
    }
    return { hashes, secondHashes };
  }

  async #hashes(column: string, some: Uint32Array, coder: TextCoder): Promise<Int32Array> {
    const { first, rows, chosen } = this.place;
    const wanted = chosen === undefined ? some : some.map((row) => chosen[row]!);
    const leaf = (await this.open()).open(column);
    if (first > 0) await leaf.takeCodes(first, NO_ROWS, coder);
    const found = await leaf.takeCodes(rows, wanted, coder);
    leaf.close();
    return new Int32Array(found.buffer);
  }
}

/** Hashes of texts as they are, in place of codes. */
class ByteHashes implements TextCoder {
  constructor(private readonly seed?: number) {}

  code(text: ViewedBytes, { count, starts, ends, targets }: TextPlaces, into: Uint32Array): void {
    for (let at = 0; at < count; at++) into[targets[at]!] = hashOfBytes(text, starts[at]!, ends[at]!, this.seed);
  }
}
