/** What a thread has read of a lake, in messages, and how it becomes a part of the table. */
import { type ByteView, viewOf } from "../analytics/table/bytes.ts";
import { narrowed } from "../analytics/table/column_builder.ts";
import type { Dictionary } from "../analytics/table/dictionary.ts";
import type { Codes } from "../analytics/table/property_column.ts";
import type { SealedColumn } from "../analytics/table/sealed_column.ts";
import type { FileFacts } from "../records/read/open_sources.ts";
import { PERSON } from "./event_columns.ts";
import type { LakeEvents } from "./lake_events.ts";
import type { Asked } from "./needs.ts";
import type { GroupRows, KnownHashes, RowIds } from "./row_ids.ts";

/** What a thread is to read. */
export interface PartWanted {
  asked: Asked;
  timeZone: string;
  nowMs: number;
  files: readonly FileFacts[];
  /** By file: 1 once somebody reads it; whoever comes first does. */
  claims: Int32Array;
}

/** The texts of a dictionary, one after another. */
export interface PackedTexts {
  bytes: Uint8Array;
  ends: Uint32Array;
}

/** Rows of a file, with the codes of the thread. */
export interface PartChunk {
  timesMs: Float64Array;
  names: Codes;
  people: Codes;
  columns: ReadonlyMap<string, SealedColumn>;
  /** Where a row's ids are: in a row group, from a row on, and which of those rows count; or they are known, by row. */
  ids: GroupRows | KnownHashes;
}

/** What has been read of a file. */
export interface PartFile {
  index: number;
  chunks: PartChunk[];
  read: number;
  within: number;
  firstMs: number;
  lastMs: number;
  /** Lines that are looked at by others, and their numbers. */
  left: { line: Uint8Array; number: number }[];
}

/** Files that a thread has claimed and not read are missing. */
export interface LakePart {
  files: PartFile[];
  names: PackedTexts;
  people: PackedTexts;
  /** By property. */
  dictionaries: ReadonlyMap<string, PackedTexts>;
  properties: string[];
}

export function packedTexts(dictionary: Dictionary): PackedTexts {
  const ends = Uint32Array.from({ length: dictionary.count }, (_, code) => dictionary.end(code));
  return { bytes: dictionary.texts.bytes.slice(0, dictionary.texts.length), ends };
}

/** Turns the codes of a part into those of the table. */
export class PartCodes {
  readonly #names: Recoding;
  readonly #people: Recoding;
  readonly #byProperty = new Map<string, Recoding>();

  constructor({ names, people, dictionaries }: LakePart, private readonly events: LakeEvents) {
    const { table } = events;
    this.#names = recoding(names, table.names);
    this.#people = recoding(people, table.people);
    for (const [property, texts] of dictionaries) {
      // The ids that events were sent with have the codes of people.
      const codes = property === PERSON ? this.#people : recoding(texts, table.builder(property).dictionary);
      this.#byProperty.set(property, codes);
    }
  }

  add({ timesMs, names, people, columns }: PartChunk, idsFrom: (firstRow: number) => RowIds): void {
    const own = [...columns].map(([property, column]): [string, SealedColumn] => {
      if (column.kind !== "codes") return [property, column];
      return [property, { ...column, codes: recoded(column.codes, this.#byProperty.get(property)!) }];
    });
    const chunk = { timesMs, names: recoded(names, this.#names), people: recoded(people, this.#people) };
    this.events.addSealed({ ...chunk, columns: new Map(own) }, idsFrom);
  }
}

/** By code of a part: the code in a dictionary. Undefined: the same. */
type Recoding = Uint32Array | undefined;

/** The texts are added to the dictionary. */
function recoding({ bytes, ends }: PackedTexts, dictionary: Dictionary): Recoding {
  const view: ByteView = viewOf(bytes);
  const codes = new Uint32Array(ends.length);
  let areSame = true;
  for (let code = 0; code < codes.length; code++) {
    codes[code] = dictionary.code(view, code === 0 ? 0 : ends[code - 1]!, ends[code]!);
    areSame &&= codes[code] === code;
  }
  return areSame ? undefined : codes;
}

function recoded(codes: Codes, known: Recoding): Codes {
  if (known === undefined) return codes;
  const all = new Uint32Array(codes.length);
  for (let row = 0; row < all.length; row++) all[row] = known[codes[row]!]!;
  return narrowed(all, true);
}
