/** `mp lake ddl`: DuckDB runs what it prints for it; what it prints for others is looked at here, and run by test:engines. */
import assert from "node:assert/strict";
import { DuckDBInstance } from "@duckdb/node-api";
import { after, before, describe, it } from "node:test";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { runProgram } from "../helpers/world.ts";

const folder = temporaryFolder();
const EVIL = `a"b'c\`d\\e); DROP TABLE x; --`;

const events = Array.from({ length: 9 }, (_, index) => ({
  event: "Buy",
  properties: {
    time: Date.UTC(2026, 10, 20 + index % 3, 10) / 1000,
    distinct_id: `u-${index}`,
    $insert_id: `i-${index}`,
    plan: "pro",
    amount: index + 0.5,
    paid: index % 2 === 0,
    tags: ["a"],
    [EVIL]: "x",
  },
}));

const LEXICON = [
  {
    entityType: "event",
    name: "Buy",
    schemaJson: { properties: { plan: { type: "string", description: "It's the\nplan" }, amount: { type: "number" } } },
  },
  { entityType: "profile", name: "$user", schemaJson: { properties: { plan: { description: "of the profile" } } } },
];

describe("mp lake ddl", () => {
  let lab: ProgramLab;
  const lakes: Record<string, string> = {};
  const ddl = (...argv: string[]) => runProgram(["lake", "ddl", ...argv]);
  const printed = async (...argv: string[]) => {
    const { code, stdout, stderr } = await ddl(...argv);
    assert.equal(code, 0, stderr);
    return stdout;
  };

  before(async () => {
    lab = openProgramLab();
    const lines = events.map((one) => `${JSON.stringify(one)}\n`).join("");
    const imported = await lab.mp(["import", folder.write("events.jsonl", lines), "--no-checkpoint"]);
    assert.equal(imported.code, 0, imported.stderr);
    const forms: Record<string, string[]> = {
      hive: ["--hive", "-f", "parquet"],
      safe: ["--hive", "-f", "parquet", "--names", "safe"],
      flat: ["-f", "parquet"],
      months: ["--hive", "--split", "month", "-f", "parquet"],
      csv: ["-f", "csv"],
      iso: ["-f", "tsv", "--time-format", "iso", "--null", "NULL"],
      lines: [],
    };
    for (const [name, flags] of Object.entries(forms)) {
      lakes[name] = folder.path(`it's ${name}/`);
      const { code, stderr } = await lab.mp(["export", "events", "--last", "5d", "-o", lakes[name], ...flags]);
      assert.equal(code, 0, stderr);
    }
  });
  after(() => lab.stop());

  for (const name of ["hive", "safe", "flat", "months", "csv", "iso"]) {
    it(`makes a view of DuckDB over a lake with ${name}`, async () => {
      const connection = await (await DuckDBInstance.create()).connect();
      const lexicon = folder.write("lexicon.json", JSON.stringify(LEXICON));
      await connection.run(
        await printed(lakes[name]!, "--engine", "duckdb", "--table", "main.the events", "--lexicon-file", lexicon),
      );
      const rows = async (statement: string) => (await connection.runAndReadAll(statement)).getRows();
      assert.deepEqual(await rows('SELECT count(*), sum(amount), count(*) FILTER (paid) FROM "the events"'), [[
        9n,
        40.5,
        5n,
      ]]);
      const [[comment] = []] = await rows(
        "SELECT comment FROM duckdb_columns() WHERE table_name = 'the events' AND column_name = 'plan'",
      );
      assert.equal(comment, "It's the plan");
      if (name === "hive") {
        assert.deepEqual(await rows(`SELECT count(*) FROM "the events" WHERE date = DATE '2026-11-21'`), [[3n]]);
      }
      if (name === "months") {
        assert.deepEqual(await rows(`SELECT DISTINCT month FROM "the events"`), [["2026-11"]]);
      }
    });
  }

  it("reads the columns of Parquet files without a manifest from a footer", async () => {
    const file = folder.path("one.parquet");
    assert.equal((await lab.mp(["export", "events", "--last", "5d", "-o", file])).code, 0);
    const statement = await printed(file, "--engine", "clickhouse");
    assert.match(statement, /`amount` Nullable\(Float64\)/);
    assert.match(statement, /`paid` Nullable\(Bool\)/);
    assert.match(statement, /`tags` Nullable\(String\)/);
    assert.match(statement, /ENGINE = File\(Parquet, '.*one\.parquet'\)/);
  });

  const shown: readonly (readonly [engine: string, lake: string, flags: string[], parts: RegExp[]])[] = [
    ["clickhouse", "hive", ["--location", "s3://lake/mp/"], [
      /^CREATE TABLE `events` \(\n {2}`event` String COMMENT 'The name of the event',\n {2}`time` DateTime64\(3, 'UTC'\)/m,
      /ENGINE = S3\('s3:\/\/lake\/mp\/date=\*\/\*\.parquet', 'Parquet'\)/,
      /`a"b'c\\`d\\\\e\); DROP TABLE x; --` Nullable\(String\)/,
    ]],
    ["trino", "safe", ["--location", "s3://lake/mp"], [
      /CREATE TABLE "hive"\."default"\."events" \(/,
      /"date" date COMMENT 'The day of the event, by the calendar of the project'\n\)/,
      /external_location = 's3:\/\/lake\/mp\/'/,
      /partitioned_by = ARRAY\['date'\]/,
      /CALL "hive"\.system\.sync_partition_metadata\('default', 'events', 'FULL'\);/,
    ]],
    ["spark", "safe", ["--location", "s3://lake/mp"], [
      /USING parquet\nPARTITIONED BY \(`date`\)\nLOCATION 's3a:\/\/lake\/mp'/,
      /MSCK REPAIR TABLE `events`;/,
    ]],
    ["bigquery", "safe", ["--location", "gs://lake/mp", "--table", "shop.events"], [
      /CREATE EXTERNAL TABLE `shop`\.`events` \(/,
      /WITH PARTITION COLUMNS \(`date` DATE\)/,
      /uris = \['gs:\/\/lake\/mp\/\*\.parquet'\]/,
      /hive_partition_uri_prefix = 'gs:\/\/lake\/mp'/,
    ]],
    ["snowflake", "hive", ["--location", "gs://lake/mp"], [
      /CREATE STAGE "events_files"\n {2}URL = 'gcs:\/\/lake\/mp\/';/,
      /"time" TIMESTAMP_NTZ AS \(VALUE:"time"::TIMESTAMP_NTZ\)/,
      /"a""b'c`d\\e\); DROP TABLE x; --" VARCHAR AS \(VALUE:"a""b'c`d\\e\); DROP TABLE x; --"::VARCHAR\)/,
      /PARTITION BY \("date"\)/,
    ]],
    ["postgres", "flat", [], [
      /"time" timestamptz/,
      /^\\copy "events" FROM PROGRAM 'duckdb -c ''COPY \(SELECT \* FROM read_parquet\(.*\)'' *\(FORMAT csv\)$|^\\copy "events"/m,
      /CREATE INDEX ON "events" \("event", "time"\);/,
    ]],
  ];
  for (const [engine, lake, flags, parts] of shown) {
    it(`prints a table of ${engine}`, async () => {
      const statement = await printed(lakes[lake]!, "--engine", engine, ...flags);
      for (const part of parts) assert.match(statement, part);
    });
  }

  it("prints statements apart as JSON", async () => {
    const answer = JSON.parse(await printed(lakes.safe!, "--engine", "spark", "-f", "json"));
    assert.equal(answer.engine, "spark");
    assert.equal(answer.statements.length, 2);
  });

  it("prints a source of dbt", async () => {
    const lexicon = folder.write("lexicon.jsonl", LEXICON.map((one) => `${JSON.stringify(one)}\n`).join(""));
    const source = await printed(lakes.hive!, "--dbt", "--table", "raw.shop.events", "--lexicon-file", lexicon);
    assert.match(source, /^version: 2\n\nsources:\n {2}- name: mixpanel\n {4}database: "raw"\n {4}schema: "shop"\n/);
    assert.match(source, /- name: "plan"\n {12}description: "It's the plan"\n/);
    assert.match(source, /- name: "\$insert_id"\n.*\n {12}quote: true\n/);
  });

  it("takes the events and the Lexicon of a backup", async () => {
    const backup = folder.path("backup");
    assert.equal((await lab.mp(["export", "all", backup, "--last", "5d", "-q"])).code, 0);
    const { code, stderr } = await ddl(backup, "--engine", "duckdb");
    assert.equal(code, 3);
    assert.match(stderr, /backup\/events": it is an export of JSON Lines/);
  });

  const refused: readonly (readonly [argv: string[], code: number, message: RegExp])[] = [
    [["lines", "--engine", "duckdb"], 3, /JSON Lines, which have no columns/],
    [["hive", "--engine", "bigquery", "--location", "gs://a/b"], 3, /cannot be called .* there\nhint: .*--names safe/],
    [["safe", "--engine", "bigquery"], 3, /it reads gs:\/\/ addresses/],
    [["safe", "--engine", "snowflake"], 3, /it reads folders in buckets/],
    [["csv", "--engine", "trino"], 3, /its files are CSV/],
    [["safe"], 3, /no engine is given/],
    [["safe", "--engine", "duckdb", "--dbt"], 3, /--engine with --dbt/],
    [["safe", "--engine", "duckdb", "--table", "a.b.c.d"], 3, /no name of one/],
  ];
  for (const [[lake = "", ...flags], code, message] of refused) {
    it(`refuses ${lake} ${flags.join(" ")}`, async () => {
      const result = await ddl(lakes[lake]!, ...flags);
      assert.equal(result.code, code, result.stderr);
      assert.match(result.stderr, message);
      assert.equal(result.stdout, "");
    });
  }

  it("tells of a folder that is not there, and of a Lexicon that is none", async () => {
    const gone = await ddl(folder.path("gone"), "--engine", "duckdb");
    assert.equal(gone.code, 4);
    assert.match(gone.stderr, /there is no such file or folder/);
    const bad = await ddl(lakes.safe!, "--engine", "duckdb", "--lexicon-file", folder.write("bad.json", "[{"));
    assert.equal(bad.code, 3);
    assert.match(bad.stderr, /Cannot read the Lexicon in .*bad\.json: it is not JSON/);
  });
});
