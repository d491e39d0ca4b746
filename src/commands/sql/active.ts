import { inputError } from "../../errors.ts";
import active from "../query/active.ts";
import { inSql } from "./shared/in_sql.ts";

export default inSql(active, {
  summary: "people who did anything, by day, week or month, as SQL",
  examples: [
    { text: "Monthly active users", run: `mp sql active --last 90d --unit month --engine postgres` },
  ],
  check({ unit }) {
    if (Array.isArray(unit) && unit.length === 1) return;
    throw inputError("Cannot ask for several periods in one statement", "add --unit day, week or month", "bad_flags");
  },
});
