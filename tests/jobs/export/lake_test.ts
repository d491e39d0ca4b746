/** A folder that is filled night after night is one table for whoever reads it, whatever the events are. */
import { DuckDBInstance } from "@duckdb/node-api";
import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import type { MpError } from "../../../src/errors.ts";
import { localStorage } from "../../../src/storage/files/local.ts";
import { assertLake, isSame, openLakeLab, type Row, textOfMember } from "./lake_lab.ts";
import { type Night, tenNights } from "./nights.ts";

const { newFolder, fill } = openLakeLab();
const SEEDS = Number(process.env.MP_LAKE_SEEDS ?? 12);

async function query(sql: string): Promise<Row[]> {
  const connection = await (await DuckDBInstance.create()).connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson() as Row[];
  } finally {
    connection.closeSync();
  }
}

describe("a lake of ten nights", () => {
  it("is read by DuckDB as one table, with every value as it was sent", async () => {
    const first = SEEDS > 100 ? 0 : Math.floor(Math.random() * 1e9);
    for (let seed = first; seed < first + SEEDS; seed++) {
      const path = newFolder();
      const nights = tenNights(seed);
      const hive = seed % 2 === 0;
      await fill(path, nights, { hive });
      const partitions = hive ? ", hive_partitioning = true" : "";
      assertLake(await query(`select * from read_parquet('${path}/**'${partitions})`), nights, seed, hive);
    }
  });

  it("has the columns of its first events in all files, and nothing but these", async () => {
    const path = newFolder();
    const night = (day: string, ...events: Record<string, string>[]): Night => ({
      day,
      events: events.map((event, index) => ({
        time: String(Date.parse(day) / 1000),
        distinct_id: '"u"',
        $insert_id: JSON.stringify(`${day}-${index}`),
        ...event,
      })),
    });
    const nights = [
      night("2026-01-01"),
      night("2026-01-02", { price: "20", id: "9007199254740993", plan: '"pro"', Plan: '"x"', nothing: "null" }),
      night("2026-01-03"),
      night("2026-01-04", { price: "19.49", id: "1", plan: "5", added: "true", nothing: "1" }),
    ];
    const notes = await fill(path, nights);
    const columns = [
      "event",
      "time",
      "distinct_id",
      "$insert_id",
      "price",
      "id",
      "plan",
      "properties.Plan",
      "other_properties",
    ];
    for (const file of readdirSync(path)) {
      const described = await query(`describe select * from '${join(path, file)}'`);
      assert.deepEqual(described.map((row) => row.column_name), columns, file);
      assert.deepEqual(
        described.map((row) => row.column_type),
        [
          "VARCHAR",
          "TIMESTAMP WITH TIME ZONE",
          "VARCHAR",
          "VARCHAR",
          "DOUBLE",
          "DECIMAL(38,0)",
          "VARCHAR",
          "VARCHAR",
          "VARCHAR",
        ],
        file,
      );
    }
    assert.deepEqual(readdirSync(path).sort(), [1, 2, 3, 4].map((day) => `events_2026-01-0${day}.parquet`));
    const [sum] = await query(`select round(sum(price), 2) as sum, max(id) as id from '${path}/*.parquet'`);
    assert.deepEqual(sum, { sum: 39.49, id: "9007199254740993" });
    const rest = await query(`select other_properties as rest from '${path}/*.parquet' where rest is not null`);
    assert.deepEqual(rest, [{ rest: '{"added":true,"nothing":1,"plan":5}' }]);
    assert.deepEqual(notes, [
      'Property "Plan" is in the column "properties.Plan": another column has its name, or one that differs by case alone',
      '3 properties are in the column other_properties: "plan" (not text, 1 event), "added" (new, 1 event), ' +
      '"nothing" (new, 1 event)',
    ]);
  });

  it("gives what came later columns of its own on request, whenever it is killed", async () => {
    let rewritten = 0;
    for (let seed = 100; rewritten < 5; seed++) {
      const path = newFolder();
      const nights = tenNights(seed);
      await fill(path, nights.slice(0, 7));
      const before = await query(`describe select * from '${path}/*.parquet'`);
      // The third file cannot be written.
      let writes = 0;
      const local = localStorage(path);
      const failing = {
        ...local,
        create: (name: string) => {
          if (++writes === 4) throw new Error("killed");
          return local.create(name);
        },
      };
      const killed = await fill(path, nights.slice(0, 7), { addColumns: true, storage: failing })
        .then(() => false, (error) => /killed/.test(error.message));
      // Where nothing came later there is nothing to rewrite.
      if (!killed) continue;
      rewritten++;
      const notes = await fill(path, nights);
      assert.ok(
        notes.some((line) => /^Rewriting \d+ files for \d+ more columns: about \d+ s$/.test(line)),
        notes.join("\n"),
      );
      const after = await query(`describe select * from '${path}/*.parquet'`);
      assert.deepEqual(after.slice(0, before.length - 1), before.slice(0, -1));
      assert.ok(after.length > before.length, `seed ${seed}`);
      for (const file of readdirSync(path)) {
        assert.deepEqual(await query(`describe select * from '${join(path, file)}'`), after, file);
      }
      assertLake(await query(`select * from read_parquet('${path}/*.parquet')`), nights, seed, false);
    }
  });

  const one = (day: string, id: string, more: Record<string, string>): Night => ({
    day,
    events: [{ time: String(Date.parse(day) / 1000), distinct_id: '"u"', $insert_id: JSON.stringify(id), ...more }],
  });

  it("keeps times of any year when it is rewritten", async () => {
    const path = newFolder();
    const times = ["32503680000000", "-62135596799000", "0", "-1", "86400", "1795240800123", "1795240800.5"];
    const nights: Night[] = [
      one("2026-01-01", "a", { x: "1" }),
      {
        day: "2026-01-02",
        events: times.map((time, index) => ({ time, distinct_id: '"u"', $insert_id: `"t-${index}"`, new: "1" })),
      },
    ];
    const read = async () => {
      const rows = await query(
        `select epoch_ms(time) as ms from '${path}/*.parquet' where "$insert_id" like 't-%' order by "$insert_id"`,
      );
      return rows.map(({ ms }) => Number(ms));
    };
    await fill(path, nights);
    const expected = [32503680000000, -62135596799000, 0, -1000, 86_400_000, 1795240800123, 1795240800500];
    assert.deepEqual(await read(), expected);
    await fill(path, nights, { addColumns: true });
    assert.deepEqual(await read(), expected);
  });

  it("gives a new property the name of no other column, the path's among them", async () => {
    const path = newFolder();
    const nights = [one("2026-01-01", "a", { x: "1" }), one("2026-01-02", "b", { date: '"dd"', X: "2" })];
    await fill(path, nights, { hive: true });
    const notes = await fill(path, nights, { hive: true, addColumns: true });
    const rows = await query(`select * from read_parquet('${path}/**', hive_partitioning = true)`);
    const row = rows.find((one) => one.$insert_id === "b") as Row;
    assert.deepEqual([row["properties.date"], row["properties.X"], row.date], ["dd", 2, "2026-01-02"]);
    assert.ok(notes.some((line) => line.startsWith('Property "date" is in the column "properties.date"')), `${notes}`);
  });

  it("keeps thousands of new properties apart, and all prefixes", async () => {
    const path = newFolder();
    const crowd = Array.from({ length: 20 }, (_, event) => ({
      time: "1767312000",
      distinct_id: '"u"',
      $insert_id: `"c-${event}"`,
      ...Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`p${index}-${event}`, "1"])),
    }));
    const nights = [one("2026-01-01", "a", { x: "1" }), { day: "2026-01-02", events: crowd }];
    const odd = '{"event":"E","y":"outer","properties":{"time":1767312001,"$insert_id":"odd","dup":1,"dup":2,' +
      '"event":"pe","properties.z":"pz","y":"inner","record.w":1}}\n';
    const rest = {
      "record.y": "outer",
      dup: 2,
      event: "pe",
      "properties.properties.z": "pz",
      y: "inner",
      "properties.record.w": 1,
    };
    const read = async () => {
      const [row] = await query(`select * from '${path}/*.parquet' where "$insert_id" = 'odd'`);
      return row as Row;
    };
    await fill(path, nights, {}, { "2026-01-02": odd });
    const before = await read();
    assert.equal(before.event, "E");
    assert.deepEqual(JSON.parse(before.other_properties as string), rest);
    await fill(path, nights, { addColumns: true }, { "2026-01-02": odd });
    const after = await read();
    assert.equal(after.event, "E");
    assert.equal(Object.keys(after).length, 1001);
    const all: Row = { ...JSON.parse((after.other_properties ?? "{}") as string) };
    for (const [name, value] of Object.entries(rest)) {
      const column = name === "event" ? "properties.event" : name;
      assert.deepEqual(after[column] ?? all[name], value, name);
    }
  });

  it("names a file that cannot be read when it is rewritten, and what fixes it", async () => {
    const path = newFolder();
    const nights = [one("2026-01-01", "a", { x: "1" }), one("2026-01-02", "b", { new: "1" })];
    await fill(path, nights);
    const file = join(path, "events_2026-01-01.parquet");
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xff, 4, 60));
    await assert.rejects(fill(path, nights, { addColumns: true }), (error: MpError) => {
      assert.match(error.message, /^Cannot read ".*events_2026-01-01\.parquet": /);
      assert.match(error.hint ?? "", /remove it and run the same command again/);
      return true;
    });
    rmSync(file);
    await fill(path, nights, { addColumns: true });
    assertLake(await query(`select * from '${path}/*.parquet'`), nights, 0, false);
  });

  it("has chosen columns under names that no reader takes for one", async () => {
    const path = newFolder();
    const nights = [one("2026-01-01", "a", { plan: '"x"', Plan: '"y"', other_properties: "3", date: '"d"' })];
    const columns = ["$insert_id", "plan", "Plan", "other_properties", "date", "later"];
    const notes = await fill(path, nights, { columns, hive: true });
    const [row] = await query(`select * from read_parquet('${path}/**', hive_partitioning = true)`);
    assert.deepEqual(row, {
      $insert_id: "a",
      plan: "x",
      "properties.Plan": "y",
      "properties.other_properties": 3,
      "properties.date": "d",
      later: null,
      other_properties: null,
      date: "2026-01-01",
    });
    const unseen = 'No event has "later" so far: its column is for texts, and other values will be in other_properties';
    assert.ok(notes.includes(unseen), `${notes}`);
  });

  it("has five columns with --layout json, the same ones whatever comes", async () => {
    const path = newFolder();
    const nights = tenNights(7);
    const notes = await fill(path, nights, { tableLayout: "json" });
    assert.deepEqual(notes, []);
    const rows = await query(`select * from '${path}/*.parquet'`);
    for (const event of nights.flatMap((night) => night.events)) {
      const id = JSON.parse(event.$insert_id as string) as string;
      const row = rows.find((one) => one.insert_id === id) as Row;
      assert.deepEqual(Object.keys(row), ["event", "time", "distinct_id", "insert_id", "properties"]);
      const { time: _time, distinct_id: _user, $insert_id: _id, ...others } = event;
      for (const [name, text] of Object.entries(others)) {
        assert.ok(
          isSame(row.properties === null ? undefined : textOfMember(row.properties as string, name), text),
          name,
        );
      }
    }
  });

  it("has the same columns in all CSV files", async () => {
    const path = newFolder();
    const nights = tenNights(11);
    await fill(path, nights, { format: "csv", compression: "none" });
    const headers = new Set(readdirSync(path).map((name) => readFileSync(join(path, name), "utf8").split("\n")[0]));
    assert.equal(headers.size, 1);
    const [rows] = await query(`select count(*) as n from read_csv('${path}/*.csv', all_varchar = true)`);
    assert.equal(rows?.n, String(nights.flatMap((night) => night.events).length));
  });
});
