/** The current ClickHouse behind its HTTP interface. */
import { join } from "node:path";
import process from "node:process";
import { CHDB, installPackages } from "../../helpers/python_packages.ts";
import { startServer } from "./processes.ts";

const script = join(import.meta.dirname!, "clickhouse_http.py");

export interface ServedClickHouse {
  port: number;
  /** The lines that a statement answers with, a value after a tab each. */
  ask(statement: string): Promise<string[][]>;
  stop(): Promise<void>;
}

export const installedClickHouse = () => installPackages(CHDB);

/** @param options.delaySeconds before each statement is run */
export async function serveClickHouse(
  python: string,
  folder: string,
  { delaySeconds = 0 }: { delaySeconds?: number } = {},
): Promise<ServedClickHouse> {
  const env = { ...process.env, TZ: "America/New_York", MP_ENGINE_DELAY: String(delaySeconds) };
  const server = startServer([python, script, folder], { env });
  const port = Number(await server.said());
  return {
    port,
    async ask(statement) {
      const answer = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: statement });
      const text = await answer.text();
      if (!answer.ok) throw new Error(text);
      return text.split("\n").filter(Boolean).map((line) => line.split("\t"));
    },
    stop: () => server.stop(),
  };
}
