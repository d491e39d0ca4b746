import funnel from "../query/funnel.ts";
import { inSql } from "./shared/in_sql.ts";

export default inSql(funnel, {
  summary: "who goes through steps, one after another, as SQL",
  examples: [
    {
      text: "How many who view a product buy it within a week",
      run: `mp sql funnel 'View Product' Purchase --within 7d --last 30d --engine duckdb`,
    },
  ],
});
