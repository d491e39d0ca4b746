import insights from "../query/insights.ts";
import { inSql } from "./shared/in_sql.ts";

export default inSql(insights, {
  summary: "counts, numbers of properties and formulas, as SQL",
  examples: [
    {
      text: "What is sold by plan and country",
      run:
        `mp sql insights --event Purchase --math total:amount --by plan --by mp_country_code --totals --last 30d --engine snowflake`,
    },
  ],
});
