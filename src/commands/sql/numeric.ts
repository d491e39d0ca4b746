import numeric from "../query/numeric.ts";
import { inSql } from "./shared/in_sql.ts";

export default inSql(numeric, {
  summary: "one event over time in ranges of a number, as SQL",
  examples: [
    {
      text: "Purchases by what they cost",
      run: `mp sql numeric Purchase 'properties["amount"]' --last 30d --engine duckdb`,
    },
  ],
});
