import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { runProgram } from "../helpers/world.ts";
import { openDuckDb } from "../sql/duckdb_engine.ts";

const folder = temporaryFolder();
const mp = async (argv: string[], env = {}) => await runProgram(["sql", ...argv], { env });
const refused = async (argv: string[], message: RegExp) => {
  const { code, stdout, stderr } = await mp(argv);
  assert.match(stderr, message);
  assert.deepEqual([code, stdout], [3, ""]);
};

describe("mp sql", () => {
  it("prints a statement without an account, and nothing else on standard output", async () => {
    const { code, stdout, stderr } = await mp(["segmentation", "Purchase", "--last", "2d", "--engine", "duckdb"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(
      stdout,
      `-- How often "Purchase" happened
-- 2026-11-22 to 2026-11-23 by day, by the clock of UTC
-- Ids are not joined: each distinct_id is a person of its own.
WITH found AS (
  SELECT
    "event",
    "time",
    "distinct_id",
    "$insert_id",
    row_number() OVER (PARTITION BY "event", "time", "distinct_id", "$insert_id" ORDER BY "time") AS copy
  FROM "events"
  WHERE "event" = 'Purchase'
    AND "time" >= TIMESTAMPTZ '2026-11-22 00:00:00.000+00'
    AND "time" < TIMESTAMPTZ '2026-11-24 00:00:00.000+00'
),
chosen AS (
  SELECT "event", "time", "distinct_id", "$insert_id"
  FROM found
  WHERE (copy = 1 OR "$insert_id" IS NULL)
),
counted AS (
  SELECT CAST(("time" AT TIME ZONE 'UTC') AS DATE) AS bucket, count(*) AS events
  FROM chosen
  GROUP BY CAST(("time" AT TIME ZONE 'UTC') AS DATE)
)
SELECT strftime(bucket, '%Y-%m-%d') AS bucket, events
FROM counted
ORDER BY bucket
`,
    );
  });

  it("prints the engine, the question and the statement as JSON", async () => {
    const argv = ["segmentation", "View", "--from", "2026-11-01", "--to", "2026-11-02", "--engine", "trino"];
    const { stdout } = await mp([...argv, "-f", "json"]);
    const { engine, question, statement } = JSON.parse(stdout);
    assert.equal(engine, "trino");
    assert.deepEqual(question, {
      path: "/segmentation",
      event: "View",
      from_date: "2026-11-01",
      to_date: "2026-11-02",
    });
    assert.match(statement, /^-- How often "View" happened\n/);
  });

  it("bounds days by the clock of --tz, or of the variable", async () => {
    const argv = [
      "sum",
      "Buy",
      'properties["amount"]',
      "--from",
      "2026-11-01",
      "--to",
      "2026-11-01",
      "--engine",
      "spark",
    ];
    const bounds =
      /`time` >= TIMESTAMP '2026-10-31 23:00:00.000 UTC'\n {4}AND `time` < TIMESTAMP '2026-11-01 23:00:00.000 UTC'/;
    assert.match((await mp([...argv, "--tz", "Europe/Berlin"])).stdout, bounds);
    assert.match((await mp(argv, { MP_SOURCE_TZ: "Europe/Berlin" })).stdout, bounds);
  });

  it("asks the table, whatever MP_SOURCE says", async () => {
    const argv = ["names", "--engine", "bigquery", "--table", "my-project.web.events"];
    const { code, stdout } = await mp(argv, { MP_SOURCE: folder.path("nowhere") });
    assert.equal(code, 0);
    assert.match(stdout, /FROM `my-project`.`web`.`events`/);
  });

  it("reads a lake with the DuckDB of whoever runs the statement", async () => {
    const lab = openProgramLab();
    try {
      const sent = ["pro", "pro", "it's", undefined].map((plan, index) => ({
        event: "Buy",
        properties: { time: 1_795_000_000 + index, distinct_id: `u-${index}`, $insert_id: `i-${index}`, plan, n: 1.5 },
      }));
      const lines = folder.write("events.jsonl", sent.map((one) => `${JSON.stringify(one)}\n`).join(""));
      await lab.mp(["import", lines, "--no-checkpoint", "-q"]);
      const connection = await openDuckDb();
      for (
        const form of [["-f", "parquet"], ["-f", "parquet", "--hive"], ["-f", "csv"], [
          "-f",
          "csv",
          "--time-format",
          "iso",
        ]]
      ) {
        const lake = folder.path(`it's ${form.join(" ")}/`);
        const exported = await lab.mp(["export", "events", "--last", "30d", "-q", ...form, "-o", lake]);
        assert.equal(exported.code, 0, exported.stderr);
        const argv = ["segmentation", "Buy", "--last", "30d", "--on", 'properties["plan"]', "--engine", "duckdb"];
        const { stdout, stderr } = await mp([...argv, "--lake", lake]);
        const reader = await connection.runAndReadAll(stdout);
        assert.deepEqual(reader.getRows(), [
          ["pro", "2026-11-18", 2n],
          ["it's", "2026-11-18", 1n],
          ["undefined", "2026-11-18", 1n],
        ], `${form.join(" ")} ${stderr}`);
        assert.match(stdout, /row_number\(\)/);
      }
      const lake = folder.path("unique/");
      await lab.mp(["export", "events", "--last", "30d", "-q", "-f", "parquet", "--dedupe", "-o", lake]);
      const { stdout } = await mp(["segmentation", "Buy", "--last", "30d", "--engine", "duckdb", "--lake", lake]);
      assert.doesNotMatch(stdout, /row_number/);
      assert.deepEqual((await connection.runAndReadAll(stdout)).getRows(), [["2026-11-18", 4n]]);
      connection.closeSync();
    } finally {
      await lab.stop();
    }
  });

  it("takes types from a lake for a table of another name", async () => {
    const argv = [
      "segmentation",
      "Buy",
      "--last",
      "30d",
      "--where",
      'number(properties["n"]) > 1',
      "--engine",
      "postgres",
    ];
    const { stdout, stderr } = await mp([...argv, "--lake", folder.path("it's -f parquet/"), "--table", "web.events"]);
    assert.match(stdout, /FROM "web"."events"/, stderr);
    assert.match(stdout, /WHERE \("n" > 1\)/);
  });

  it("refuses what it cannot say in SQL, in words", async () => {
    const days = ["--last", "7d", "--engine", "duckdb"];
    await refused(["segmentation", "Buy", ...days, "--on", 'user["plan"]'], /Cannot write user\["plan"\] as SQL/);
    await refused(["segmentation", "Buy", ...days, "--on", 'list(properties["a"])'], /Cannot write list\(.*\) as SQL/);
    await refused(
      ["segmentation", "Buy", ...days, "--where", 'datetime(string(properties["a"])) > datetime(2026, 1, 1)'],
      /a date is read from text by mp alone/,
    );
    await refused(["numeric", "Buy", 'properties["a"]', ...days, "--math", "unique"], /users by ranges of a number/);
    await refused(
      ["segmentation", "Buy", ...days, "--where", "properties[", "--no-check"],
      /Cannot ask in SQL: .*/,
    );
    await refused(["names", "--engine", "snowflake", "--table", "Found"], /a part of the statement has that name/);
    await refused(["active", ...days], /Cannot ask for several periods in one statement/);
    await refused(["top", ...days], /most frequent events of a range/);
  });

  it("refuses a table without a name, engines that it does not know, and files that are no table", async () => {
    await refused(["names", "--engine", "duckdb", "--table", "a..b"], /Cannot write the name "" in the SQL of DuckDB/);
    await refused(["names", "--engine", "oracle"], /--engine/);
    await refused(["names", "--engine", "duckdb", "--lake", folder.path("events.jsonl")], /Cannot make a table of/);
    await refused(
      ["names", "--engine", "duckdb", "-f", "xlsx", "-o", folder.path("a.xlsx")],
      /Cannot write a statement as xlsx/,
    );
  });
});
