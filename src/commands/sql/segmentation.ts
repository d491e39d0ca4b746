import segmentation from "../query/segmentation.ts";
import { inSql } from "./shared/in_sql.ts";

export default inSql(segmentation, {
  summary: "one event over time, split by a property, as SQL",
  examples: [
    {
      text: "Purchases a day by country, as ClickHouse counts them",
      run: `mp sql segmentation Purchase --last 30d --on 'properties["mp_country_code"]' --engine clickhouse`,
    },
    {
      text: "Buyers a week by the clock of Berlin, of a table with another name",
      run:
        `mp sql segmentation Purchase --last 8w --unit week --math unique --tz Europe/Berlin --engine postgres --table analytics.events`,
    },
    {
      text: "The question, the engine and the statement as JSON",
      run: `mp sql segmentation Purchase --last 7d --engine duckdb -f json`,
    },
  ],
});
