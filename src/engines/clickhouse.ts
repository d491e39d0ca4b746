/** A table in ClickHouse. */
import { ClickHouseServer } from "./clickhouse_server.ts";
import type { Engine, EngineColumn, EngineOptions } from "./engine.ts";
import type { EngineAddress } from "./engine_address.ts";

export async function openClickHouse(address: EngineAddress, options: EngineOptions): Promise<Engine> {
  const server = new ClickHouseServer(address, { ...options, transport: await options.transport(), verb: "ask" });
  return {
    async columns(signal): Promise<EngineColumn[]> {
      const rows = await server.select(`DESCRIBE TABLE ${options.table}`, signal);
      return rows.map(([name, type, _default, _expression, comment]) => ({
        name: String(name),
        type: String(type),
        comment: String(comment ?? ""),
      }));
    },
    rows: (statement, signal) => server.select(statement, signal),
  };
}
