import retention from "../query/retention.ts";
import { inSql } from "./shared/in_sql.ts";

export default inSql(retention, {
  summary: "who comes back, as SQL",
  examples: [
    {
      text: "Who buys again, week by week",
      run: `mp sql retention Purchase Purchase --last 8w --unit week --engine clickhouse`,
    },
  ],
});
