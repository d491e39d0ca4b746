import properties from "../query/properties.ts";
import { inSql } from "./shared/in_sql.ts";

export default inSql(properties, {
  summary: "an event over time by the values of a property, as SQL",
  examples: [
    { text: "Purchases by plan", run: `mp sql properties Purchase plan --last 7d --engine snowflake` },
  ],
});
