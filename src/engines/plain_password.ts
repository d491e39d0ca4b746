/** A password that is sent without encryption. */
import { isLoopback } from "../client/hosts.ts";
import type { Environment } from "../runtime/process.ts";
import { readVariable } from "../settings/environment.ts";
import type { EngineAddress } from "./engine_address.ts";

/** What is to be said before it is sent to another machine; undefined where there is nothing to say. */
export function plainPasswordNote({ engine, origin }: EngineAddress, env: Environment): string | undefined {
  if (origin === undefined || engine === "duckdb") return undefined;
  const url = new URL(origin);
  const name = engine === "clickhouse" ? "MP_CLICKHOUSE_PASSWORD" : "MP_TRINO_PASSWORD";
  if (url.protocol === "https:" || isLoopback(url) || readVariable(env, name) === undefined) return undefined;
  return `The password of ${name} goes to ${url.host} unencrypted: ?secure in the address asks for HTTPS`;
}
