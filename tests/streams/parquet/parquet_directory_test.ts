/** The directory is what hyparquet reads all of. */
import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { parquetMetadata } from "hyparquet";
import { metadataOf } from "../../../src/streams/parquet/parquet_directory.ts";
import { ParquetError } from "../../../src/streams/parquet/parquet_error.ts";
import { parquetOf, sourceOf } from "./parquet_file.ts";

const lines = (count: number, more = {}) =>
  new TextEncoder().encode(
    Array.from({ length: count }, (_, index) => {
      const properties = {
        time: 1_790_000_000 + index,
        distinct_id: `user-${index}`,
        $insert_id: `id-${index}`,
        ...more,
      };
      return `${JSON.stringify({ event: "View", properties: { ...properties, amount: index / 4 } })}\n`;
    }).join(""),
  );

/** What questions about columns are answered by. */
function factsOf({ schema, row_groups, num_rows, created_by, key_value_metadata }: ReturnType<typeof parquetMetadata>) {
  const groups = row_groups.map(({ num_rows, total_byte_size, columns }) => ({
    num_rows,
    total_byte_size,
    columns: columns.map(({ file_path, file_offset, meta_data }) => {
      const { type, encodings, path_in_schema, codec, num_values, statistics, ...rest } = meta_data!;
      const { total_compressed_size, total_uncompressed_size, data_page_offset, dictionary_page_offset } = rest;
      const { null_count, min_value, max_value } = statistics ?? {};
      return {
        ...{ file_path, file_offset, type, encodings, path_in_schema, codec, num_values },
        ...{ total_compressed_size, total_uncompressed_size, data_page_offset, dictionary_page_offset },
        ...{ null_count, min_value, max_value },
      };
    }),
  }));
  return { schema, groups, num_rows, created_by, key_value_metadata };
}

describe("the directory of a Parquet file", () => {
  it("says of columns what hyparquet says, of files with the same columns and with others", async () => {
    for (const file of [lines(10), lines(70_000), lines(20, { plan: "pro", items: [1, "2"] }), lines(10)]) {
      const parquet = await parquetOf(file);
      const expected = factsOf(parquetMetadata(parquet.slice().buffer));
      assert.deepEqual(factsOf(await metadataOf(sourceOf(parquet))), expected);
    }
  });

  it("is not changed by what a reader says of another file's columns", async () => {
    const parquet = await parquetOf(lines(10));
    const first = await metadataOf(sourceOf(parquet));
    for (const element of first.schema) Object.assign(element, { name: "changed", logical_type: { type: "BSON" } });
    const second = await metadataOf(sourceOf(parquet));
    assert.deepEqual(second.schema, parquetMetadata(parquet.slice().buffer).schema);
  });

  it("is refused wherever it is damaged", async () => {
    const parquet = await parquetOf(lines(10));
    const length = new DataView(parquet.buffer, parquet.byteOffset).getUint32(parquet.length - 8, true);
    const start = parquet.length - 8 - length;
    let refused = 0;
    for (let at = start; at < parquet.length; at++) {
      const damaged = parquet.slice();
      damaged[at] = 0xff;
      try {
        const { row_groups } = await metadataOf(sourceOf(damaged));
        for (const { columns } of row_groups) for (const { meta_data } of columns) void meta_data?.codec;
      } catch (error) {
        assert.ok(error instanceof ParquetError, `${error}`);
        refused++;
      }
    }
    assert.ok(refused > length / 4, `${refused} of ${length}`);
    await assert.rejects(metadataOf(sourceOf(parquet.subarray(-4))), ParquetError);
    await assert.rejects(metadataOf(sourceOf(parquet.subarray(0, 4))), ParquetError);
  });
});
