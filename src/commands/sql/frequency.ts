import frequency from "../query/frequency.ts";
import { inSql } from "./shared/in_sql.ts";

export default inSql(frequency, {
  summary: "in how many hours or days people are active, as SQL",
  examples: [
    {
      text: "On how many days of a week people come",
      run: `mp sql frequency --last 4w --unit week --part day --engine clickhouse`,
    },
  ],
});
