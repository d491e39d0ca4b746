import sum from "../query/sum.ts";
import { inSql } from "./shared/in_sql.ts";

export default inSql(sum, {
  summary: "a number of an event added up over time, as SQL",
  examples: [
    {
      text: "What was sold a day",
      run: `mp sql sum Purchase 'properties["amount"]' --last 30d --engine trino --table hive.web.events`,
    },
  ],
});
