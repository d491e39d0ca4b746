/** Opens folders and buckets for a command. */
import { openStorage } from "../storage/open_storage.ts";
import type { Storage } from "../storage/storage.ts";
import { VERSION } from "../version.ts";
import type { Context } from "./context.ts";
import { rememberSecret } from "./redact.ts";
import { transportFor } from "./transport.ts";

/** The folder or bucket of an address, with the environment's credentials, proxies and certificates. */
export async function storageAt(context: Context, address: string): Promise<Storage> {
  const { env, clock, signal } = context;
  rememberSecret(env.AWS_SECRET_ACCESS_KEY);
  rememberSecret(env.AWS_SESSION_TOKEN);
  return await openStorage(address, {
    env,
    clock,
    signal,
    userAgent: `mp/${VERSION}`,
    transport: async () => await transportFor(await context.settings()),
  });
}
