/** Files come from DuckDB and hyparquet-writer, with all types that tables have. */
import { DuckDBInstance } from "@duckdb/node-api";
import { parquetWriteBuffer } from "hyparquet-writer";
import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type OddColumn, parquetRecords, UnreadableRow } from "../../../src/streams/parquet/parquet_records.ts";
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

  it("has the shortest decimals for numbers of 32 bits, and all digits of decimals", async () => {
    for (
      const text of [
        "3.14",
        "0.1",
        "-1e-40",
        "16777216",
        "123456792",
        "2147483648",
        "1e20",
        "-296584.12",
        "3.4028235e38",
        "0",
      ]
    ) {
      assert.equal(await value(`'${text}'::float`), Number(text), text);
    }
    const exact = async (text: string, type: string) => String(await value(`'${text}'::${type}`));
    for (const text of ["12345678901234567890123.4567", "-0.12345678901234567891", "0.1234567890123456789"]) {
      assert.equal(await exact(text, "decimal(38,20)".replace("20", text.length > 25 ? "4" : "20")), text);
    }
    assert.equal(await value("'1.10'::decimal(18,2)"), 1.1);
    assert.equal(await value("'120'::decimal(38,10)"), 120);
    assert.equal(await value("'90071992547409931'::decimal(38,1)"), 90071992547409931n);
  });

  it("has texts for times of day, durations and UUIDs", async () => {
    assert.equal(await value("time '13:45:00'"), "13:45:00");
    assert.equal(await value("time '01:02:03.5'"), "01:02:03.500");
    assert.equal(await value("time '23:59:59.000001'"), "23:59:59.000001");
    assert.equal(await value("interval '14 months 3 days 4500 milliseconds'"), "P14M3DT4.5S");
    assert.equal(await value("interval '0 days'"), "PT0S");
    const uuid = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
    assert.equal(await value(`'${uuid}'::uuid`), uuid);
    assert.equal(await value("'b'::enum('a', 'b')"), "b");
  });

  it("has hexadecimal for bytes, whatever they are, and text where that is told", async () => {
    const file = (...values: string[]) =>
      duckdbFile(values.map((one) => `select '${one}'::blob as v, 'x' as s`).join(" union all "));
    const bytes = async (...values: string[]) => (await recordsIn(await file(...values))).map(({ v }) => v);
    assert.deepEqual(await bytes("K\\xC3\\xB6ln", "b"), ["4bc3b66c6e", "62"]);
    assert.deepEqual(await bytes("ab", "\\xAA\\xFF"), ["6162", "aaff"]);
    assert.deepEqual(await value("['\\xAA'::blob, null]"), ["aa", null]);
    const rows: unknown[] = [];
    const source = sourceOf(await file("K\\xC3\\xB6ln", "\\xFF"));
    const odd: OddColumn[][] = [];
    const onColumns = (_: readonly string[], columns: readonly OddColumn[]) => void odd.push([...columns]);
    for await (const batch of parquetRecords(source, undefined, { isText: (path) => path === "v", onColumns })) {
      rows.push(...batch);
    }
    assert.deepEqual([rows, odd], [[{ v: "Köln", s: "x" }, new UnreadableRow("v", { v: "\udcff", s: "x" })], [[]]]);
    for await (const _ of parquetRecords(source, undefined, { onColumns }));
    assert.deepEqual(odd[1], [{ path: "v", kind: "bytes" }]);
  });

  it("has text for bytes in files of writers that declare no text", async () => {
    const columns = [{ name: "v", data: [Uint8Array.of(0x61), Uint8Array.of(0x62)] }];
    const schema = [
      { name: "root", num_children: 1 },
      { name: "v", type: "BYTE_ARRAY" as const, repetition_type: "REQUIRED" as const },
    ];
    assert.deepEqual(await recordsIn(new Uint8Array(parquetWriteBuffer({ schema, columnData: columns }))), [
      { v: "a" },
      { v: "b" },
    ]);
  });

  it("says which rows have a text that is none", async () => {
    const file = new Uint8Array(parquetWriteBuffer({
      schema: [
        { name: "root", num_children: 1 },
        { name: "v", type: "BYTE_ARRAY", repetition_type: "REQUIRED", logical_type: { type: "STRING" } },
      ],
      columnData: [{ name: "v", data: [Uint8Array.of(0x61), Uint8Array.of(0xff)] }],
    }));
    const rows: unknown[] = [];
    for await (const batch of parquetRecords(sourceOf(file))) rows.push(...batch);
    assert.deepEqual(rows, [{ v: "a" }, new UnreadableRow("v", { v: "\udcff" })]);
  });

  it("says which keys a map has twice, and takes the last value", async () => {
    const file = new Uint8Array(parquetWriteBuffer({
      schema: [
        { name: "root", num_children: 1 },
        { name: "m", repetition_type: "OPTIONAL", num_children: 1, converted_type: "MAP" },
        { name: "key_value", repetition_type: "REPEATED", num_children: 2 },
        { name: "key", type: "BYTE_ARRAY", repetition_type: "REQUIRED", converted_type: "UTF8" },
        { name: "value", type: "INT32", repetition_type: "OPTIONAL" },
      ],
      columnData: [{
        name: "m",
        data: [[{ key: "a", value: 1 }], [
          { key: "k", value: 1 },
          { key: "x", value: 2 },
          { key: "k", value: 3 },
        ]],
      }],
    }));
    const told: unknown[] = [];
    const rows: unknown[] = [];
    const onRepeatedKey = (...one: unknown[]) => void told.push(one);
    for await (const batch of parquetRecords(sourceOf(file), undefined, { onRepeatedKey })) rows.push(...batch);
    assert.deepEqual(rows, [{ m: { a: 1 } }, { m: { k: 3, x: 2 } }]);
    assert.deepEqual(told, [["m", 2, "k"]]);
  });

  it("reads the encodings of version 2, with unsigned numbers", async () => {
    const select =
      "select (4294967295 - i)::uinteger as u, -i::int as n, 9007199254740993 + i as l, 'text ' || i as s, " +
      "i / 4.0::double as d, i % 2 = 0 as b from range(3000) t(i)";
    const file = await duckdbFile(select, ", parquet_version v2, compression uncompressed");
    assert.deepEqual(
      await recordsIn(file),
      Array.from({ length: 3000 }, (_, i) => ({
        u: 4294967295 - i,
        n: -i || 0,
        l: 9007199254740993n + BigInt(i),
        s: `text ${i}`,
        d: i / 4,
        b: i % 2 === 0,
      })),
    );
  });

  it("reads pages that are larger than what it holds of them", async () => {
    const select = "select i, repeat(md5(i::varchar), 4) as s, [i, i + 1] as l from range(60000) t(i)";
    for (const codec of ["snappy", "zstd", "uncompressed", "gzip", "lz4"]) {
      const file = await duckdbFile(select, `, compression ${codec}, row_group_size 60000`);
      let row = 0;
      for await (const batch of parquetRecords(sourceOf(file))) {
        for (const record of batch as { i: number; s: string; l: number[] }[]) {
          assert.equal(record.i, row);
          assert.equal(record.s, createHash("md5").update(String(row)).digest("hex").repeat(4));
          assert.deepEqual(record.l, [row, row + 1]);
          row++;
        }
      }
      assert.equal(row, 60_000, codec);
    }
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
    assert.equal(await value("'K\\xC3\\xB6ln'::blob"), "4bc3b66c6e");
  });

  it("has the values that a VARIANT holds", async () => {
    assert.deepEqual(await value("{'a': 1, 'b': [1.5, 2.5], 'c': 9007199254740993, 'd': 'x'}::variant"), {
      a: 1,
      b: [1.5, 2.5],
      c: 9007199254740993n,
      d: "x",
    });
    assert.equal(await value("'text'::variant"), "text");
  });

  it("leaves out what is null or no number, and tells of numbers that JSON has not", async () => {
    const file = await duckdbFile(
      "select null::int as a, 'nan'::double as b, 'infinity'::double as c, '' as d, ['nan'::float, 1] as e, " +
        "{'x': '-infinity'::double} as f, 'infinity'::date as g, '-infinity'::timestamp as h from range(2)",
    );
    const told: unknown[] = [];
    const onNotFinite = (...found: unknown[]) => void told.push(found);
    const rows: unknown[] = [];
    for await (const batch of parquetRecords(sourceOf(file), undefined, { onNotFinite })) rows.push(...batch);
    assert.deepEqual(rows[0], {
      c: "Infinity",
      d: "",
      e: [null, 1],
      f: { x: "-Infinity" },
      g: "Infinity",
      h: "-Infinity",
    });
    assert.deepEqual(told.map(String).sort(), [
      "b,1,NaN",
      "b,2,NaN",
      "c,1,Infinity",
      "c,2,Infinity",
      "e,1,NaN",
      "e,2,NaN",
      "f,1,-Infinity",
      "f,2,-Infinity",
      "g,1,Infinity",
      "g,2,Infinity",
      "h,1,-Infinity",
      "h,2,-Infinity",
    ]);
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
