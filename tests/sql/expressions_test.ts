/** Expressions as SQL, held against the evaluator of the language. */
import type { DuckDBConnection } from "@duckdb/node-api";
import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { compileExpression, compileFilter } from "../../src/expressions/evaluate.ts";
import { Moment } from "../../src/expressions/moment.ts";
import { parseExpression } from "../../src/expressions/parse.ts";
import { duckdb } from "../../src/sql/dialects/duckdb.ts";
import { SqlExpressions } from "../../src/sql/expression_sql.ts";
import { seededRandom } from "../helpers/random.ts";
import { NOW_MS } from "../helpers/world.ts";
import { openDuckDb } from "./duckdb_engine.ts";
import { COLUMNS, randomCondition, randomExpression, type RandomRow, randomRow } from "./random_expressions.ts";

const EXPRESSIONS = Number(process.env.MP_SQL_EXPRESSIONS ?? 300);
const TYPES = { string: "VARCHAR", number: "DOUBLE", integer: "BIGINT", boolean: "BOOLEAN" } as Record<string, string>;

interface Row {
  name: string;
  timeMs: number;
  distinctId: string;
  properties: RandomRow;
}

/** The rows as a table of `duckdb`, in their order. */
async function createTable(connection: DuckDBConnection, rows: readonly Row[]): Promise<void> {
  const names = [...COLUMNS.values()].map(({ name, type }) => `${duckdb.identifier(name)} ${TYPES[type]}`);
  await connection.run(
    `CREATE TABLE lake (number INTEGER, event VARCHAR, time TIMESTAMPTZ, distinct_id VARCHAR, ${names.join(", ")})`,
  );
  const lines = rows.map(({ name, timeMs, distinctId, properties }, number) => {
    const values = [...COLUMNS.keys()].map((property) => {
      const value = properties[property as keyof RandomRow];
      return value === undefined ? "NULL" : typeof value === "string" ? duckdb.text(value) : String(value);
    });
    return `(${
      [number, duckdb.text(name), duckdb.moment(timeMs, "instant"), duckdb.text(distinctId), ...values].join(", ")
    })`;
  });
  await connection.run(`INSERT INTO lake VALUES ${lines.join(", ")}`);
}

describe("expressions as SQL", () => {
  it("give what the evaluator gives", { timeout: 300_000 }, async () => {
    const seed = Number(process.env.MP_SQL_SEED ?? Math.floor(Math.random() * 1e9));
    const random = seededRandom(seed);
    const rows = Array.from({ length: 60 }, (): Row => ({
      name: random.pick(["View", "it's"]),
      timeMs: NOW_MS - random.below(1e9),
      distinctId: random.pick(["u-1", "pro", ""]),
      properties: randomRow(random),
    }));
    const connection = await openDuckDb();
    await createTable(connection, rows);
    for (let count = 0; count < EXPRESSIONS; count++) {
      const timeZone = random.pick(["UTC", "Europe/Berlin", "America/New_York"]);
      const options = { table: { from: "lake", columns: COLUMNS }, dialect: duckdb, timeZone, nowMs: NOW_MS };
      const text = randomExpression(random), condition = randomCondition(random);
      const value = new SqlExpressions(options).value(text);
      const filter = new SqlExpressions(options).filter(condition);
      const chosen = `SELECT * RENAME ("events" AS "property_events") FROM lake`;
      const statement = `SELECT ${value.sql}, coalesce(${filter}, false) FROM (${chosen}) ORDER BY number`;
      const told = `seed ${seed}, ${timeZone}: ${text} and ${condition}\n${statement}`;
      const found = (await connection.runAndReadAll(statement).catch((error) => {
        throw new Error(told, { cause: error });
      })).getRows();
      const evaluate = compileExpression(parseExpression(text), { nowMs: NOW_MS, timeZone });
      const matches = compileFilter(parseExpression(condition), { nowMs: NOW_MS, timeZone });
      for (const [index, { name, timeMs, distinctId, properties }] of rows.entries()) {
        const scope = { properties: { ...properties }, event: { name, timeMs, distinctId } };
        const row = `${told}\n${JSON.stringify(scope)}`;
        assert.deepEqual(plain(found[index]![0]), plain(evaluate(scope)), row);
        assert.equal(found[index]![1], matches(scope), row);
      }
    }
    connection.closeSync();
  });
});

/** Numbers as one type, and what is missing as null. */
function plain(value: unknown): unknown {
  if (value === undefined) return null;
  if (value instanceof Moment) return String(value);
  if (typeof value === "bigint") return Number(value);
  // There are two zeros in JavaScript, and a number has 15 digits that engines agree on.
  return typeof value === "number" ? Number((value + 0).toPrecision(15)) : value;
}
