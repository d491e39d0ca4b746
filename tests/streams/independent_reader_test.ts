/** Files are read by DuckDB, which shares nothing with what wrote them. */
import { DuckDBInstance } from "@duckdb/node-api";
import { strict as assert } from "node:assert";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Column } from "../../src/streams/table/record_encoder.ts";
import { recordEncoder, type RecordFormat } from "../../src/streams/table/record_formats.ts";
import { columnsIn, event, joined, linesOf, manyLines } from "./table/record_lines.ts";

const COUNT = 100_000;

/** Events of several kinds: few and many different values, gaps, long integers, quotes, line ends, other scripts. */
function line(n: number): string {
  const properties: Record<string, unknown> = { time: 1_790_000_000 + n, distinct_id: `user ${(n * 48_271) % 60_013}` };
  properties.$insert_id = `id-${(n * 2_654_435_761 % 4_294_967_296).toString(36)}-${n}`;
  properties.city = ["Köln", "São Paulo", "東京", 'the "big" one', "a,b", "line\nend", "tab\tbed", ""][n % 8];
  properties.amount = (n % 10_000) / 100 - 50;
  if (n % 3 !== 0) properties.beta = n % 2 === 0;
  if (n % 1000 === 17) properties.rare = -n;
  if (n % 5 === 0) properties.tags = [n, "x y", { deep: null }];
  if (n > COUNT / 2) properties.late = "\u{1F600}".repeat(n % 4);
  properties.mixed = n % 2 === 0 ? n : `m${n}`;
  const text = JSON.stringify({ event: n % 7 === 0 ? "Sign Up" : "Page View", properties });
  return n % 4 === 0 ? text.replace('"time"', `"group":${1_234_567_890_123_456_789n + BigInt(n)},"time"`) : text;
}

let folder: string;
let lines: Uint8Array;
let columns: Column[];

async function write(format: RecordFormat, from: Uint8Array, of: Column[]): Promise<string> {
  const encoder = await recordEncoder(format, of, "event");
  const parts = [encoder.begin().slice()];
  for (let start = 0; start < from.length;) {
    const end = from.indexOf(10, Math.min(from.length - 1, start + 200_000)) + 1;
    parts.push((await encoder.encode(from.subarray(start, end))).slice());
    start = end;
  }
  parts.push((await encoder.end()).slice());
  const path = join(folder, `${of.length}.${format}`);
  await writeFile(path, joined(parts));
  return path;
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const connection = await (await DuckDBInstance.create()).connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson() as Record<string, unknown>[];
  } finally {
    connection.closeSync();
  }
}

/** Counts, sums and a checksum of all values, in a form that does not depend on the order of rows. */
const sums = (from: string) =>
  query(`select count(*) as n, count(beta) as beta, count(rare) as rare, count(tags) as tags, count(late) as late,
    count(city) as cities, sum(time) as time, sum(rare) as rares, min("group") as least, max("group") as greatest,
    round(sum(amount), 2) as amount,
    sum(hash(event, time, distinct_id, "$insert_id", city, amount, beta, rare, tags::varchar, late, mixed::varchar,
      "group")::hugeint)::varchar as checksum from ${from}`);

/** A Parquet file, whose times are timestamps, with times as the events have them. */
const seconds = (path: string) => `(select * replace (epoch_ms(time) // 1000 as time) from read_parquet('${path}'))`;

const STRINGS = ["event", "distinct_id", "$insert_id", "city", "tags", "late", "mixed"];
const CSV_TYPES = `{${
  [...STRINGS.map((name) => [name, "varchar"]), ["time", "bigint"], ["amount", "double"], ["beta", "boolean"]]
    .concat([["rare", "bigint"], ["group", "bigint"]]).map(([name, type]) => `'${name}': '${type}'`).join(", ")
}}`;

describe("files of records, read by DuckDB", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "mp-formats-"));
    lines = manyLines(COUNT, line);
    columns = columnsIn(lines);
    await writeFile(join(folder, "events.jsonl"), lines);
  });
  after(() => rm(folder, { recursive: true }));

  it("have the rows and values of the JSON Lines they were made of", async () => {
    const types = `{event: 'varchar', properties: 'struct(time bigint, distinct_id varchar, "$insert_id" varchar, ` +
      `city varchar, amount double, beta boolean, rare bigint, tags json, late varchar, mixed varchar, "group" bigint)'}`;
    const json = `read_json('${join(folder, "events.jsonl")}', format='newline_delimited', columns=${types})`;
    const expected = await sums(`(select event, unnest(properties) from ${json})`);
    assert.equal(expected[0]?.n, String(COUNT));
    assert.equal(expected[0]?.greatest, String(1_234_567_890_123_556_785n));
    assert.deepEqual(await sums(seconds(await write("parquet", lines, columns))), expected);
    for (const [format, separator] of [["csv", ","], ["tsv", "\\t"]] as const) {
      // Only a quoted field can be an empty text.
      const options = `header=true, delim=E'${separator}', nullstr='', allow_quoted_nulls=false, types=${CSV_TYPES}`;
      const path = await write(format, lines, columns);
      assert.deepEqual(await sums(`read_csv('${path}', ${options})`), expected, format);
    }
  });

  it("have the types of their columns", async () => {
    const path = await write("parquet", lines, columns);
    const described = await query(`describe select * from read_parquet('${path}')`);
    assert.deepEqual(Object.fromEntries(described.map((row) => [row.column_name, row.column_type])), {
      event: "VARCHAR",
      time: "TIMESTAMP WITH TIME ZONE",
      distinct_id: "VARCHAR",
      $insert_id: "VARCHAR",
      group: "DECIMAL(38,0)",
      city: "VARCHAR",
      amount: "DOUBLE",
      tags: "VARCHAR",
      mixed: "VARCHAR",
      beta: "BOOLEAN",
      rare: "BIGINT",
      late: "VARCHAR",
    });
  });

  it("let DuckDB skip row groups by their bounds", async () => {
    const path = await write("parquet", lines, columns);
    const [row] = await query(`select count(*) as n, min("$insert_id") as id from read_parquet('${path}')
      where time = to_timestamp(${1_790_000_000 + COUNT - 1}) and event in ('Page View', 'Sign Up')`);
    assert.deepEqual(row?.n, "1");
  });

  it("are readable when there are no records, or a column has no values", async () => {
    const empty = await write("parquet", new Uint8Array(0), []);
    assert.deepEqual(await query(`select * from read_parquet('${empty}')`), []);
    const nothing: Column[] = ["boolean", "integer", "number", "string", "json"].map((
      type,
    ) => ({ name: type, type } as Column));
    const path = await write("parquet", linesOf(event("{}"), event("{}")), [
      { name: "event", type: "string" },
      ...nothing,
    ]);
    assert.deepEqual(
      await query(`select count(*) as n, count(coalesce(integer, number)) as v, count(json) as j from '${path}'`),
      [
        { n: "2", v: "0", j: "0" },
      ],
    );
  });

  it("can be read when a list, an object or a text among lists has a surrogate without its partner", async () => {
    const values = ['["\\ud83d",1]', '{"\\udc00":"\\ud83d\\ude00"}', '"a\\ud83d"', '"\\u0000"'];
    const broken = linesOf(...values.map((value) => event(`{"j":${value}}`)));
    const path = await write("parquet", broken, [{ name: "event", type: "string" }, { name: "j", type: "json" }]);
    const rows = await query(`select j::varchar as j, json_valid(j) as valid from '${path}'`);
    assert.deepEqual(rows.map(({ valid }) => valid), [true, true, true, true]);
    assert.deepEqual(rows.slice(0, 3).map(({ j }) => JSON.parse(String(j))), [
      ["\ufffd", 1],
      { "\ufffd": "😀" },
      "a\ufffd",
    ]);
  });
});
