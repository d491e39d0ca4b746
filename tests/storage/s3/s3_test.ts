import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { MpError } from "../../../src/errors.ts";
import { openStorage } from "../../../src/storage/registry.ts";
import type { Storage } from "../../../src/storage/storage.ts";
import { createTransport } from "../../../src/runtime/network/transport.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";
import { failure } from "../../helpers/failure.ts";
import { listed, PART_BYTES, pattern, read, write } from "../contract.ts";
import { type S3Server, type S3ServerOptions, startS3Server } from "../../helpers/s3_server.ts";

interface Lab {
  server: S3Server;
  storage: Storage;
  clock: ReturnType<typeof fakeClock>;
  open(address: string, env?: Record<string, string | undefined>, signal?: AbortSignal): Promise<Storage>;
}

/** A store and a storage `s3://bucket/out` in it, whose parts are small. */
async function withStore(test: (lab: Lab) => Promise<void>, options: S3ServerOptions = {}): Promise<void> {
  const server = await startS3Server({ partMinimumBytes: PART_BYTES, ...options });
  const clock = fakeClock(Date.UTC(2026, 0, 15));
  const open: Lab["open"] = (address, env = {}, signal) =>
    openStorage(address, {
      env: { ...server.env, ...env },
      clock,
      userAgent: "mp/test",
      transport: () => createTransport({ proxy: {} }),
      partBytes: PART_BYTES,
      signal,
    });
  try {
    await test({ server, clock, storage: await open("s3://bucket/out/"), open });
  } finally {
    await server.stop();
  }
}

describe("a bucket as a storage", () => {
  it("signs so that a strict store takes it, whatever is in a key", () =>
    withStore(async ({ storage, server }) => {
      const names = ["a b.txt", "a+b", "ä/日本", "100%", "q?x=1&y#z", "(*)!'", "a//b", "~tilde_-.", "a=b;c,d:e@f$"];
      for (const name of names) {
        await storage.writeText(name, name);
        assert.equal(server.text(`out/${name}`), name);
        assert.equal(await storage.readText(name), name);
      }
      assert.deepEqual(await listed(storage), names.toSorted());
    }, { sessionToken: "session/token+=" }));

  it("lists page by page, what begins with a prefix, in order, with size and version", () =>
    withStore(async ({ storage, server, open }) => {
      for (const name of ["b/2", "b/1", "c", "a", "b/3", "b-"]) await storage.writeText(name, name);
      await (await open("s3://bucket")).writeText("outside", "");
      assert.deepEqual(await listed(storage), ["a", "b-", "b/1", "b/2", "b/3", "c"]);
      assert.deepEqual(await listed(storage, "b/"), ["b/1", "b/2", "b/3"]);
      assert.deepEqual(await listed(storage, "x"), []);
      assert.equal((await listed(await open("s3://bucket"))).length, 7);
      for await (const { path, ...info } of storage.list("b/2")) assert.deepEqual(info, await storage.info(path));
      assert.ok(server.requests.filter(({ query }) => query.has("continuation-token")).length >= 3);
    }, { pageSize: 2 }));

  it("gives an object's bytes as they are stored, also when the store calls them compressed", () =>
    withStore(async ({ storage, server }) => {
      const bytes = gzipSync(pattern(5000));
      server.objects.set("out/x.gz", { bytes, etag: "x", headers: { "content-encoding": "gzip" } });
      assert.equal((await storage.info("x.gz"))?.sizeBytes, bytes.length);
      assert.deepEqual(await read(storage, "x.gz"), new Uint8Array(bytes));
      assert.deepEqual(await read(storage, "x.gz", { start: 10, end: 20 }), new Uint8Array(bytes.subarray(10, 20)));
    }));

  it("uploads a small file in one request and a large one in parts, with its name only when it is whole", () =>
    withStore(async ({ storage, server }) => {
      for (const length of [0, 1, 999, 1000]) {
        server.requests.length = 0;
        await write(storage, `small-${length}`, pattern(length));
        assert.deepEqual(server.requests.map(({ method }) => method), ["PUT"]);
        assert.deepEqual(server.objects.get(`out/small-${length}`)?.bytes, pattern(length));
      }
      for (const length of [1001, 2000, 12_345]) {
        const file = await storage.create(`large-${length}`);
        await file.write(pattern(length));
        assert.equal(server.objects.has(`out/large-${length}`), false);
        await file.commit();
        assert.deepEqual(server.objects.get(`out/large-${length}`)?.bytes, pattern(length));
      }
      await write(storage, "pieces", pattern(12_345), 1);
      assert.deepEqual(server.objects.get("out/pieces")?.bytes, pattern(12_345));
      assert.equal(server.uploads.size, 0);
    }));

  it("takes back an upload, whether or not it had begun", () =>
    withStore(async ({ storage, server }) => {
      for (const length of [10, 5000]) {
        const file = await storage.create("gone");
        await file.write(pattern(length));
        await file.abort();
        await file.abort();
      }
      assert.equal(server.uploads.size, 0);
      assert.equal(server.objects.size, 0);
    }));

  it("goes on from the parts that a killed run has uploaded, and sends those again that differ", () =>
    withStore(async ({ storage, server }) => {
      const bytes = pattern(7500);
      const killed = await storage.create("x");
      await killed.write(bytes);
      while ((server.uploads.get("upload-1")?.parts.size ?? 0) < 7) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      server.uploads.get("upload-1")!.parts.set(3, pattern(1000, 99));
      server.uploads.get("upload-1")!.parts.set(5, bytes.slice(4000, 4500));
      // The name of another file begins with the same letters.
      server.uploads.set("upload-9", { key: "out/xy", parts: new Map() });
      server.requests.length = 0;
      await write(storage, "x", bytes);
      assert.deepEqual(server.objects.get("out/x")?.bytes, bytes);
      const parts = server.requests.filter(({ method, query }) => method === "PUT" && query.has("partNumber"));
      assert.deepEqual(parts.map(({ query }) => query.get("partNumber")).toSorted(), ["3", "5", "8"]);
      assert.deepEqual([...server.uploads.keys()], ["upload-9"]);
    }, { pageSize: 3 }));

  it("uploads where unfinished uploads cannot be listed", async () => {
    for (const [status, code] of [[501, "NotImplemented"], [403, "AccessDenied"]] as const) {
      await withStore(async ({ storage, server }) => {
        server.fault(({ method, query }) => method === "GET" && query.has("uploads"), { status, code });
        await write(storage, "x", pattern(2500));
        assert.deepEqual(server.objects.get("out/x")?.bytes, pattern(2500));
      });
    }
  });
});

describe("a store that fails in passing", () => {
  it("is asked again where its code alone says that it passes", async () => {
    for (const fault of [{ status: 429, code: "TooManyRequests" }, { status: 400, code: "RequestTimeout" }]) {
      await withStore(async ({ storage, server, clock }) => {
        for (const method of ["GET", "POST", "PUT"]) server.fault((request) => request.method === method, fault, 2);
        await write(storage, "x", pattern(2500));
        assert.deepEqual(server.objects.get("out/x")?.bytes, pattern(2500));
        assert.deepEqual([...new Set(clock.sleeps)], [500, 1000]);
      });
    }
  });

  it("may say so behind a 200, or complete an upload and lose the answer", async () => {
    for (const fault of ["error_in_success", "lost_answer", "cut"] as const) {
      await withStore(async ({ storage, server }) => {
        server.fault(({ method, query }) => method === "POST" && query.has("uploadId"), fault);
        await write(storage, "x", pattern(2500));
        assert.deepEqual(server.objects.get("out/x")?.bytes, pattern(2500));
        assert.equal(server.uploads.size, 0);
      });
    }
  });

  it("is given up after seven attempts, and the upload is taken back by abort", () =>
    withStore(async ({ storage, server }) => {
      server.fault(({ query }) => query.get("partNumber") === "2", { status: 503, code: "SlowDown" }, 99);
      const file = await storage.create("x");
      const error = await failure((async () => {
        await file.write(pattern(9500));
        await file.commit();
      })());
      assert.equal(
        error.message,
        "Cannot write s3://bucket/out/x: the store asks to slow down (SlowDown: Said by the test: SlowDown)",
      );
      assert.deepEqual([error.category, error.status, error.requestId], ["rate_limited", 503, "REQUEST1"]);
      assert.equal(server.requests.filter(({ query }) => query.get("partNumber") === "2").length, 7);
      await file.abort();
      assert.equal(server.uploads.size, 0);
    }));

  it("ends at once when the job is interrupted, and lets the upload be taken back", () =>
    withStore(async ({ server, open }) => {
      const controller = new AbortController();
      const storage = await open("s3://bucket/out", {}, controller.signal);
      const file = await storage.create("x");
      await file.write(pattern(1001));
      await file.write(pattern(3000));
      controller.abort(new MpError("Interrupted", { category: "interrupted" }));
      const error = await failure((async () => {
        await file.write(pattern(9000));
        await file.commit();
      })());
      assert.equal(error.category, "interrupted");
      await file.abort();
      assert.equal(server.uploads.size, 0);
    }));
});

describe("a store that refuses", () => {
  it("is asked with new keys when the old ones have expired", () =>
    withStore(async ({ server, clock }) => {
      const folder = mkdtempSync(join(tmpdir(), "mp-aws-"));
      const file = join(folder, "credentials");
      const keys = (token: string) =>
        writeFileSync(
          file,
          `[default]\naws_access_key_id=${server.env.AWS_ACCESS_KEY_ID}\n` +
            `aws_secret_access_key=${server.env.AWS_SECRET_ACCESS_KEY}\naws_session_token=${token}\n`,
        );
      try {
        keys("stale");
        const { AWS_ENDPOINT_URL, AWS_REGION, AWS_CONFIG_FILE } = server.env;
        const storage = await openStorage("s3://bucket/out", {
          env: { AWS_ENDPOINT_URL, AWS_REGION, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE: file },
          clock,
          userAgent: "mp/test",
          transport: () => createTransport({ proxy: {} }),
        });
        server.fault(({ headers }) => headers["x-amz-security-token"] === "stale", {
          status: 400,
          code: "ExpiredToken",
        }, 9);
        keys("fresh");
        await storage.writeText("x", "text");
        await storage.writeText("y", "text");
        assert.deepEqual(server.requests.map(({ headers }) => headers["x-amz-security-token"]), [
          "stale",
          "fresh",
          "fresh",
        ]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    }, { sessionToken: "fresh" }));

  it("says what to do, and never shows the secret", () =>
    withStore(async ({ open }) => {
      const cases = [
        [{ AWS_SECRET_ACCESS_KEY: "wrongsecret" }, "auth", /does not accept the credentials \(SignatureDoesNotMatch/],
        [{ AWS_ACCESS_KEY_ID: "AKIAWRONG" }, "auth", /does not accept the credentials \(InvalidAccessKeyId/],
        [{ AWS_SESSION_TOKEN: "stale-token" }, "auth", /does not accept the credentials \(InvalidToken/],
        [{ AWS_REGION: "us-west-2" }, "auth", /AuthorizationHeaderMalformed/],
      ] as const;
      for (const [env, category, message] of cases) {
        const error = await failure((await open("s3://bucket/out", env)).writeText("x", "text"));
        assert.equal(error.category, category);
        assert.match(error.message, message);
        assert.ok(error.hint);
        for (const secret of Object.values(env)) {
          assert.ok(!JSON.stringify([error.message, error.hint]).includes(secret!));
        }
      }
    }));

  it("tells a missing bucket from a missing object", () =>
    withStore(async ({ open, storage }) => {
      const missing = await open("s3://another/out");
      const uses = [
        () => listed(missing),
        () => missing.readText("x"),
        () => missing.writeText("x", ""),
        () => read(missing, "x"),
      ];
      for (const use of uses) {
        const error = await failure(use());
        assert.match(error.message, /127\.0\.0\.1:\d+ has no such bucket/);
        assert.equal(error.category, "not_found");
      }
      const error = await failure(read(storage, "x"));
      assert.match(error.message, /^Cannot read s3:\/\/bucket\/out\/x: there is no such object/);
    }));

  it("is named soon when it has never been reached", () =>
    withStore(async ({ open, clock }) => {
      const storage = await open("s3://bucket/out", { AWS_ENDPOINT_URL: "http://127.0.0.1:9" });
      const error = await failure(storage.info("x"));
      assert.match(error.message, /^Cannot read s3:\/\/bucket\/out\/x: 127\.0\.0\.1:9 (refused|cannot be reached)/);
      assert.equal(error.category, "network");
      assert.equal(clock.sleeps.length, 2);
    }));

  it("is not asked for paths that an address cannot hold", () =>
    withStore(async ({ storage, server }) => {
      for (const path of ["../x", "a/./b", "..", ""]) {
        assert.equal((await failure(Promise.resolve().then(() => storage.info(path)))).category, "input");
      }
      assert.equal(server.requests.length, 0);
    }));
});
