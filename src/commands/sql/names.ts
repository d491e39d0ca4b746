import names from "../events/list.ts";
import { inSql } from "./shared/in_sql.ts";

export default inSql(names, {
  summary: "statement for the names of events, most frequent first",
  examples: [
    { text: "What is tracked at all", run: `mp sql names --engine duckdb` },
  ],
});
