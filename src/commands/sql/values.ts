import values from "../events/values.ts";
import { inSql } from "./shared/in_sql.ts";

export default inSql(values, {
  summary: "statement for the most frequent values of a property",
  examples: [
    { text: "Where purchases come from", run: `mp sql values Purchase mp_country_code --engine duckdb` },
  ],
});
