/** `mp export events -o clickhouse://…`, against a server that knows the statements, and stops at each of them. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type ClickHouseServerLab, startClickHouseServer } from "../../helpers/clickhouse_server.ts";
import { openProgramLab, type ProgramLab } from "../../helpers/program_lab.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";

const folder = temporaryFolder();
const DAYS = ["2026-11-19", "2026-11-20", "2026-11-21"];

/** None on the second day. */
const events = DAYS.flatMap((day, index) =>
  index === 1 ? [] : Array.from({ length: 6 + index }, (_, number) => ({
    event: number % 2 === 0 ? "Buy" : 'Größe "1"',
    properties: {
      time: Date.parse(`${day}T0${number % 9}:30:00Z`) / 1000,
      distinct_id: `u-${number}`,
      $insert_id: `i-${day}-${number}`,
      plan: number === 1 ? undefined : "pro 'x'\\n",
      amount: number + 0.5,
      ids: 9007199254740993n + BigInt(number),
      tags: ["a", number],
      date: "a property",
    },
  }))
);
const lines = events.map((one) =>
  JSON.stringify(one, (_key, value) => typeof value === "bigint" ? `#${value}#` : value).replace(/"#(\d+)#"/g, "$1") +
  "\n"
);

const isQuestion = (statement: string) => /^(?:SELECT|DESCRIBE)/.test(statement);

describe("an export into a table of ClickHouse", () => {
  let lab: ProgramLab;
  let engine: ClickHouseServerLab;
  let tables = 0;
  const newTable = () => `lake.events_${++tables}`;
  const load = (table: string, ...flags: string[]) => loadFrom(DAYS[0]!, table, ...flags);
  const loadFrom = (from: string, table: string, ...flags: string[]) =>
    lab.mp([
      "export",
      "events",
      "--from",
      from,
      "--to",
      DAYS[2]!,
      "-o",
      `clickhouse://${engine.host}/${table}`,
      ...flags,
    ], { env: { XDG_STATE_HOME: folder.path(`state/${table}`) } });
  const rowsOf = (table: string) => engine.tables.get(table)?.rows ?? [];
  const counts = (table: string) => DAYS.map((day) => rowsOf(table).filter(({ date }) => date === day).length);
  const WHOLE = [6, 0, 8];

  before(async () => {
    lab = openProgramLab();
    engine = startClickHouseServer();
    const imported = await lab.mp(["import", folder.write("events.jsonl", lines.join("")), "--no-checkpoint"]);
    assert.equal(imported.code, 0, imported.stderr);
  });
  after(async () => {
    await lab.stop();
    await engine.finish();
  });

  it("makes the table, with a partition for each day, and leaves nothing else but its manifest", async () => {
    const table = newTable();
    const { code, stderr } = await load(table);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /Exported 14 events .* to clickhouse:\/\/.*: 3 partitions/);
    assert.deepEqual(counts(table), WHOLE);
    assert.deepEqual([...engine.tables.keys()].filter((name) => name.startsWith(table)).sort(), [
      table,
      `${table}_mp_manifest`,
    ]);
    const { columns, partition } = engine.tables.get(table)!;
    assert.equal(partition, "date");
    assert.deepEqual(Object.fromEntries(columns), {
      event: "String",
      time: "DateTime64(3, 'UTC')",
      distinct_id: "String",
      $insert_id: "Nullable(String)",
      plan: "Nullable(String)",
      amount: "Nullable(Float64)",
      ids: "Nullable(Decimal(38, 0))",
      tags: "Nullable(String)",
      "properties.date": "Nullable(String)",
      other_properties: "Nullable(String)",
      date: "Date",
    });
  });

  it("loads every event once, with its values", async () => {
    const table = newTable();
    assert.equal((await load(table)).code, 0);
    const found = new Map(rowsOf(table).map((row) => [row.$insert_id, row]));
    assert.equal(found.size, events.length);
    for (const { event, properties } of events) {
      const row = found.get(properties.$insert_id)!;
      assert.equal(row.event, event);
      assert.equal(row.plan ?? undefined, properties.plan);
      assert.equal(row.amount, properties.amount);
      assert.equal(BigInt(String(row.ids)), properties.ids);
      assert.equal(row["properties.date"], properties.date);
    }
  });

  it("is exact wherever it stops, with the statement executed or not", async () => {
    const whole = newTable();
    const ofDays = [0, ...WHOLE.slice(1)];
    const before = engine.statements.length;
    assert.equal((await loadFrom(DAYS[1]!, whole)).code, 0);
    const statements = engine.statements.length - before;
    for (let stop = 0; stop < statements; stop++) {
      // What only asks leaves nothing, whether it is answered or not.
      for (const executes of isQuestion(engine.statements[before + stop]!) ? [false] : [false, true]) {
        const table = newTable();
        engine.stopAfter(stop, { executes });
        const stopped = await loadFrom(DAYS[1]!, table);
        assert.notEqual(stopped.code, 0);
        assert.match(stopped.stderr, /Cannot export to clickhouse:/);
        counts(table).forEach((count, day) => assert.ok(count === 0 || count === ofDays[day], `${stop}: ${count}`));
        engine.answerAgain();
        const { code, stderr } = await loadFrom(DAYS[1]!, table);
        assert.equal(code, 0, `${stop} ${executes}: ${stderr}`);
        assert.deepEqual(counts(table), ofDays, `${stop} ${executes}`);
        assert.equal(new Set(rowsOf(table).map(({ $insert_id: id }) => id)).size, ofDays[2]);
        assert.equal(engine.tables.has(`${table}_mp_loading`), false);
      }
    }
  });

  it("goes on by itself when one request is lost", async () => {
    for (let lost = 0; lost < 10; lost++) {
      const table = newTable();
      engine.loseOne(lost, { executes: lost % 2 === 0 });
      const { code, stderr } = await load(table);
      assert.equal(code, 0, `${lost}: ${stderr}`);
      assert.deepEqual(counts(table), WHOLE, String(lost));
    }
  });

  it("fetches nothing that is there, and again what somebody took away", async () => {
    const table = newTable();
    assert.equal((await load(table)).code, 0);
    const again = await load(table);
    assert.match(again.stderr, /Nothing was missing: .* holds 14 events in 3 partitions/);
    const { rows } = engine.tables.get(table)!;
    engine.tables.get(table)!.rows = rows.filter(({ date }) => date !== DAYS[2]).concat(rows.slice(0, 1));
    const mended = await load(table);
    assert.equal(mended.code, 0, mended.stderr);
    assert.deepEqual(counts(table), WHOLE);
  });

  it("adds what is new with --since-last", async () => {
    const table = newTable();
    const address = `clickhouse://${engine.host}/${table}`;
    const run = (...flags: string[]) =>
      lab.mp(["export", "events", "--since-last", "-o", address, ...flags], {
        env: { XDG_STATE_HOME: folder.path(`state/${table}`) },
      });
    const first = await run("--from", DAYS[0]!, "--to", DAYS[1]!);
    assert.equal(first.code, 0, first.stderr);
    assert.deepEqual(counts(table), [6, 0, 0]);
    const second = await run("--lookback", "1d");
    assert.equal(second.code, 0, second.stderr);
    assert.deepEqual(counts(table), WHOLE);
  });

  it("refuses a table with rows of somebody else's, and one without days", async () => {
    const table = newTable();
    assert.equal((await load(table)).code, 0);
    engine.tables.delete(`${table}_mp_manifest`);
    const strange = await load(table);
    assert.equal(strange.code, 3);
    assert.match(strange.stderr, /which no manifest knows/);
    assert.match(strange.stderr, /choose another table/);
    const other = newTable();
    engine.tables.set(other, { columns: new Map([["event", "String"]]), rows: [] });
    const unparted = await load(other);
    assert.equal(unparted.code, 3, unparted.stderr);
    assert.match(unparted.stderr, /its partitions are not days of the column "date"/);
  });

  it("adds columns to a table that lacks them", async () => {
    const table = newTable();
    engine.tables.set(table, {
      columns: new Map([["event", "LowCardinality(String)"], ["date", "Date"]]),
      partition: "date",
      rows: [],
    });
    const { code, stderr } = await load(table, "--names", "safe");
    assert.equal(code, 0, stderr);
    assert.equal(engine.tables.get(table)!.columns.get("event"), "LowCardinality(String)");
    assert.equal(engine.tables.get(table)!.columns.get("insert_id"), "Nullable(String)");
    assert.deepEqual(counts(table), WHOLE);
  });

  it("fetches nothing again whose rows the table merges, and says that it does", async () => {
    const table = newTable();
    engine.tables.set(table, {
      columns: new Map([["event", "String"], ["date", "Date"]]),
      partition: "date",
      engine: "ReplacingMergeTree PARTITION BY date ORDER BY event SETTINGS index_granularity = 8192",
      mergesBy: ["event"],
      rows: [],
    });
    const first = await load(table);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stderr, /merges rows that are alike \(ReplacingMergeTree\): 2 of 6 of 2026-11-19 are there/);
    assert.equal(first.stderr.match(/merges rows/g)!.length, 1);
    assert.deepEqual(counts(table), [2, 0, 2]);
    assert.match((await load(table)).stderr, /Nothing was missing/);
    engine.tables.get(table)!.rows = rowsOf(table).filter(({ date }) => date !== DAYS[0]);
    assert.equal((await load(table)).code, 0);
    assert.deepEqual(counts(table), [2, 0, 2], "a day that is gone comes back");
  });

  it("fetches nothing again that the table has forgotten by its TTL", async () => {
    const table = newTable();
    assert.equal((await load(table)).code, 0);
    Object.assign(engine.tables.get(table)!, {
      engine: "MergeTree PARTITION BY date ORDER BY event TTL date + toIntervalDay(90)",
      rows: rowsOf(table).filter(({ date }) => date !== DAYS[0]),
    });
    assert.match((await load(table)).stderr, /Nothing was missing/);
    assert.deepEqual(counts(table), [0, 0, 8]);
  });

  const refused: readonly (readonly [flags: string[], message: RegExp])[] = [
    [["-f", "csv"], /-f csv for a table/],
    [["--split", "none"], /--split none for a table/],
    [["--add-columns"], /--add-columns for a table/],
    [["--compress", "gzip"], /compress Parquet/],
  ];
  for (const [flags, message] of refused) {
    it(`refuses ${flags.join(" ")}`, async () => {
      const { code, stderr } = await load(newTable(), ...flags);
      assert.equal(code, 3);
      assert.match(stderr, message);
    });
  }

  it("refuses other engines", async () => {
    const { code, stderr } = await lab.mp([
      "export",
      "events",
      "--last",
      "2d",
      "-o",
      "trino://127.0.0.1:1/hive.lake.events",
    ]);
    assert.equal(code, 3);
    assert.match(stderr, /rows are loaded into ClickHouse alone/);
    assert.match(stderr, /mp lake ddl/);
  });
});
