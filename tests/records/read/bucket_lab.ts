/** A bucket to read from: what is put into it, and how it is opened. */
import { createTransport } from "../../../src/runtime/network/transport.ts";
import { openStorage } from "../../../src/storage/registry.ts";
import type { Storage } from "../../../src/storage/storage.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";
import { startS3Server } from "../../helpers/s3_server.ts";

export interface BucketLab {
  open(address: string): Promise<Storage>;
  put(path: string, content: Uint8Array | string): Promise<void>;
  stop(): Promise<void>;
}

/** The bucket is `s3://bucket`. */
export async function openBucketLab(): Promise<BucketLab> {
  const server = await startS3Server();
  const open = (address: string) =>
    openStorage(address, {
      env: server.env,
      clock: fakeClock(Date.UTC(2026, 0, 15)),
      userAgent: "mp/test",
      transport: () => createTransport({ proxy: {} }),
    });
  const bucket = await open("s3://bucket");
  return {
    open,
    async put(path, content) {
      const object = await bucket.create(path);
      await object.write(typeof content === "string" ? new TextEncoder().encode(content) : content);
      await object.commit();
    },
    stop: () => server.stop(),
  };
}
