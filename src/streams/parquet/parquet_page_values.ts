/** The values of a page, by its encoding, decoded when they are asked for. */
import type { DataReader, Encoding, ParquetType, SchemaElement } from "hyparquet";
import { deltaBinaryUnpack } from "hyparquet/src/delta.js";
import { byteStreamSplit } from "hyparquet/src/encoding.js";
import { readPlain } from "hyparquet/src/plain.js";
import { type Conversion, isUnsigned, type StoredValue } from "./parquet_types.ts";
import { ParquetError } from "./parquet_error.ts";
import { BytesDictionary, type ParquetDictionary, WordsDictionary } from "./parquet_dictionary.ts";
import type { PageBytes } from "./parquet_page_bytes.ts";
import { RunReader } from "./parquet_run_reader.ts";

/** Appends the next values, converted, to an array. */
export type ValueReader = (into: unknown[], count: number) => Promise<void>;

export interface ValueColumn {
  element: SchemaElement;
  type: ParquetType;
  convert: Conversion;
}

const WORD_BYTES = 8;
const FIXED_BYTES: Partial<Record<ParquetType, number>> = { INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8 };

/**
 * @param bytes of the page, after its levels
 * @param encoding none with a dictionary: see `placedValues`
 * @param count how many values there are in it
 */
export async function valueReader(
  bytes: PageBytes,
  encoding: Encoding | undefined,
  column: ValueColumn,
  count: number,
): Promise<ValueReader> {
  if (count === 0) return () => Promise.resolve();
  switch (encoding) {
    case "PLAIN":
      return plainReader(bytes, column);
    case "RLE": {
      if (column.type !== "BOOLEAN") break;
      await bytes.need(4);
      const length = bytes.takeUint32();
      await bytes.need(length);
      return booleanReader(new RunReader({ bytes: bytes.take(length), at: 0 }, 1), column.convert);
    }
    case "DELTA_BINARY_PACKED":
      if (column.type !== "INT32" && column.type !== "INT64") break;
      return arrayReader(deltaIntegers(readerOf(await bytes.rest()), column, count), column.convert);
    case "DELTA_LENGTH_BYTE_ARRAY":
      return deltaLengthReader(await bytes.rest(), column.convert, count);
    case "DELTA_BYTE_ARRAY":
      return deltaBytesReader(await bytes.rest(), column.convert, count);
    case "BYTE_STREAM_SPLIT":
      return arrayReader(
        byteStreamSplit(readerOf(await bytes.rest()), count, column.type, column.element.type_length),
        column.convert,
      );
  }
  throw new ParquetError("unsupported", `the encoding ${encoding ?? "of a page"} of ${column.type} is not known`);
}

/**
 * The values of a dictionary page.
 *
 * @param mostKept bytes that those may take which are kept converted, where not all are
 */
export async function dictionaryValues(
  bytes: PageBytes,
  column: ValueColumn,
  count: number,
  mostKept: number,
): Promise<ParquetDictionary> {
  if (column.type === "BYTE_ARRAY") {
    // A copy, since the memory of a page is given back.
    return new BytesDictionary((await bytes.rest()).slice(), column.convert, count, mostKept);
  }
  const isWord = column.type === "INT64" || column.type === "DOUBLE";
  if (isWord && count > 0) {
    await bytes.need(WORD_BYTES * count);
    return new WordsDictionary(bytes.take(WORD_BYTES * count).slice(), column.type === "DOUBLE", column.convert);
  }
  const values: unknown[] = [];
  if (count > 0) await plainReader(bytes, column)(values, count);
  return values;
}

function readerOf(bytes: Uint8Array): DataReader {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 };
}

function plainReader(bytes: PageBytes, { type, element, convert }: ValueColumn): ValueReader {
  switch (type) {
    case "BOOLEAN":
      return plainBooleans(bytes, convert);
    case "BYTE_ARRAY":
      return async (into, count) => {
        for (let index = 0; index < count; index++) {
          if (bytes.left < 4) await bytes.need(4);
          const length = bytes.takeUint32();
          if (bytes.left < length) await bytes.need(length);
          into.push(convert(bytes.take(length)));
        }
      };
    default: {
      const width = type === "FIXED_LEN_BYTE_ARRAY" ? element.type_length ?? 0 : FIXED_BYTES[type] ?? 0;
      if (!(width > 0)) throw new ParquetError("damaged", `values of ${width} bytes`);
      return async (into, count) => {
        await bytes.need(count * width);
        const stored = readPlain(readerOf(bytes.take(count * width)), type, count, width);
        for (let index = 0; index < count; index++) into.push(convert(stored[index] as StoredValue));
      };
    }
  }
}

/** Of which a byte has eight. */
function plainBooleans(bytes: PageBytes, convert: Conversion): ValueReader {
  let byte = 0;
  let bitsLeft = 0;
  return async (into, count) => {
    await bytes.need(Math.ceil((count - bitsLeft) / 8));
    for (let index = 0; index < count; index++) {
      if (bitsLeft === 0) {
        byte = bytes.bytes[bytes.at++] as number;
        bitsLeft = 8;
      }
      into.push(convert((byte & 1) === 1));
      byte >>= 1;
      bitsLeft--;
    }
  };
}

function booleanReader(runs: RunReader, convert: Conversion): ValueReader {
  return (into, count) => {
    const bits = new Uint8Array(count);
    runs.read(bits);
    for (const bit of bits) into.push(convert(bit === 1));
    return Promise.resolve();
  };
}

/** Values that stand in a dictionary, by their places in it. */
export interface PlacedValues {
  dictionary: ParquetDictionary;
  /** Sees to it that the places of so many values can be taken. */
  hold(count: number): Promise<void>;
  /** The places of the next values, which must be held. They are good until somebody takes others, of any page. */
  take(count: number): Uint32Array;
}

/** Of all pages, since it is used without waiting: making large arrays takes longer than filling them. */
let placesRoom = new Uint32Array(0);

/** Whether the values of a page stand in a dictionary. */
export const isPlaced = (encoding: Encoding | undefined): boolean =>
  encoding === "PLAIN_DICTIONARY" || encoding === "RLE_DICTIONARY";

/** The places of a page with such an encoding; arguments as for `valueReader`. */
export async function placedValues(
  bytes: PageBytes,
  dictionary: ParquetDictionary | undefined,
): Promise<PlacedValues> {
  if (dictionary === undefined) throw new ParquetError("damaged", "a page refers to a dictionary that is not there");
  await bytes.need(1);
  const runs = new RunReader(bytes, bytes.take(1)[0] as number);
  return {
    dictionary,
    // Only the next places are held of a page with many.
    hold: (count) => bytes.hold(runs.mostBytes(count)),
    take(count) {
      if (count > placesRoom.length) placesRoom = new Uint32Array(count);
      const places = placesRoom.subarray(0, count);
      runs.read(places);
      if (greatestOf(places) >= dictionary.length) {
        throw new ParquetError("damaged", "a value is not in the dictionary");
      }
      return places;
    },
  };
}

/** Below 0 where there is none. */
function greatestOf(places: Uint32Array): number {
  let greatest = -1;
  for (let index = 0; index < places.length; index++) greatest = Math.max(greatest, places[index]!);
  return greatest;
}

/** The values themselves. */
export function valuesAtPlaces({ dictionary, hold, take }: PlacedValues): ValueReader {
  return async (into, count) => {
    await hold(count);
    for (const place of take(count)) into.push(dictionary.at(place));
  };
}

function arrayReader(stored: ArrayLike<unknown>, convert: Conversion): ValueReader {
  let at = 0;
  return (into, count) => {
    for (const end = at + count; at < end; at++) into.push(convert(stored[at] as StoredValue));
    return Promise.resolve();
  };
}

function deltaIntegers(
  reader: DataReader,
  { type, element }: ValueColumn,
  count: number,
): Int32Array | BigInt64Array {
  if (type === "INT64" || !isUnsigned(element)) {
    const integers = type === "INT64" ? new BigInt64Array(count) : new Int32Array(count);
    deltaBinaryUnpack(reader, count, integers);
    return integers;
  }
  // Some writers count from an unsigned number, which does not fit 32 bits with a sign.
  const wide = new BigInt64Array(count);
  deltaBinaryUnpack(reader, count, wide);
  return Int32Array.from(wide, (integer) => Number(BigInt.asIntN(32, integer)));
}

function deltaLengths(reader: DataReader, count: number): Int32Array {
  const lengths = new Int32Array(count);
  deltaBinaryUnpack(reader, count, lengths);
  return lengths;
}

function deltaLengthReader(bytes: Uint8Array, convert: Conversion, count: number): ValueReader {
  const reader = readerOf(bytes);
  const lengths = deltaLengths(reader, count);
  let at = reader.offset;
  let index = 0;
  return (into, wanted) => {
    for (const end = index + wanted; index < end; index++) {
      const length = checkedLength(lengths[index], bytes.length - at);
      into.push(convert(bytes.subarray(at, at + length)));
      at += length;
    }
    return Promise.resolve();
  };
}

/** Each value begins as the one before it does. */
function deltaBytesReader(bytes: Uint8Array, convert: Conversion, count: number): ValueReader {
  const reader = readerOf(bytes);
  const prefixes = deltaLengths(reader, count);
  const lengths = deltaLengths(reader, count);
  let at = reader.offset;
  let index = 0;
  let previous = new Uint8Array(0);
  return (into, wanted) => {
    for (const end = index + wanted; index < end; index++) {
      const prefix = checkedLength(prefixes[index], previous.length);
      const length = checkedLength(lengths[index], bytes.length - at);
      const value = new Uint8Array(prefix + length);
      value.set(previous.subarray(0, prefix));
      value.set(bytes.subarray(at, at + length), prefix);
      at += length;
      previous = value;
      into.push(convert(value));
    }
    return Promise.resolve();
  };
}

function checkedLength(length: number | undefined, most: number): number {
  if (length === undefined || length < 0 || length > most) throw new ParquetError("damaged", "a page ends early");
  return length;
}
