/** Files come from DuckDB and hyparquet-writer, with all types that tables have. */
import { DuckDBInstance } from "@duckdb/node-api";
import { parquetWriteBuffer } from "hyparquet-writer";
import { strict as assert } from "node:assert";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parquetRecords } from "../../../src/streams/parquet/parquet_records.ts";
import { recordsIn, sourceOf } from "./parquet_file.ts";

let folder: string;

async function duckdbFile(select: string, options = ""): Promise<Uint8Array> {
  const path = join(folder, "table.parquet");
  const connection = await (await DuckDBInstance.create()).connect();
  try {
    await connection.run(`copy (${select}) to '${path}' (format parquet${options})`);
  } finally {
    connection.closeSync();
  }
  return new Uint8Array(await readFile(path));
}

/** The records of a table with this one value, and its type, in the column `v`. */
const value = async (sql: string) => (await recordsIn(await duckdbFile(`select ${sql} as v`)))[0]?.v;

describe("parquetRecords", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "mp-parquet-test-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("rounds no number", async () => {
    assert.equal(await value("9007199254740993::bigint"), 9007199254740993n);
    assert.equal(await value("-5::bigint"), -5);
    assert.equal(await value("18446744073709551615::ubigint"), 18446744073709551615n);
    assert.equal(await value("4294967295::uinteger"), 4294967295);
    assert.equal(await value("1.13::decimal(18,2)"), 1.13);
    assert.equal(await value("-0.0007::decimal(9,4)"), -0.0007);
    assert.equal(String(await value("-12345678901234567890.5::decimal(38,1)")), "-12345678901234567890.5");
    assert.equal(await value("9007199254740993::decimal(38,0)"), 9007199254740993n);
    assert.equal(await value("0.1::double"), 0.1);
  });

  it("has ISO texts for times, with a zone when they are moments", async () => {
    assert.equal(await value("timestamptz '2026-01-31 12:00:00+02'"), "2026-01-31T10:00:00.000Z");
    assert.equal(await value("timestamp '2026-01-31 12:00:00.123456'"), "2026-01-31T12:00:00.123456");
    assert.equal(await value("timestamp_ns '1969-12-31 23:59:59.999999999'"), "1969-12-31T23:59:59.999999999");
    assert.equal(await value("timestamp_ms '2026-01-31 12:00:00.5'"), "2026-01-31T12:00:00.500");
    assert.equal(await value("date '1969-12-31'"), "1969-12-31");
  });

  it("has lists, structures and JSON as values", async () => {
    assert.deepEqual(await value("[1, null, 3]::bigint[]"), [1, null, 3]);
    assert.deepEqual(await value("{'a': [{'b': 9007199254740993}], 'c': 'x'}"), {
      a: [{ b: 9007199254740993n }],
      c: "x",
    });
    assert.deepEqual(await value("map {'k': 1.5::double}"), { k: 1.5 });
    assert.deepEqual(await value(`'{"a":9007199254740993}'::json`), { a: 9007199254740993n });
    assert.equal(await value("true"), true);
    assert.equal(await value("'K\\xC3\\xB6ln'::blob"), "Köln");
  });

  it("leaves out what is null or no number", async () => {
    const file = await duckdbFile("select null::int as a, 'nan'::double as b, 'infinity'::double as c, '' as d");
    assert.deepEqual(await recordsIn(file), [{ c: "Infinity", d: "" }]);
  });

  it("reads all compressions, many row groups and many pages", async () => {
    const select = "select i, 'text ' || i as s, case when i % 3 = 0 then i end as n, [i] as l from range(8000) t(i)";
    const expected = Array.from(
      { length: 8_000 },
      (_, i) => ({ i, s: `text ${i}`, ...(i % 3 === 0 && { n: i }), l: [i] }),
    );
    for (const codec of ["snappy", "gzip", "zstd", "brotli", "lz4", "uncompressed"]) {
      const file = await duckdbFile(select, `, compression ${codec}, row_group_size 2048`);
      assert.deepEqual(await recordsIn(file), expected, codec);
    }
    const columns = (["i", "s", "n"] as const).map((name) => ({
      name,
      data: expected.map((record) => typeof record[name] === "number" ? BigInt(record[name] as number) : record[name]),
    }));
    const paged = parquetWriteBuffer({ columnData: columns, rowGroupSize: 5_000, pageSize: 2_000 });
    assert.deepEqual(await recordsIn(new Uint8Array(paged)), expected.map(({ l: _l, ...record }) => record));
  });

  it("asks for the file in parts, in the order of its rows", async () => {
    const file = await duckdbFile("select i, hash(i)::varchar as s from range(200000) t(i)", ", row_group_size 20000");
    const source = sourceOf(file);
    let mostBytes = 0;
    let rows = 0;
    const watched = {
      byteLength: source.byteLength,
      slice: (start: number, end = file.length) => {
        mostBytes = Math.max(mostBytes, end - start);
        return source.slice(start, end);
      },
    };
    for await (const batch of parquetRecords(watched)) {
      assert.ok(batch.length <= 1000);
      assert.equal((batch[0] as { i?: unknown } | undefined)?.i, rows);
      rows += batch.length;
    }
    assert.equal(rows, 200_000);
    assert.ok(mostBytes < file.length / 4, `${mostBytes} of ${file.length} bytes at once`);
  });

  it("keeps a column with any name", async () => {
    const [record] = await recordsIn(await duckdbFile(`select 1 as "__proto__", 2 as "a.b", 3 as " "`));
    assert.deepEqual(Object.entries(record ?? {}), [["__proto__", 1], ["a.b", 2], [" ", 3]]);
  });

  it("fails for what is damaged or no Parquet, and stops when it is told to", async () => {
    const file = await duckdbFile("select i, 'text ' || i as s from range(5000) t(i)");
    await assert.rejects(recordsIn(new TextEncoder().encode('{"event":"A"}\n'.repeat(10))));
    await assert.rejects(recordsIn(new Uint8Array(0)));
    await assert.rejects(recordsIn(file.subarray(0, file.length - 10)));
    const damaged = file.slice();
    damaged.fill(0xff, 4, 2000);
    await assert.rejects(recordsIn(damaged));

    const rows = parquetRecords(sourceOf(file), AbortSignal.abort(new Error("stopped")));
    await assert.rejects(rows.next(), /stopped/);
  });
});
