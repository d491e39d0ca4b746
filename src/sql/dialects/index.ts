/** The engines that have a dialect, by name. */
import type { Dialect, EngineName } from "../dialect.ts";
import { bigquery } from "./bigquery.ts";
import { clickhouse } from "./clickhouse.ts";
import { duckdb } from "./duckdb.ts";
import { postgres } from "./postgres.ts";
import { snowflake } from "./snowflake.ts";
import { spark } from "./spark.ts";
import { trino } from "./trino.ts";

export const DIALECTS: Readonly<Record<EngineName, Dialect>> = {
  duckdb,
  clickhouse,
  trino,
  spark,
  bigquery,
  snowflake,
  postgres,
};
