/** All engines that run statements. */
import { CLICKHOUSE } from "./drivers/clickhouse.ts";
import { DUCKDB } from "./drivers/duckdb.ts";
import { POSTGRES } from "./drivers/postgres.ts";
import { SPARK } from "./drivers/spark.ts";
import { TRINO } from "./drivers/trino.ts";
import type { Engine } from "./engine.ts";

export const RUN_ENGINES: readonly Engine[] = [DUCKDB, CLICKHOUSE, POSTGRES, SPARK, TRINO];
