import sum from "../query/sum.ts";
import { inSql } from "./shared/in_sql.ts";

export default inSql(sum, {
  summary: "statement that adds up a number of an event over time",
  examples: [
    {
      text: "What was sold a day",
      run: `mp sql sum Purchase 'properties["amount"]' --last 30d --engine trino --table hive.web.events`,
    },
  ],
});
