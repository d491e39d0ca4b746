/** The column of days lets engines skip files, and changes no answer, whatever the zones of the export and of the question. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { duckdb } from "../../src/sql/dialects/duckdb.ts";
import { sqlQuestion } from "../../src/sql/sql_question.ts";
import type { SqlTable } from "../../src/sql/sql_table.ts";
import { seededRandom } from "../helpers/random.ts";
import { answerOf, openDuckDb } from "./duckdb_engine.ts";

const ZONES = ["UTC", "Pacific/Kiritimati", "Pacific/Midway", "America/St_Johns", "Asia/Kolkata"];
const FIRST_MS = Date.UTC(2026, 10, 1), HOURS = 20 * 24;

it("bounds by the column of days change no answer", async () => {
  const random = seededRandom(11);
  const connection = await openDuckDb();
  await connection.run("SET TimeZone = 'UTC'");
  for (const [index, exported] of ZONES.entries()) {
    for (const length of [1, 7]) {
      const name = `events_${index}_${length}`;
      const local = `(to_timestamp((${FIRST_MS} + n * 1800000) / 1000) AT TIME ZONE '${exported}')`;
      await connection.run(
        `CREATE TABLE ${name} AS SELECT 'Buy' AS event, to_timestamp((${FIRST_MS} + n * 1800000) / 1000) AS time, ` +
          `'u' || n % 7 AS distinct_id, 'i' || n AS "$insert_id", ` +
          `date_trunc('${length === 7 ? "week" : "day"}', ${local})::DATE AS part FROM range(${2 * HOURS}) AS r(n)`,
      );
      for (let round = 0; round < 6; round++) {
        const from = 1 + random.below(18), to = from + random.below(20 - from);
        const day = (number: number) => `2026-11-${String(number).padStart(2, "0")}`;
        const fields = new Map<string, unknown>(Object.entries({
          event: "Buy",
          from_date: day(from),
          to_date: day(to),
          unit: "day",
          type: random.pick(["general", "unique"]),
        }));
        const question = (table: SqlTable) =>
          sqlQuestion({ path: "/segmentation", fields }, { table, dialect: duckdb, timeZone, nowMs: FIRST_MS });
        const timeZone = random.pick(ZONES);
        const [bare, bounded] = [question({ from: name }), question({ from: name, days: { name: "part", length } })];
        assert.match(bounded.statement, /"part" >= DATE .2026-1\d-\d\d.\n +AND "part" <= DATE .2026-1\d-\d\d./);
        assert.deepEqual(await answerOf(connection, bounded), await answerOf(connection, bare), bounded.statement);
      }
    }
  }
});
