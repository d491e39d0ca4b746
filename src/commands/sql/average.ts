import average from "../query/average.ts";
import { inSql } from "./shared/in_sql.ts";

export default inSql(average, {
  summary: "the mean of a number of an event over time, as SQL",
  examples: [
    { text: "What a purchase costs", run: `mp sql average Purchase 'properties["amount"]' --last 30d --engine spark` },
  ],
});
