/** The statement of a question, and the answer of the query API that its rows make. */
import { inputError } from "../errors.ts";
import { EvaluationError } from "../expressions/evaluate.ts";
import { ExpressionError } from "../expressions/syntax.ts";
import type { Asked } from "../lake/needs.ts";
import { Fields } from "../sandbox/fields.ts";
import { Refusal } from "../sandbox/refusal.ts";
import { notInSql, type SqlAsking, type SqlOptions, type SqlQuestion } from "./asking.ts";
import {
  eventsQuestion,
  namesQuestion,
  propertiesQuestion,
  propertiesTopQuestion,
  topQuestion,
  valuesQuestion,
} from "./questions/events.ts";
import { frequencyQuestion } from "./questions/frequency.ts";
import { averageQuestion, numericQuestion, sumQuestion } from "./questions/numbers.ts";
import { reportQuestion } from "./questions/report.ts";
import { retentionQuestion } from "./questions/retention.ts";
import { segmentationQuestion } from "./questions/segmentation.ts";

/** By the path of the query API. */
const BUILDERS: Readonly<Record<string, (asking: SqlAsking) => SqlQuestion>> = {
  "/insights": reportQuestion,
  "/retention": retentionQuestion,
  "/segmentation": segmentationQuestion,
  "/segmentation/numeric": numericQuestion,
  "/segmentation/sum": sumQuestion,
  "/segmentation/average": averageQuestion,
  "/events": eventsQuestion,
  "/events/top": topQuestion,
  "/events/names": namesQuestion,
  "/events/properties": propertiesQuestion,
  "/events/properties/top": propertiesTopQuestion,
  "/events/properties/values": valuesQuestion,
  "/retention/addiction": frequencyQuestion,
};

/** @throws MpError (input) for a question that has no statement, or not with these parameters */
export function sqlQuestion({ path, fields }: Asked, options: SqlOptions): SqlQuestion {
  const build = Object.hasOwn(BUILDERS, path) ? BUILDERS[path] : undefined;
  if (/^\/funnels(?:\/|$)/.test(path)) throw notInSql("a saved funnel", "name its steps: mp sql funnel FIRST SECOND …");
  if (build === undefined) throw notInSql(`a request to ${path}`);
  const given = [...fields].filter(([, value]) => value !== "");
  try {
    const asking = { ...options, fields: new Fields(new URLSearchParams(), undefined, Object.fromEntries(given)) };
    const question = build(asking);
    refusePartName(question.statement, options);
    const { afterJoins } = options.dialect;
    const isPlain = afterJoins === undefined || !question.statement.includes("JOIN");
    return isPlain ? question : {
      ...question,
      statement: `${question.statement}${afterJoins}
`,
    };
  } catch (error) {
    // The emulator would refuse these, too.
    if (error instanceof Refusal || error instanceof ExpressionError || error instanceof EvaluationError) {
      throw inputError(`Cannot ask in SQL: ${error.message}`, undefined, "bad_question");
    }
    throw error;
  }
}

/** Some engines would take a table that is called like a part of the statement for that part. */
function refusePartName(statement: string, { table, dialect }: SqlOptions): void {
  for (const [, name] of statement.matchAll(/^(?:WITH (?:RECURSIVE )?)?([a-z_0-9]+) AS \($/gm)) {
    if (table.from.toLowerCase() !== dialect.identifier(name!)) continue;
    throw inputError(
      `Cannot ask the table ${name}: a part of the statement has that name`,
      `name it with its schema, such as main.${name}`,
      "bad_table",
    );
  }
}
