/** Opens folders and buckets for a command. */
import { openStorage, STORAGE_VARIABLES } from "../storage/registry.ts";
import type { Storage } from "../storage/storage.ts";
import { VERSION } from "../version.ts";
import type { Context } from "./context.ts";
import { rememberSecret } from "../client/redact.ts";
import { transportFor } from "./transport.ts";

/** The folder or bucket of an address, with the environment's credentials, proxies and certificates. */
export async function storageAt(context: Context, address: string): Promise<Storage> {
  const { env, clock, signal } = context;
  for (const { name, secret } of STORAGE_VARIABLES) if (secret) rememberSecret(env[name]);
  return await openStorage(address, {
    env,
    clock,
    signal,
    userAgent: `mp/${VERSION}`,
    transport: async () => await transportFor(await context.settings()),
    onSecret: rememberSecret,
  });
}
