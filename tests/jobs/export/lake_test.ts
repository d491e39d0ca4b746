/** A folder that is filled night after night is one table for whoever reads it, whatever the events are. */
import { DuckDBInstance } from "@duckdb/node-api";
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
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
    for (let seed = 100; seed < 106; seed++) {
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
      await assert.rejects(fill(path, nights.slice(0, 7), { addColumns: true, storage: failing }), /killed/);
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
