import events from "../query/events.ts";
import { inSql } from "./shared/in_sql.ts";

export default inSql(events, {
  summary: "several events over time, as SQL",
  examples: [
    {
      text: "Views and purchases a day",
      run: `mp sql events 'Page View' Purchase --last 30d --engine bigquery --table my-project.analytics.events`,
    },
  ],
});
