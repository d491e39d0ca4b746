import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "../../src/runtime/network/transport.ts";
import type { Environment } from "../../src/runtime/process.ts";
import { openStorage } from "../../src/storage/registry.ts";
import { startAzureServer } from "../helpers/azure_server.ts";
import { fakeClock } from "../helpers/fake_clock.ts";
import { startGcsServer } from "../helpers/gcs_server.ts";
import { memoryStorage } from "../helpers/memory_storage.ts";
import { startS3Server } from "../helpers/s3_server.ts";
import { describeStorage, PART_BYTES } from "./contract.ts";
import { describeNetworkStorage, type NetworkLab } from "./network_contract.ts";

const START_MS = Date.UTC(2026, 0, 15);
const SMALL = { pageSize: 2, partMinimumBytes: PART_BYTES };
/** No file system has them. */
const OBJECT_NAMES = ["a//b", "q?x=1&y#z", "back\\slash", "end/", "<&>\"'", "new\nline", "\u0001"];

const opener = (clock: ReturnType<typeof fakeClock>, env: Environment) => (address: string, signal?: AbortSignal) =>
  openStorage(address, {
    env,
    clock,
    userAgent: "mp/test",
    transport: () => createTransport({ proxy: {} }),
    partBytes: PART_BYTES,
    signal,
  });

async function s3Lab(): Promise<NetworkLab> {
  const [clock, server] = [fakeClock(START_MS), await startS3Server(SMALL)];
  const wrong = { ...server.env, AWS_SECRET_ACCESS_KEY: "wrong" };
  return {
    clock,
    server,
    open: (signal) => opener(clock, server.env)("s3://bucket/out", signal),
    openWrongly: (how) =>
      how === "bucket" ? opener(clock, server.env)("s3://another/out") : opener(clock, wrong)("s3://bucket/out"),
    isPart: ({ query }) => query.has("partNumber"),
    isCompletion: ({ method, query }) => method === "POST" && query.has("uploadId"),
    codes: { busy: "SlowDown", forbidden: "AccessDenied" },
    stop: () => server.stop(),
  };
}

/** With an HMAC key, or with the tokens of a service account. */
const gcsLab = (how: "key" | "tokens") => async (): Promise<NetworkLab> => {
  const clock = fakeClock(START_MS);
  const server = await startGcsServer({ ...SMALL, now: () => clock.now() });
  const folder = mkdtempSync(join(tmpdir(), "mp-gcs-"));
  const file = join(folder, "key.json");
  writeFileSync(file, server.serviceAccount);
  const own: Environment = how === "key" ? server.keyEnv : { GOOGLE_APPLICATION_CREDENTIALS: file };
  const env = { ...own, STORAGE_EMULATOR_HOST: server.url };
  const wrong = how === "key"
    ? { ...env, GS_SECRET_ACCESS_KEY: "wrong" }
    : { STORAGE_EMULATOR_HOST: server.url, CLOUDSDK_AUTH_ACCESS_TOKEN: "wrong" };
  return {
    clock,
    server,
    open: (signal) => opener(clock, env)("gs://bucket/out", signal),
    openWrongly: (how) =>
      how === "bucket" ? opener(clock, env)("gs://another/out") : opener(clock, wrong)("gs://bucket/out"),
    isPart: ({ query }) => query.has("partNumber"),
    isCompletion: ({ method, query }) => method === "POST" && query.has("uploadId"),
    codes: { busy: "SlowDown", forbidden: "AccessDenied" },
    async stop() {
      rmSync(folder, { recursive: true });
      await server.stop();
    },
  };
};

/** With the account's key, or with a signature. */
const azureLab = (how: "key" | "sas") => async (): Promise<NetworkLab> => {
  const clock = fakeClock(START_MS);
  const server = await startAzureServer({ pageSize: 2, now: () => clock.now() });
  const env: Environment = how === "key" ? server.keyEnv : server.sasEnv;
  const wrong = how === "key"
    ? { ...env, AZURE_STORAGE_KEY: btoa("another") }
    : { ...env, AZURE_STORAGE_SAS_TOKEN: "sv=2021-02-12&sig=wrong" };
  return {
    clock,
    server,
    open: (signal) => opener(clock, env)("az://bucket/out", signal),
    openWrongly: (how) =>
      how === "bucket" ? opener(clock, env)("az://another/out") : opener(clock, wrong)("az://bucket/out"),
    isPart: ({ query }) => query.get("comp") === "block",
    isCompletion: ({ method, query }) => method === "PUT" && query.get("comp") === "blocklist",
    codes: { busy: "ServerBusy", forbidden: "AuthorizationPermissionMismatch" },
    stop: () => server.stop(),
  };
};

describeStorage("files", () => {
  const folder = mkdtempSync(join(tmpdir(), "mp-storage-"));
  const open = () => opener(fakeClock(START_MS), {})(join(folder, "out"));
  return Promise.resolve({ open, stop: () => Promise.resolve(rmSync(folder, { recursive: true })) });
}, []);
describeStorage("memory", () => {
  const files = memoryStorage().files;
  const open = (signal?: AbortSignal) => Promise.resolve(memoryStorage("mem://out", { files, signal }));
  return Promise.resolve({ open, stop: () => Promise.resolve() });
}, OBJECT_NAMES);

const labs: [kind: string, start: () => Promise<NetworkLab>][] = [
  ["S3", s3Lab],
  ["Google Cloud Storage with an HMAC key", gcsLab("key")],
  ["Google Cloud Storage with a service account", gcsLab("tokens")],
  ["Azure with a key", azureLab("key")],
  ["Azure with a signature", azureLab("sas")],
];
for (const [kind, start] of labs) {
  describeStorage(kind, start, OBJECT_NAMES);
  describeNetworkStorage(kind, start);
}
