import values from "../events/values.ts";
import { inSql } from "./shared/in_sql.ts";

export default inSql(values, {
  summary: "the most frequent values of a property, as SQL",
  examples: [
    { text: "Where purchases come from", run: `mp sql values Purchase mp_country_code --engine duckdb` },
  ],
});
