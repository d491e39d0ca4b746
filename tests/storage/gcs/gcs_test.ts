import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { createTransport } from "../../../src/runtime/network/transport.ts";
import type { Environment } from "../../../src/runtime/process.ts";
import { openStorage } from "../../../src/storage/registry.ts";
import type { Storage } from "../../../src/storage/storage.ts";
import { type FakeClock, fakeClock } from "../../helpers/fake_clock.ts";
import { type GcsServer, startGcsServer } from "../../helpers/gcs_server.ts";
import { failure } from "../../helpers/failure.ts";
import { pattern, read } from "../contract.ts";

interface Lab {
  server: GcsServer;
  clock: FakeClock;
  /** Writes a file into a home of its own, and returns its path. */
  file(name: string, text: string): string;
  home: string;
  secrets: string[];
  open(env: Environment, address?: string): Promise<Storage>;
}

async function withStore(test: (lab: Lab) => Promise<void>): Promise<void> {
  const clock = fakeClock(Date.UTC(2026, 0, 15));
  const server = await startGcsServer({ now: () => clock.now() });
  const home = mkdtempSync(join(tmpdir(), "mp-gcs-"));
  const secrets: string[] = [];
  try {
    await test({
      server,
      clock,
      home,
      secrets,
      file(name, text) {
        const path = join(home, name);
        mkdirSync(join(path, ".."), { recursive: true });
        writeFileSync(path, text);
        return path;
      },
      open: (env, address = "gs://bucket/out") =>
        openStorage(address, {
          env: { HOME: home, STORAGE_EMULATOR_HOST: server.url, ...env },
          clock,
          userAgent: "mp/test",
          transport: () => createTransport({ proxy: {} }),
          onSecret: (secret) => void secrets.push(secret),
        }),
    });
  } finally {
    rmSync(home, { recursive: true });
    await server.stop();
  }
}

const tokenRequests = ({ requests }: GcsServer) => requests.filter(({ target }) => target === "/token").length;

describe("who asks Google Cloud Storage", () => {
  it("is a service account, a user of gcloud, a token or an HMAC key", () =>
    withStore(async ({ server, file, open }) => {
      const token = "a-token-of-gcloud";
      server.tokens.add(token);
      const ways: Environment[] = [
        { GOOGLE_APPLICATION_CREDENTIALS: file("account.json", server.serviceAccount) },
        { GOOGLE_APPLICATION_CREDENTIALS: file("user.json", server.userFile) },
        { CLOUDSDK_AUTH_ACCESS_TOKEN: token },
        server.keyEnv,
      ];
      for (const env of ways) {
        const storage = await open(env);
        await storage.writeText("x", "text");
        assert.equal(await storage.readText("x"), "text");
      }
      assert.equal(tokenRequests(server), 2);
    }));

  it("is not asked for again while a token is good, and again before it runs out", () =>
    withStore(async ({ server, clock, file, open }) => {
      const storage = await open({ GOOGLE_APPLICATION_CREDENTIALS: file("account.json", server.serviceAccount) });
      for (let count = 0; count < 3; count++) await storage.writeText("x", "text");
      assert.equal(tokenRequests(server), 1);
      clock.advance(56 * 60_000);
      await Promise.all([1, 2, 3].map((count) => storage.writeText(`x${count}`, "text")));
      assert.equal(tokenRequests(server), 2);
    }));

  it("gets another token when one has been called back, once", () =>
    withStore(async ({ server, file, open }) => {
      const storage = await open({ GOOGLE_APPLICATION_CREDENTIALS: file("account.json", server.serviceAccount) });
      server.tokens.clear();
      await storage.writeText("x", "text");
      assert.equal(tokenRequests(server), 2);

      const given = await open({ CLOUDSDK_AUTH_ACCESS_TOKEN: "stale" });
      const before = server.requests.length;
      const error = await failure(given.writeText("x", "text"));
      assert.match(error.message, /does not accept the credentials \(AuthenticationRequired/);
      assert.equal(server.requests.length - before, 2);
    }));

  it("is found where gcloud keeps it, and nowhere near an emulator", () =>
    withStore(async ({ server, file, open, home }) => {
      file(".config/gcloud/application_default_credentials.json", server.userFile);
      // The real store is never reached: its bucket's name could be nobody's.
      const real = { STORAGE_EMULATOR_HOST: undefined };
      await open(real);
      assert.equal(tokenRequests(server), 1);
      file("own/application_default_credentials.json", server.userFile);
      await open({ ...real, CLOUDSDK_CONFIG: join(home, "own") });
      assert.equal(tokenRequests(server), 2);

      const error = await failure((await open({})).writeText("x", ""));
      assert.equal(error.category, "auth");
      assert.equal(server.requests.at(-1)!.headers.authorization, undefined);
      assert.equal(tokenRequests(server), 2);
    }));

  it("is the machine's own service account, when nothing else is there", () =>
    withStore(async ({ server, open }) => {
      await open({ STORAGE_EMULATOR_HOST: undefined, GCE_METADATA_HOST: new URL(server.url).host });
      assert.equal(server.tokens.size, 1);
      const error = await failure(open({ STORAGE_EMULATOR_HOST: undefined, GCE_METADATA_HOST: "127.0.0.1:9" }));
      assert.equal(
        error.message,
        "Cannot use gs://bucket/out: the address in GCE_METADATA_HOST cannot be reached",
      );
      assert.match(error.hint ?? "", /GOOGLE_APPLICATION_CREDENTIALS.*gcloud auth application-default login/);
    }));

  it("is said to be missing, or wrong, with what to do", () =>
    withStore(async ({ server, clock, file, open }) => {
      const account = JSON.parse(server.serviceAccount);
      let count = 0;
      const named = (text: string) => ({ GOOGLE_APPLICATION_CREDENTIALS: file(`${++count}/key.json`, text) });
      const cases: [env: Environment, message: RegExp, hint: RegExp][] = [
        [{ GS_ACCESS_KEY_ID: "GOOG1" }, /GS_ACCESS_KEY_ID is set and GS_SECRET_ACCESS_KEY is not/, /GS_SECRET/],
        [{ GOOGLE_APPLICATION_CREDENTIALS: "/nonexistent" }, /Cannot read "\/nonexistent": no such file/, /JSON file/],
        [named("no json"), /key\.json" holds no credentials/, /gcloud auth print-access-token/],
        [named('{"type":"external_account"}'), /holds credentials of the kind external_account/, /print-access-token/],
        [named('{"type":"service_account"}'), /key\.json" holds no client_email/, /make the file again/],
        [
          named(JSON.stringify({ ...account, private_key: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END-----" })),
          /the private_key in .* is no key in PKCS #8/,
          /make the file again/,
        ],
        [named(JSON.stringify({ ...account, token_uri: "http://evil.example/" })), /no address that keys may/, /again/],
        [
          named(JSON.stringify({ ...account, client_email: "another" })),
          /Google gives no token for .* \(invalid_grant: Invalid JWT claims/,
          /is the key still valid/,
        ],
        [
          named(JSON.stringify({ ...JSON.parse(server.userFile), refresh_token: "old" })),
          /\(invalid_grant: Bad Request\)/,
          /gcloud auth application-default login/,
        ],
        [{ STORAGE_EMULATOR_HOST: "ftp://x" }, /Cannot use STORAGE_EMULATOR_HOST: it is not an http/, /http:\/\/host/],
        [
          { STORAGE_EMULATOR_HOST: "store.example:80", CLOUDSDK_AUTH_ACCESS_TOKEN: "token" },
          /tokens would be sent to it without encryption/,
          /https/,
        ],
      ];
      for (const [env, message, hint] of cases) {
        const error = await failure(open(env));
        assert.match(error.message, message);
        assert.match(error.hint ?? "", hint, error.message);
        assert.ok(["auth", "input"].includes(error.category));
      }
      // A signed claim is good for an hour around the server's now.
      const other = await startGcsServer({ now: () => Date.UTC(2026, 0, 15) });
      clock.advance(7_200_000);
      const error = await failure(open(named(other.serviceAccount)));
      await other.stop();
      assert.match(error.message, /reasonable timeframe/);
      assert.equal(error.hint, "set this machine's clock");
    }));

  it("has its secrets told, so that nothing shows them", () =>
    withStore(async ({ server, file, open, secrets }) => {
      await open({ GOOGLE_APPLICATION_CREDENTIALS: file("account.json", server.serviceAccount) });
      await open({ GOOGLE_APPLICATION_CREDENTIALS: file("user.json", server.userFile) });
      const { private_key: key } = JSON.parse(server.serviceAccount);
      const { client_secret: secret, refresh_token: refresh } = JSON.parse(server.userFile);
      for (const one of [key, secret, refresh, ...server.tokens]) assert.ok(secrets.includes(one), one);
    }));
});

describe("an object at Google", () => {
  it("is read as it is stored, also when it is stored as compressed", () =>
    withStore(async ({ server, open }) => {
      const storage = await open(server.keyEnv);
      const bytes = gzipSync(pattern(5000));
      server.objects.set("out/x.gz", { bytes, etag: "x", headers: { "content-encoding": "gzip" } });
      assert.equal((await storage.info("x.gz"))?.sizeBytes, bytes.length);
      assert.deepEqual(await read(storage, "x.gz"), new Uint8Array(bytes));
      assert.deepEqual(await read(storage, "x.gz", { start: 10, end: 20 }), new Uint8Array(bytes.subarray(10, 20)));
    }));
});
