/** Questions asked of tables in engines, which stubs of their protocols are. Real ones are asked by test:engines. */
import assert from "node:assert/strict";
import { chmodSync, readFileSync } from "node:fs";
import { delimiter } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, describe, it } from "node:test";
import { itUnless } from "../helpers/needs.ts";
import { startStubServer, type StubServer } from "../helpers/stub_server.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { runProgram, type WorldOptions } from "../helpers/world.ts";

const COLUMNS = [
  ["event", "LowCardinality(String)", "", "", ""],
  ["time", "DateTime64(3, 'UTC')", "", "", ""],
  ["distinct_id", "String", "", "", ""],
  ["$insert_id", "Nullable(String)", "", "", ""],
  ["plan", "Nullable(String)", "", "", ""],
  ["city", "Nullable(String)", "", "", ""],
  ["tags", "Nullable(String)", "", "", "JSON"],
  ["parts", "Array(String)", "", "", ""],
  ["date", "Date", "", "", "The day of the event, by the calendar of the project"],
  ["other_properties", "Nullable(String)", "", "", "JSON"],
];
const QUESTION = ["query", "segmentation", "Buy", "--from", "2026-11-20", "--to", "2026-11-22"];

const folder = temporaryFolder();
let server: StubServer;

const table = (types: readonly string[], data: unknown[][]) => ({
  json: { meta: types.map((type, index) => ({ name: `c${index}`, type })), data, rows: data.length },
});
const described = (columns: unknown[][] = COLUMNS) => table(Array(5).fill("String"), columns);
const ask = (argv: string[], options: WorldOptions = {}) =>
  runProgram([...argv, "--source", `clickhouse://127.0.0.1:${server.port}/lake.events`], options);

beforeEach(async () => void (server = await startStubServer()));
afterEach(() => server.finish());

describe("a question asked of a table in ClickHouse", () => {
  it("is one statement, whose rows become the answer of the query API", async () => {
    server.on("POST", "/", described());
    server.on("POST", "/", table(["String", "UInt64"], [["2026-11-22", "3"], ["2026-11-20", "2"]]));
    const { code, stdout, stderr } = await ask([...QUESTION, "-f", "json"], {
      env: { MP_CLICKHOUSE_USER: "ana", MP_CLICKHOUSE_PASSWORD: "pass-w0rd-1" },
    });
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), {
      data: {
        series: ["2026-11-20", "2026-11-21", "2026-11-22"],
        values: { Buy: { "2026-11-20": 2, "2026-11-21": 0, "2026-11-22": 3 } },
      },
      legend_size: 1,
    });
    assert.match(stderr, /Asked clickhouse:\/\/127\.0\.0\.1:\d+\/lake\.events in .*: 2 rows\n/);
    assert.match(stderr, /Ids are not joined/);
    assert.doesNotMatch(stderr, /pass-w0rd/);
    const [describe_, question] = server.requests;
    assert.equal(describe_?.text, "DESCRIBE TABLE `lake`.`events`");
    assert.equal(question?.headers.get("x-clickhouse-user"), "ana");
    assert.match(question?.text ?? "", /^-- .*"Buy".*\n/);
    assert.match(question?.text ?? "", /FROM `lake`\.`events`/);
    assert.match(question?.text ?? "", /`date` >= DATE '2026-11-19'\n +AND `date` <= DATE '2026-11-23'/);
  });

  it("is shown in the same table, and with -v the statement", async () => {
    server.on("POST", "/", described());
    server.on("POST", "/", table(["String", "UInt64"], [["2026-11-20", "2"]]));
    const { code, stdout, stderr } = await ask([...QUESTION, "-f", "csv", "-v"]);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "date,segment,value\n2026-11-20,Buy,2\n2026-11-21,Buy,0\n2026-11-22,Buy,0\n");
    assert.match(stderr, /FROM `lake`\.`events`/);
  });

  it("is asked of the table of MP_SOURCE", async () => {
    server.on("POST", "/", described());
    server.on("POST", "/", table(["String", "UInt64"], []));
    const env = { MP_SOURCE: `clickhouse://127.0.0.1:${server.port}/lake.events` };
    const { code, stderr } = await runProgram([...QUESTION, "-f", "json"], { env });
    assert.equal(code, 0, stderr);
  });

  it("finds columns with safe names", async () => {
    server.on("POST", "/", described());
    server.on("POST", "/", table(["String", "Nullable(String)", "UInt64"], []));
    const { code, stderr } = await ask([...QUESTION, "--on", 'properties["$city"]', "-f", "json"]);
    assert.equal(code, 0, stderr);
    assert.match(server.requests[1]?.text ?? "", /`city`/);
    assert.doesNotMatch(stderr, /no column/);
  });

  it("does not take one of two columns for a property that differs by case from both", async () => {
    const numbered = ["num", "num_2", "Size", "properties.event", "properties.EVENT_2"]
      .map((name) => [name, "Nullable(String)", "", "", ""]);
    for (const [property, columns] of [["Num", /"num" or "num_2"/], ["EVENT", /"properties.event" or /]] as const) {
      server.on("POST", "/", described([...COLUMNS, ...numbered]));
      const { code, stderr } = await ask([...QUESTION, "--on", `properties["${property}"]`, "-f", "json"]);
      assert.equal(code, 3, stderr);
      assert.match(stderr, /"code":"bad_column"/);
      assert.match(JSON.parse(stderr).error.message, columns);
    }
    for (const [property, column] of [["num", "num"], ["num_2", "num_2"], ["size", "Size"]] as const) {
      server.on("POST", "/", described([...COLUMNS, ...numbered]));
      server.on("POST", "/", table(["String", "Nullable(String)", "UInt64"], []));
      const { code, stderr } = await ask([...QUESTION, "--on", `properties["${property}"]`, "-f", "json"]);
      assert.equal(code, 0, stderr);
      assert.match(server.requests.at(-1)?.text ?? "", new RegExp(`\`${column}\``));
    }
  });

  it("says that a property has no column", async () => {
    server.on("POST", "/", described());
    server.on("POST", "/", table(["String", "Nullable(String)", "UInt64"], []));
    const { stderr } = await ask([...QUESTION, "--on", 'properties["plann"]', "-f", "json"]);
    assert.match(stderr, /The table has no column for "plann", and other_properties is not looked at/);
  });

  it("tells times in seconds from times in milliseconds", async () => {
    for (const [last, bound] of [["1790000000", "1795132800"], ["1790000000000", "1795132800000"]] as const) {
      server.on("POST", "/", described(COLUMNS.map((column) => column[0] === "time" ? ["time", "UInt64"] : column)));
      server.on("POST", "/", table(["UInt64"], [[last]]));
      server.on("POST", "/", table(["String", "UInt64"], []));
      const { code, stderr } = await ask([...QUESTION, "-f", "json"]);
      assert.equal(code, 0, stderr);
      assert.equal(Date.parse("2026-11-20") / 1000, 1795132800);
      assert.match(server.requests.at(-1)?.text ?? "", new RegExp(`\`time\` >= ${bound}\\b`));
    }
  });

  const refused: readonly (readonly [
    argv: string[],
    columns: unknown[][] | undefined,
    code: number,
    message: RegExp,
  ])[] = [
    [[...QUESTION, "--on", 'properties["parts"]'], COLUMNS, 3, /about "parts": its column is of type Array\(String\)/],
    [QUESTION, COLUMNS.slice(1), 3, /it has no column "event"/],
    [QUESTION, [["event", "String"], ["time", "Date"], ["distinct_id", "String"]], 3, /"time" is of type Date/],
    [["query", "flows", "--from", "Buy", "--last", "5d"], COLUMNS, 3, /as SQL/],
    [[...QUESTION, "--dry-run"], undefined, 3, /'mp sql' prints the statement/],
    [[...QUESTION, "--preset", "amplitude"], undefined, 3, /--preset with clickhouse:/],
    [[...QUESTION, "--source", "lake/"], undefined, 3, /several sources of which one is an engine/],
  ];
  for (const [argv, columns, code, message] of refused) {
    it(`is refused: ${argv.slice(1).join(" ")} ${columns?.length ?? ""}`, async () => {
      if (columns !== undefined) server.on("POST", "/", described(columns));
      const result = await ask(argv);
      assert.equal(result.code, code, result.stderr);
      assert.match(result.stderr, message);
      assert.equal(result.stdout, "");
    });
  }

  it("ends with the engine's words when that refuses it", async () => {
    server.on("POST", "/", { status: 404, body: "Code: 60. DB::Exception: Table lake.events does not exist\n" });
    const { code, stderr } = await ask(QUESTION);
    assert.equal(code, 4);
    assert.match(stderr, /Cannot ask clickhouse:.*: there is no such table \(60: Table lake\.events does not exist\)/);
  });

  it("ends with 130 when it is interrupted, and ends the statement", async () => {
    const controller = new AbortController();
    server.on("POST", "/", described());
    server.on("POST", "/", () => {
      controller.abort();
      return { raw: [], then: "hang" };
    });
    server.on("POST", "/", { body: "" });
    const { code } = await ask(QUESTION, { signal: controller.signal });
    assert.equal(code, 130);
    assert.match(server.requests[2]?.text ?? "", /^KILL QUERY WHERE query_id = /);
  });
});

describe("a question asked of a table in Trino", () => {
  it("is one statement too", async () => {
    const page = (types: string[], data: unknown[][]) => ({
      json: { id: "1", columns: types.map((type, index) => ({ name: `c${index}`, type })), data },
    });
    const columns = [["event", "varchar"], ["time", "timestamp(3)"], ["distinct_id", "varchar"], [
      "insert_id",
      "varchar",
    ]];
    server.on("POST", "/v1/statement", page(Array(4).fill("varchar"), columns.map((column) => [...column, "", ""])));
    server.on("POST", "/v1/statement", page(["varchar", "bigint"], [["2026-11-21", 7]]));
    const source = `trino://127.0.0.1:${server.port}/hive.lake.events`;
    const { code, stdout, stderr } = await runProgram([
      ...QUESTION,
      "--math",
      "unique",
      "-f",
      "csv",
      "--source",
      source,
    ]);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "date,segment,value\n2026-11-20,Buy,0\n2026-11-21,Buy,7\n2026-11-22,Buy,0\n");
    assert.match(server.requests[1]?.text ?? "", /FROM "hive"\."lake"\."events"/);
    assert.match(server.requests[1]?.text ?? "", /"time" >= TIMESTAMP '2026-11-20 00:00:00/);
  });
});

describe("a question asked of a file of DuckDB", () => {
  /** A program of that name which keeps its arguments, and prints lines. */
  function program(name: string, script: string): string {
    const path = folder.write(`${name}/duckdb`, `#!/bin/sh\n${script}`);
    chmodSync(path, 0o755);
    return folder.path(name);
  }
  const columns = ["tags JSON", "event VARCHAR", "time TIMESTAMP WITH TIME ZONE", "distinct_id VARCHAR"].map((one) => {
    const [name = "", ...type] = one.split(" ");
    return JSON.stringify({ column_name: name, column_type: type.join(" ") });
  });
  const file = folder.write("lake.db", "");
  const withPath = (path: string) => ({ env: { PATH: `${path}${delimiter}${process.env.PATH}` } });
  const noShell = process.platform === "win32" && "no shell";

  itUnless(noShell, "runs the program, which opens the file to read it", async () => {
    const rows = [
      { column_name: "segment", column_type: "JSON" },
      { column_name: "bucket", column_type: "VARCHAR" },
      { column_name: "events", column_type: "HUGEINT" },
      { mp_rows_follow: "mp_rows_follow" },
      { segment: ["a", "b"], bucket: "2026-11-22", events: "5" },
    ].map((row) => JSON.stringify(row));
    const path = program(
      "works",
      `printf '%s\\n' "$*" >> "$0.log"\ncase "$*" in *mp_rows_follow*) printf '%s\\n' '${rows.join("' '")}';; ` +
        `*) printf '%s\\n' '${columns.join("' '")}';; esac\n`,
    );
    const { code, stdout, stderr } = await runProgram(
      [...QUESTION, "--on", 'properties["tags"]', "-f", "csv", "--source", `duckdb:${file}?main.events`],
      withPath(path),
    );
    assert.equal(code, 0, stderr);
    const lines = [
      "2026-11-20,a,0",
      "2026-11-20,b,0",
      "2026-11-21,a,0",
      "2026-11-21,b,0",
      "2026-11-22,a,5",
      "2026-11-22,b,5",
    ];
    assert.equal(stdout, ["date,segment,value", ...lines, ""].join("\n"));
    const log = readFileSync(folder.path("works/duckdb.log"), "utf8");
    assert.match(
      log,
      /-readonly -init \/dev\/null -cmd SET TimeZone = 'UTC' -jsonlines .*lake\.db -c DESCRIBE "?main"?\."?events"?/,
    );
  });

  itUnless(noShell, "tells what the program says", async () => {
    const path = program(
      "fails",
      `echo 'IO Error: Could not set lock on file "x": Conflicting lock is held' >&2; exit 1\n`,
    );
    const { code, stderr } = await runProgram([...QUESTION, "--source", `duckdb:${file}?events`], withPath(path));
    assert.equal(code, 1);
    assert.match(stderr, /DuckDB refuses it \(IO Error: Could not set lock on file/);
    assert.match(stderr, /hint: another program has the file open/);
  });

  itUnless(noShell, "tells of a file of data, which is no database", async () => {
    const path = program(
      "data",
      `echo 'Catalog Error: Cannot launch in-memory database in read-only mode!' >&2; exit 1\n`,
    );
    const { code, stderr } = await runProgram([...QUESTION, "--source", `duckdb:${file}?events`], withPath(path));
    assert.equal(code, 1);
    assert.match(stderr, /hint: that is no database of DuckDB's; files of events are asked with --source ".*lake\.db"/);
  });

  itUnless(noShell, "tells of a statement that is too long for an argument", async () => {
    const path = program("long", `printf '%s\\n' '${columns.join("' '")}'\n`);
    const where = `properties["$distinct_id"] == ${JSON.stringify("x".repeat(1_500_000))}`;
    const { code, stderr } = await runProgram(
      [...QUESTION, "--where", where, "--source", `duckdb:${file}?events`],
      withPath(path),
    );
    assert.equal(code, 3, stderr.slice(0, 500));
    assert.match(stderr, /the statement is too long to be given to duckdb\nhint: ask with fewer values/);
  });

  it("says what to install where there is no such program", async () => {
    const { code, stderr } = await runProgram([...QUESTION, "--source", `duckdb:${file}?events`], {
      env: { PATH: folder.path("empty") },
    });
    assert.equal(code, 1);
    assert.match(stderr, /there is no program duckdb in the PATH\nhint: install it/);
  });

  it("tells of a file that is not there", async () => {
    const { code, stderr } = await runProgram([...QUESTION, "--source", "duckdb:nowhere.db?events"]);
    assert.equal(code, 4);
    assert.match(stderr, /there is no file "nowhere\.db"/);
  });
});
