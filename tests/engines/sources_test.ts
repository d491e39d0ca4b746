/** `--source clickhouse://…`, `trino://…` and `duckdb:…` of engines that run: the same answers, printed as ever. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import process from "node:process";
import { it } from "node:test";
import { describeUnless, itUnless } from "../helpers/needs.ts";
import { DUCKDB_CLI, installPackages } from "../helpers/python_packages.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { runProgram } from "../helpers/world.ts";
import { type AskedLake, askLake } from "./asked_lakes.ts";
import { installedClickHouse, serveClickHouse } from "./drivers/served_clickhouse.ts";
import { TRINO } from "./drivers/trino.ts";

const SEED = Number(process.env.MP_ENGINE_SEED ?? Math.floor(Math.random() * 1e6));
const QUESTIONS = 20;

const folder = temporaryFolder();
let made: Promise<AskedLake> | undefined;
const askedLake = () => made ??= askLake(folder, SEED, QUESTIONS);

/** Asks everything again, of an engine. */
async function checkSource(address: string, env: Record<string, string | undefined> = {}): Promise<void> {
  const { questions, timeZone } = await askedLake();
  let equal = 0;
  for (const { argv, told, answer } of questions) {
    const { code, stdout, stderr } = await runProgram([...argv, "--source", address, "--tz", timeZone], { env });
    if (code === 3 && stderr.includes("not_in_sql")) continue;
    assert.equal(code, 0, `${told}: ${stderr}`);
    assert.deepEqual(JSON.parse(stdout), answer, told);
    assert.match(stderr, /^Asked .* in /m);
    equal++;
  }
  assert.ok(equal > QUESTIONS / 2, `only ${equal} have a statement`);
  const missing = await runProgram(["query", "segmentation", "View", "--last", "3d", "--source", `${address}x`], {
    env,
  });
  assert.deepEqual([missing.code, /there is no such table/.test(missing.stderr)], [4, true], missing.stderr);
}

const duckdb = installPackages(DUCKDB_CLI);
itUnless("reason" in duckdb && duckdb.reason, "DuckDB's executable answers", { timeout: 3_600_000 }, async () => {
  if ("reason" in duckdb) return;
  const env = { PATH: `${dirname(duckdb.python)}:${process.env.PATH}` };
  const { lake } = await askedLake();
  const file = folder.path("lake.db");
  for (const statement of await lake.ddl({ engine: "duckdb" })) {
    const { status, stderr } = spawnSync("duckdb", [file, "-c", statement], { env, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  }
  await checkSource(`duckdb:${file}?${lake.name}`, env);
});

const clickhouse = installedClickHouse();
itUnless("reason" in clickhouse && clickhouse.reason, "ClickHouse answers", { timeout: 3_600_000 }, async () => {
  if ("reason" in clickhouse) return;
  const { lake } = await askedLake();
  const served = await serveClickHouse(clickhouse.python, folder.path("clickhouse"));
  try {
    for (const statement of await lake.ddl({ engine: "clickhouse" })) await served.ask(statement);
    // An answer that a profile cuts short silently has wrong numbers.
    await served.ask("SET group_by_overflow_mode = 'any'");
    await served.ask("SET result_overflow_mode = 'break'");
    await checkSource(`clickhouse://127.0.0.1:${served.port}/default.${lake.name}`);
    await served.ask("SET max_rows_to_group_by = 1");
    const argv = ["query", "active", "--last", "20d", "--unit", "day", "--source"];
    const cut = await runProgram([...argv, `clickhouse://127.0.0.1:${served.port}/default.${lake.name}`]);
    assert.deepEqual([cut.code, /limit/i.test(cut.stderr)], [1, true], cut.stderr);
  } finally {
    await served.stop();
  }
});

const trino = TRINO.install();
describeUnless("reason" in trino && trino.reason, "Trino", () => {
  it("answers", { timeout: 3_600_000 }, async () => {
    if ("reason" in trino) return;
    const { lake } = await askedLake();
    const running = await trino.start(folder.path("."));
    try {
      const { address } = await running.source!(await running.load(lake));
      await checkSource(address);
    } finally {
      await running.stop();
    }
  });
});
