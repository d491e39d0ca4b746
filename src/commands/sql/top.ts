import { inputError } from "../../errors.ts";
import top from "../events/top.ts";
import { inSql } from "./shared/in_sql.ts";

export default inSql(top, {
  summary: "today's most frequent events, against yesterday, as SQL",
  examples: [
    { text: "What happens today", run: `mp sql top --engine clickhouse` },
  ],
  check({ from_date, to_date }) {
    if (from_date === undefined && to_date === undefined) return;
    throw inputError(
      "Cannot ask for the most frequent events of a range in one statement",
      "'mp sql names' ranks the events of all days, 'mp sql events' counts those that are named",
      "bad_flags",
    );
  },
});
