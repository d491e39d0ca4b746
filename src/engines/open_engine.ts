/** Opens the engine of an address. Nothing of an engine is loaded before. */
import type { Engine, EngineOptions } from "./engine.ts";
import type { AddressedEngine, EngineAddress } from "./engine_address.ts";

const OPENERS: Readonly<Record<AddressedEngine, (address: EngineAddress, options: EngineOptions) => Promise<Engine>>> =
  {
    clickhouse: async (...given) => await (await import("./clickhouse.ts")).openClickHouse(...given),
    trino: async (...given) => await (await import("./trino.ts")).openTrino(...given),
    duckdb: async (...given) => await (await import("./duckdb.ts")).openDuckDb(...given),
  };

/** @throws MpError (not_found) for a file that is not there. Nothing is sent yet. */
export async function openEngine(address: EngineAddress, options: EngineOptions): Promise<Engine> {
  return await OPENERS[address.engine](address, options);
}
