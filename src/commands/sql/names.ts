import names from "../events/list.ts";
import { inSql } from "./shared/in_sql.ts";

export default inSql(names, {
  summary: "the names of events, most frequent first, as SQL",
  examples: [
    { text: "What is tracked at all", run: `mp sql names --engine duckdb` },
  ],
});
