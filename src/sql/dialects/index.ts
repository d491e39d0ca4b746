/** The engines that have a dialect, by name. */
import type { Dialect, EngineName } from "../dialect.ts";
import { duckdb } from "./duckdb.ts";

export const DIALECTS: Readonly<Partial<Record<EngineName, Dialect>>> = { duckdb };
