/** Questions that an engine is asked, and what came of them. */
import assert from "node:assert/strict";
import { tableOfEngine } from "../../src/commands/query/shared/engine_table.ts";
import { MpError } from "../../src/errors.ts";
import { DIALECTS } from "../../src/sql/dialects/index.ts";
import type { SqlQuestion } from "../../src/sql/asking.ts";
import type { EngineName } from "../../src/sql/dialect.ts";
import type { SqlTable } from "../../src/sql/sql_table.ts";
import { sqlQuestion } from "../../src/sql/sql_question.ts";
import { NOW_MS } from "../helpers/world.ts";
import type { AskedLake, AskedQuestion } from "./asked_lakes.ts";
import type { LoadedTable, RunningEngine } from "./engine.ts";

/** How often each came. */
export interface Outcome {
  equal: number;
  /** Questions that have no statement for this engine, by the first words of why. */
  refused: Map<string, number>;
  wrong: string[];
  /** What the engine took for the answers. */
  seconds: number;
}

export const newOutcome = (): Outcome => ({ equal: 0, refused: new Map(), wrong: [], seconds: 0 });

/** Asks an engine all questions of a lake. */
export async function askEngine(
  engine: RunningEngine,
  dialect: EngineName,
  { lake, timeZone, questions }: AskedLake,
  outcome: Outcome,
): Promise<void> {
  const table = await sqlTable(lake.name, await engine.load(lake));
  for (const question of questions) {
    const statement = statementOf(question, { dialect, table, timeZone });
    if ("refused" in statement) {
      outcome.refused.set(statement.refused, (outcome.refused.get(statement.refused) ?? 0) + 1);
      continue;
    }
    try {
      const begun = performance.now();
      const rows = await engine.rows(statement.statement);
      outcome.seconds += (performance.now() - begun) / 1000;
      assert.deepEqual(statement.answer(rows), question.answer);
      outcome.equal++;
    } catch (error) {
      outcome.wrong.push(`${question.told}\n${statement.statement}\n${error instanceof Error ? error.message : error}`);
    }
  }
}

/** @throws AssertionError unless all are equal */
export function assertRight({ wrong, equal, refused }: Outcome): void {
  const all = wrong.length + equal + [...refused.values()].reduce((sum, count) => sum + count, 0);
  assert.equal(wrong.length, 0, `${wrong.length} of ${all} are wrong:\n${wrong.slice(0, 5).join("\n\n")}`);
}

export async function sqlTable(name: string, { from, columns }: LoadedTable): Promise<SqlTable> {
  const lastTime = () => Promise.reject(new Error("times of lakes are timestamps"));
  return await tableOfEngine({ shown: name, from, columns, lastTime });
}

export function statementOf(
  { asked, told }: AskedQuestion,
  { dialect, table, timeZone }: { dialect: EngineName; table: SqlTable; timeZone: string },
): SqlQuestion | { refused: string } {
  try {
    return sqlQuestion(asked, { table, dialect: DIALECTS[dialect], timeZone, nowMs: NOW_MS });
  } catch (error) {
    if (error instanceof MpError) return { refused: error.message };
    throw new Error(told, { cause: error });
  }
}
