/** The words in which a statement's comment says what it was asked. */
import type { CountType } from "../analytics/count_type.ts";
import type { Days } from "../sandbox/query/days.ts";
import type { SqlAsking } from "./asking.ts";
import type { SqlUnit } from "./dialect.ts";
import type { SqlExpressions } from "./expression_sql.ts";
import type { TypedSql } from "./typed_sql.ts";

/** A name that people gave, on one line. */
export const quoted = (name: string): string => JSON.stringify(name);

/** What is counted of an event. */
export function countWords(type: CountType, event: string): string {
  switch (type) {
    case "general":
      return `How often ${event} happened`;
    case "unique":
      return `How many users did ${event}`;
    case "average":
      return `How often ${event} happened for each user who did it`;
  }
}

/** `2026-08-01 to 2026-08-31 by day, by the clock of Europe/Berlin` */
export function daysAsked(
  { timeZone }: Pick<SqlAsking, "timeZone">,
  { fromDay, toDay, unit, interval = 1 }: Days & { unit: SqlUnit; interval?: number },
): string {
  const days = fromDay === toDay ? fromDay : `${fromDay} to ${toDay}`;
  return `${days} by ${interval > 1 ? `${interval} days` : unit}, by the clock of ${timeZone}`;
}

/** The `on` and the `where` of a question: as SQL, and as a part of its sentence. */
export function asked({ fields }: Pick<SqlAsking, "fields">, expressions: SqlExpressions): {
  on: { value?: TypedSql; words: string };
  where: { sql: readonly string[]; words: string };
} {
  const on = fields.text("on"), where = fields.text("where");
  return {
    on: on === undefined ? { words: "" } : { value: expressions.value(on), words: `, by ${on}` },
    where: where === undefined
      ? { sql: [], words: "" }
      : { sql: [expressions.filter(where)], words: `, where ${where}` },
  };
}
