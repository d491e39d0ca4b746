/** The pages that `mp help TOPIC` shows. Only names and summaries: nothing here loads a page. */
import type { Topic } from "../../../cli/topic.ts";

export interface TopicEntry {
  name: string;
  /** One line, without a final period. */
  summary: string;
  load(): Promise<{ default: Topic }>;
}

export const topics: readonly TopicEntry[] = [
  {
    name: "troubleshooting",
    summary: "what error messages mean, and what to do",
    load: () => import("./troubleshooting.ts"),
  },
  {
    name: "from-the-web",
    summary: "the command for each report and page of Mixpanel's web application",
    load: () => import("./from_the_web.ts"),
  },
  { name: "flags", summary: "the flags that every command takes", load: () => import("./flags.ts") },
  {
    name: "credentials",
    summary: "which credentials there are, and how mp gets them",
    load: () => import("./credentials.ts"),
  },
  {
    name: "regions",
    summary: "where a project's data lives, and which hosts mp talks to",
    load: () => import("./regions.ts"),
  },
  { name: "expressions", summary: "the language of --where and --on", load: () => import("./expressions.ts") },
  { name: "formulas", summary: "the language of custom properties", load: () => import("./formulas.ts") },
  {
    name: "formats",
    summary: "how results are printed, and which files exports write and imports read",
    load: () => import("./formats.ts"),
  },
  { name: "exit-codes", summary: "what the exit code of every command means", load: () => import("./exit_codes.ts") },
  { name: "environment", summary: "the environment variables that mp reads", load: () => import("./environment.ts") },
  {
    name: "quotas",
    summary: "Mixpanel's rate limits, and how mp stays within them",
    load: () => import("./quotas.ts"),
  },
  {
    name: "agents",
    summary: "how agents such as Claude and Cursor ask the project, and what they may do",
    load: () => import("./agents.ts"),
  },
  {
    name: "files-as-source",
    summary: "questions asked of exported files, without an account or a network",
    load: () => import("./files_as_source.ts"),
  },
  {
    name: "engines",
    summary: "questions as SQL, for DuckDB, ClickHouse, Trino, Spark, BigQuery, Snowflake and PostgreSQL",
    load: () => import("./engines.ts"),
  },
  {
    name: "air-gapped",
    summary: "servers without the internet, proxies, certificates, read-only homes",
    load: () => import("./air_gapped.ts"),
  },
];
