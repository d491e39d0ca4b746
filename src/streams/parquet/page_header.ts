/** What stands before each page of a Parquet column. */
import type { Encoding, PageHeader } from "hyparquet";
import { Encodings, PageTypes } from "hyparquet/src/constants.js";
import { CompactBytes, type CompactFields, type CompactValue, structureOf } from "./compact_bytes.ts";

/**
 * Reads a header, and how many bytes it takes.
 *
 * @throws ParquetError when the bytes are none, or not all of it
 */
export function pageHeader(bytes: Uint8Array): { header: PageHeader; length: number } {
  const reader = new CompactBytes(bytes);
  const [, type, unpackedBytes, packedBytes, crc, data, , dictionary, data2] = reader.fields();
  const header: PageHeader = {
    type: PageTypes[type as number]!,
    uncompressed_page_size: unpackedBytes as number,
    compressed_page_size: packedBytes as number,
    crc: crc as number | undefined,
    data_page_header: structureOf(data, dataPageHeader),
    dictionary_page_header: structureOf(dictionary, dictionaryPageHeader),
    data_page_header_v2: structureOf(data2, dataPageHeader2),
  };
  return { header, length: reader.at };
}

const encodingOf = (code: CompactValue): Encoding => Encodings[code as number]!;

function dataPageHeader([, values, encoding, definitions, repetitions]: CompactFields): PageHeader["data_page_header"] {
  return {
    num_values: values as number,
    encoding: encodingOf(encoding),
    definition_level_encoding: encodingOf(definitions),
    repetition_level_encoding: encodingOf(repetitions),
  };
}

function dictionaryPageHeader([, values, encoding]: CompactFields): PageHeader["dictionary_page_header"] {
  return { num_values: values as number, encoding: encodingOf(encoding) };
}

function dataPageHeader2(fields: CompactFields): PageHeader["data_page_header_v2"] {
  const [, values, nulls, rows, encoding, definitionBytes, repetitionBytes, isCompressed = true] = fields;
  return {
    num_values: values as number,
    num_nulls: nulls as number,
    num_rows: rows as number,
    encoding: encodingOf(encoding),
    definition_levels_byte_length: definitionBytes as number,
    repetition_levels_byte_length: repetitionBytes as number,
    is_compressed: isCompressed as boolean,
  };
}
