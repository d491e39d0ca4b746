/** Opens engines at servers of this machine, as a command does. */
import { openEngine } from "../../src/engines/open_engine.ts";
import { engineAddress } from "../../src/engines/engine_address.ts";
import type { Engine } from "../../src/engines/engine.ts";
import { createTransport } from "../../src/runtime/network/transport.ts";
import { fakeClock } from "../helpers/fake_clock.ts";

export interface OpenedEngine {
  engine: Engine;
  secrets: string[];
}

/** @param table as it stands in statements */
export async function opened(
  address: string,
  table: string,
  env: Record<string, string | undefined> = {},
): Promise<OpenedEngine> {
  const secrets: string[] = [];
  const engine = await openEngine(engineAddress(address), {
    table,
    env,
    clock: fakeClock(),
    userAgent: "mp/test",
    transport: () => Promise.resolve(createTransport({ proxy: {} })),
    timeoutMs: 5000,
    onSecret: (secret) => void secrets.push(secret),
  });
  return { engine, secrets };
}

export const never = new AbortController().signal;
