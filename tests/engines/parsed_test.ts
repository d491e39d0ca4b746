/** What cannot be run here is parsed: the statements of random questions, and those that make a lake a table. */
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { type EngineName, ENGINES } from "../../src/sql/dialect.ts";
import { DIALECTS } from "../../src/sql/dialects/index.ts";
import { describeUnless } from "../helpers/needs.ts";
import { installPackages, SQL_PARSER } from "../helpers/python_packages.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { askLake } from "./asked_lakes.ts";
import { sqlTable, statementOf } from "./engine_run.ts";
import { RUN_ENGINES } from "./engines.ts";
import { DUCKDB } from "./drivers/duckdb.ts";
import { type LineProcess, startLines } from "./drivers/processes.ts";

const SEED = Number(process.env.MP_ENGINE_SEED ?? Math.floor(Math.random() * 1e6));
const QUESTIONS = 60;
const { MP_ENGINE_FIGURES: FIGURES } = process.env;
const script = join(import.meta.dirname!, "drivers", "parse.py");
/** Where the engine finds the lake, if it is no folder. */
const LOCATIONS: Partial<Record<EngineName, string>> = {
  bigquery: "gs://bucket/lake",
  snowflake: "s3://bucket/lake",
  trino: "s3://bucket/lake",
};

const folder = temporaryFolder();
const asked = askLake(folder, SEED, QUESTIONS);

const installed = installPackages(SQL_PARSER);
describeUnless("reason" in installed && installed.reason, "sqlglot", () => {
  const parsing = async (body: (parser: LineProcess) => Promise<void>) => {
    const parser = startLines(["reason" in installed ? "" : installed.python, script]);
    try {
      await body(parser);
    } finally {
      await parser.stop();
    }
  };
  describe("understands", { timeout: 600_000 }, () => {
    for (const dialect of ENGINES) {
      it(`statements of questions for ${DIALECTS[dialect].title}`, () =>
        parsing(async (parser) => {
          const { lake, timeZone, questions } = await asked;
          const install = DUCKDB.install();
          if ("reason" in install) throw new Error(install.reason);
          const duckdb = await install.start(folder.path("."));
          const { columns } = await duckdb.load(lake);
          await duckdb.stop();
          const table = await sqlTable(lake.name, { from: lake.name, columns });
          const types = Object.fromEntries(columns.map(({ name, type }) => [name, type]));
          // Names without quotes are capital letters there.
          const name = dialect === "snowflake" ? lake.name.toUpperCase() : lake.name;
          // What is run shows itself which functions there are.
          const isRun = RUN_ENGINES.some((engine) => engine.dialect === dialect);
          let parsed = 0;
          for (const question of questions) {
            const written = statementOf(question, { dialect, table, timeZone });
            if ("refused" in written) continue;
            const { statement } = written;
            const wrong = await parser.ask({ dialect, statement, table: name, columns: types, isRun });
            assert.equal(wrong, null, `${question.told}\n${statement}`);
            parsed++;
          }
          if (FIGURES !== undefined) appendFileSync(FIGURES, `${JSON.stringify({ dialect, parsed })}\n`);
        }));

      it(`tables of ${DIALECTS[dialect].title}`, () =>
        parsing(async (parser) => {
          const { lake } = await asked;
          for (const statement of await lake.ddl({ engine: dialect, location: LOCATIONS[dialect] })) {
            // What follows is for psql, and the parser does not know that an external table is refreshed.
            if (/^(?:\\copy|ALTER EXTERNAL TABLE \S+ REFRESH)/.test(statement)) break;
            assert.equal(await parser.ask({ dialect, statement }), null, statement);
          }
        }));
    }
  });
});
