/** Opens folders and buckets for a command. */
import type { Context } from "../../../cli/context.ts";
import { rememberSecret } from "../../../cli/redact.ts";
import { openStorage } from "../../../storage/open_storage.ts";
import type { Storage } from "../../../storage/storage.ts";
import { createTransport } from "../../../runtime/network/transport.ts";
import { readCertificates } from "../../../settings/certificates.ts";
import { VERSION } from "../../../version.ts";

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
    async transport() {
      const { proxy, certificateFiles } = await context.settings();
      return createTransport({ proxy, extraCertificates: await readCertificates(certificateFiles) });
    },
  });
}
