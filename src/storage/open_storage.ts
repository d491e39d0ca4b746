/** Opens the storage of an address. */
import type { Clock } from "../runtime/clock.ts";
import type { Transport } from "../runtime/network/transport.ts";
import { isBucketAddress } from "./address.ts";
import type { Environment } from "./s3/aws_profile.ts";
import { localStorage } from "./files/local.ts";
import type { Storage } from "./storage.ts";

export interface StorageOptions {
  env: Environment;
  clock: Clock;
  userAgent: string;
  /** Asked for when a bucket is opened: a folder needs none. */
  transport(): Transport | Promise<Transport>;
  signal?: AbortSignal;
  /** Size of the parts of an upload; see `S3StorageOptions`. */
  partBytes?: number;
}

/**
 * A folder, which need not be there yet, or `s3://bucket/prefix`. Sends nothing.
 *
 * @throws MpError (auth) without credentials for a bucket, (input) for an address or setting that cannot be used.
 */
export async function openStorage(address: string, options: StorageOptions): Promise<Storage> {
  if (!isBucketAddress(address)) return localStorage(address);
  const [{ s3Settings }, { s3Storage }, transport] = await Promise.all([
    import("./s3/s3_settings.ts"),
    import("./s3/s3.ts"),
    options.transport(),
  ]);
  const { clock, userAgent, signal, partBytes } = options;
  const settings = await s3Settings(address, options.env, { transport, now: () => clock.now(), signal });
  return s3Storage(address, settings, { clock, transport, userAgent, signal, partBytes });
}
