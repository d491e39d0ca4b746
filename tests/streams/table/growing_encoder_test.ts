/** Tables whose columns are found while they are written are those that were written when all columns were known. */
import { DuckDBInstance } from "@duckdb/node-api";
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import process from "node:process";
import { describe, it } from "node:test";
import { widenedRows } from "../../../src/streams/csv/widened_rows.ts";
import { columnFinder } from "../../../src/streams/table/columns.ts";
import type { Column, EncodingReport } from "../../../src/streams/table/record_encoder.ts";
import { growingEncoder, recordEncoder, type RecordFormat } from "../../../src/streams/table/record_formats.ts";
import type { RecordEncoderOptions } from "../../../src/streams/table/record_formats.ts";
import { GROWTH_LIMITS, type GrowthLimits } from "../../../src/streams/table/growing_encoder.ts";
import { chosenColumns } from "../../../src/streams/table/chosen_columns.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { type Random, seededRandom } from "../../helpers/random.ts";
import { columnsIn, event, joined, linesOf } from "./record_lines.ts";

const SEEDS = Number(process.env.MP_TABLE_SEEDS ?? 20);
const folder = temporaryFolder();

/** How values are written, by kinds. */
const KINDS: readonly ((random: Random) => string)[] = [
  (random) => String(random.below(1000) - 500),
  (random) => random.pick(["0.5", "-12.25", "1e3", "1.50", "3.0", "-0.0", "1e400"]),
  (random) => random.pick(["9007199254740993", "-9223372036854775808", "1234567890123456789"]),
  () => "99999999999999999999",
  (random) => random.pick(["true", "false"]),
  (random) =>
    random.pick([
      '""',
      '"a,b"',
      '"x\\ny"',
      '"q\\"q"',
      '"é\\u00e9"',
      '"half \\ud800"',
      '"tab\\t"',
      '"0"',
      '"\\u0000"',
      '"\\\\N"',
    ]),
  (random) => random.pick(['{"a":[1,{"b":null}]}', "[ 1, 2 ]", "[]", '{"t":"x,\\"y"}']),
  () => "null",
];

/** Events of which each has some properties, that mostly have one kind each; some come late, some change late. */
function randomEvents(random: Random): string[] {
  const count = 1 + random.below(60);
  const width = random.pick([3, 8, 30, 1200]);
  const names = Array.from({ length: width }, (_, index) => random.pick(["p", "P", "$", "größe "]) + index);
  names.push("event", "properties", "$insert_id", "record.x", "a,b", 'q"', "\\u0000n", "half \\udc00");
  const late = new Map(names.map((name) => [name, random.next() < 0.3 ? random.below(count) : 0]));
  const usual = new Map(names.map((name) => [name, random.below(KINDS.length)]));
  const changes = new Map(names.map((name) => [name, random.next() < 0.1 ? random.below(count) : Infinity]));
  return Array.from({ length: count }, (_, row) => {
    const members = names.filter((name) => row >= late.get(name)! && random.next() < (width > 100 ? 0.2 : 0.6)).map(
      (name) => {
        const kind = row >= changes.get(name)! ? random.below(KINDS.length) : usual.get(name)!;
        return `"${name.replaceAll('"', '\\"')}":${KINDS[kind]!(random)}`;
      },
    );
    // Of two members with one name the last counts.
    if (random.next() < 0.1 && members.length > 0) {
      const [name] = /^"(?:[^"\\]|\\.)*"/.exec(random.pick(members))!;
      members.splice(random.below(members.length + 1), 0, `${name}:${random.pick([...KINDS, () => "null"])(random)}`);
    }
    if (random.next() < 0.98) members.unshift(`"time":${1_790_000_000 + row}`);
    if (random.next() < 0.9) members.splice(random.below(members.length + 1), 0, `"distinct_id":"u-${row}"`);
    return event(`{${members.join(",")}}`, random.pick(["A", "B", ""]));
  });
}

/** The blocks of lines as a job gives them. */
function blocksOf(events: readonly string[], random: Random): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < events.length;) {
    const rows = 1 + random.below(5);
    blocks.push(linesOf(...events.slice(at, at + rows)));
    at += rows;
  }
  return blocks;
}

/** What a file would be whose columns were known before. */
async function inTwoPasses(
  format: RecordFormat,
  columns: Column[],
  blocks: Uint8Array[],
  options: RecordEncoderOptions,
) {
  const encoder = await recordEncoder(format, columns, "event", options);
  const parts = [encoder.begin().slice()];
  for (const block of blocks) parts.push((await encoder.encode(block)).slice());
  parts.push((await encoder.end()).slice());
  return { bytes: joined(parts), report: encoder.report };
}

async function inOnePass(
  format: RecordFormat,
  choose: (found: Column[]) => Column[],
  blocks: Uint8Array[],
  options: RecordEncoderOptions,
  limits: GrowthLimits,
): Promise<{ bytes?: Uint8Array; isMended: boolean; columns: Column[]; report: EncodingReport }> {
  const finder = columnFinder("event");
  const columnsOf = () => choose(finder.columns());
  const encoder = await growingEncoder(format, finder, columnsOf, "event", options, limits);
  const parts = [encoder.begin().slice()];
  for (const block of blocks) parts.push((await encoder.encode(block)).slice());
  const columns = columnsOf();
  const end = await encoder.endWith(columns);
  if (end === undefined) return { isMended: false, columns, report: encoder.report };
  const written = joined([...parts, end.bytes]);
  if (end.widening === undefined) return { bytes: written, isMended: false, columns, report: encoder.report };
  const fixed: Uint8Array[] = [];
  for await (const chunk of widenedRows(inPieces(written), end.widening)) fixed.push(chunk.slice());
  return { bytes: joined(fixed), isMended: true, columns, report: encoder.report };
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += 777) yield await Promise.resolve(bytes.subarray(at, at + 777));
}

async function inDuckDb(
  path: string,
  bytes: Uint8Array,
): Promise<{ columns: unknown; rows: unknown; groups: unknown }> {
  writeFileSync(path, bytes);
  const connection = await (await DuckDBInstance.create()).connect();
  try {
    const query = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson();
    return {
      columns: await query(`select column_name, column_type from (describe select * from '${path}')`),
      rows: await query(`select * from '${path}'`),
      groups: await query(
        `select row_group_id, path_in_schema, row_group_num_rows, num_values, stats_null_count, stats_min_value,
          stats_max_value from parquet_metadata('${path}') order by 1, column_id`,
      ),
    };
  } finally {
    connection.closeSync();
  }
}

function limitsOf(random: Random): GrowthLimits {
  return {
    headBytes: random.pick([1, 500, 3000]),
    settledValues: random.pick([1, 3, 10, 1000]),
    unsettledBytes: random.pick([1, 2000, 1e6]),
    groupRows: 1 + random.below(12),
  };
}

describe("a table whose columns are found on the way", () => {
  it("is the same CSV, byte by byte, as one whose columns were known", async () => {
    const outcomes = { whole: 0, fixed: 0, again: 0 };
    for (let seed = 0; seed < 5 * SEEDS; seed++) {
      const random = seededRandom(seed);
      const events = randomEvents(random);
      const blocks = blocksOf(events, random);
      const options = {
        nullText: random.pick(["", "\\N"]),
        time: random.pick([undefined, "iso" as const]),
        bom: seed % 3 === 0,
      };
      const format = random.pick(["csv", "tsv"] as const);
      const made = await inOnePass(format, (found) => found, blocks, options, limitsOf(random));
      outcomes[made.bytes === undefined ? "again" : made.isMended ? "fixed" : "whole"]++;
      if (made.bytes === undefined) continue;
      const expected = await inTwoPasses(format, columnsIn(joined(blocks)), blocks, options);
      const texts = [made.bytes, expected.bytes].map((bytes) =>
        new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)
      );
      assert.equal(texts[0], texts[1], `seed ${seed}`);
      assert.equal(texts[0]!.startsWith("\ufeff"), options.bom, `seed ${seed}`);
      assert.deepEqual(made.report, expected.report, `seed ${seed}`);
    }
    for (const [outcome, times] of Object.entries(outcomes)) assert.ok(times > SEEDS / 10, `${outcome}: ${times}`);
  });

  it("is the same Parquet file for DuckDB, in columns, types, rows and row groups", async () => {
    const outcomes = { whole: 0, again: 0 };
    for (let seed = 0; seed < SEEDS; seed++) {
      const random = seededRandom(1000 + seed);
      const blocks = blocksOf(randomEvents(random), random);
      const limits = limitsOf(random);
      const names = random.next() < 0.2 ? ["p1", "event", "nowhere", "$insert_id", "p2"] : undefined;
      const choose = (found: Column[]) => names === undefined ? found : chosenColumns("event", names, found);
      const options = { isSelection: names !== undefined };
      const made = await inOnePass("parquet", choose, blocks, options, limits);
      outcomes[made.bytes === undefined ? "again" : "whole"]++;
      if (made.bytes === undefined) continue;
      const columns = choose(columnsIn(joined(blocks)));
      assert.deepEqual(made.columns, columns);
      // All rows in one group, and the same ones in groups of as many as here.
      const known = await inTwoPasses("parquet", columns, blocks, options);
      const expected = await inDuckDb(folder.path("known.parquet"), known.bytes);
      assert.deepEqual(made.report, known.report, `seed ${seed}`);
      const grown = await inDuckDb(folder.path("grown.parquet"), made.bytes);
      assert.deepEqual(grown.columns, expected.columns, `seed ${seed}`);
      assert.deepEqual(grown.rows, expected.rows, `seed ${seed}`);
    }
    for (const [outcome, times] of Object.entries(outcomes)) assert.ok(times > SEEDS / 10, `${outcome}: ${times}`);
  });

  it("is made again only where a type changes after it was settled", async () => {
    const lines = (late: string) => [
      ...Array.from({ length: 20 }, (_, row) => linesOf(event(`{"time":${1_790_000_000 + row},"n":${row}}`))),
      linesOf(event(`{"time":1790000100,${late}}`)),
    ];
    const limits = { ...GROWTH_LIMITS, headBytes: 1, groupRows: 4 };
    const outcome = async (late: string, settledValues: number) =>
      (await inOnePass("parquet", (found) => found, lines(late), {}, { ...limits, settledValues })).bytes !== undefined;
    assert.equal(await outcome('"n":7,"new":{}', 10), true);
    assert.equal(await outcome('"n":null', 10), true);
    for (const late of ['"n":0.5', '"n":"x"', '"n":[]', '"n":99999999999999999999']) {
      assert.equal(await outcome(late, 10), false, late);
      assert.equal(await outcome(late, 100), true, late);
    }
  });

  it("holds all values of a wide table, whatever comes late", async () => {
    const rows = 300;
    const events = Array.from(
      { length: rows },
      (_, row) =>
        event(
          `{"time":${1_790_000_000 + row},"row":${row},"p${row * 5}":${row},"q${row * 7}":"${row}","late":${
            row > 280
          }}`,
        ),
    );
    const blocks = events.map((one) => linesOf(one));
    const limits = { headBytes: 2000, settledValues: 50, unsettledBytes: 1e6, groupRows: 40 };
    const { bytes } = await inOnePass("parquet", (found) => found, blocks, {}, limits);
    const { rows: read, columns, groups } = await inDuckDb(folder.path("wide.parquet"), bytes!);
    const names = (columns as string[][]).map(([name]) => name as string);
    assert.equal(names.length, 5 + 2 * rows - 1);
    assert.equal(new Set((groups as unknown[][]).map(([group]) => group)).size, 8);
    for (const [row, values] of (read as unknown[][]).entries()) {
      const present = names.filter((_, index) => values[index] !== null);
      assert.deepEqual(new Set(present), new Set(["event", "time", "row", `p${row * 5}`, `q${row * 7}`, "late"]));
      const at = (name: string) => values[names.indexOf(name)];
      assert.deepEqual([Number(at(`p${row * 5}`)), at(`q${row * 7}`), at("late")], [row, String(row), row > 280]);
    }
  });
});
