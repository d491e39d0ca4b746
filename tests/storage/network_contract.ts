/** What every store on the network must do besides. */
import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import type { Storage } from "../../src/storage/storage.ts";
import type { FakeClock } from "../helpers/fake_clock.ts";
import type { StoreRequest, StoreServer } from "../helpers/store_server.ts";
import { failure } from "../helpers/failure.ts";
import { listed, pattern, read, type StorageLab, withLab, write } from "./contract.ts";

/** A store whose requests can go wrong. */
export interface NetworkLab extends StorageLab {
  clock: FakeClock;
  server: StoreServer;
  /** With credentials that the store does not accept, or for a bucket that it does not have. */
  openWrongly(how: "credentials" | "bucket"): Promise<Storage>;
  /** Whether a request sends a part of a file, and whether it makes the parts a file. */
  isPart(request: StoreRequest): boolean;
  isCompletion(request: StoreRequest): boolean;
  /** The store's codes. */
  codes: { busy: string; forbidden: string };
}

export function describeNetworkStorage(kind: string, start: () => Promise<NetworkLab>): void {
  const inStore = withLab(start);
  const everything = async (storage: Storage) => {
    await write(storage, "x", pattern(2500));
    await storage.writeText("y", "text");
    assert.equal(await storage.readText("y"), "text");
    assert.equal((await storage.info("x"))?.sizeBytes, 2500);
    assert.deepEqual(await listed(storage), ["x", "y"]);
    assert.deepEqual(await read(storage, "x"), pattern(2500));
    await storage.remove("y");
    assert.deepEqual(await listed(storage), ["x"]);
  };

  describe(`${kind}: a store that fails in passing`, () => {
    it("is asked again, with growing pauses, whatever the request", () =>
      inStore(async ({ server, clock, codes }, storage) => {
        const passing = [{ status: 503, code: codes.busy }, { status: 500, code: "InternalError" }];
        for (const fault of [...passing, "reset", "lost_answer"] as const) {
          for (const method of ["GET", "HEAD", "PUT", "POST", "DELETE"]) {
            server.fault((request) => request.method === method, fault, 2);
          }
          await everything(storage);
          assert.deepEqual([...new Set(clock.sleeps)], [500, 1000]);
          await storage.remove("x");
        }
      }));

    it("may lose the answer to what makes the parts a file", () =>
      inStore(async ({ server, isCompletion }, storage) => {
        for (const fault of ["lost_answer", "cut"] as const) {
          server.fault(isCompletion, fault);
          await write(storage, "x", pattern(2500));
          assert.deepEqual(await read(storage, "x"), pattern(2500));
        }
      }));

    it("is read on where the answer broke off, and only while the object is the same", () =>
      inStore(async ({ server }, storage) => {
        const bytes = pattern(300_000);
        const object = (etag: string) =>
          [...server.objects.keys()].forEach((key) => server.objects.set(key, { bytes, etag }));
        await storage.writeText("x", "");
        object("one");
        for (const fault of ["cut", "short"] as const) {
          const before = server.requests.length;
          server.fault(({ method }) => method === "GET", fault, 3);
          assert.deepEqual(await read(storage, "x", { start: 5, end: 299_000 }), bytes.slice(5, 299_000));
          const seen = server.requests.slice(before);
          assert.equal(seen.length, 4);
          assert.equal(new Set(seen.map(({ headers }) => headers.range)).size, 4);
          assert.deepEqual(seen.map(({ headers }) => headers["if-match"]), [undefined, ...Array(3).fill('"one"')]);
        }
        server.fault(({ method }) => method === "GET", "cut");
        const error = await failure((async () => {
          for await (const _ of storage.read("x")) object("two");
        })());
        assert.match(error.message, /: it has changed meanwhile/);
      }));

    it("obeys how long it asks to wait", () =>
      inStore(async ({ server, clock, codes }, storage) => {
        server.fault(() => true, { status: 503, code: codes.busy, headers: { "retry-after": "7" } });
        await storage.writeText("x", "");
        assert.deepEqual(clock.sleeps, [7000]);
      }));

    it("is given up after seven attempts", () =>
      inStore(async ({ server, isPart, codes }, storage) => {
        server.fault(isPart, { status: 503, code: codes.busy }, 99);
        const file = await storage.create("x");
        const error = await failure((async () => {
          await file.write(pattern(1500));
          await file.commit();
        })());
        assert.match(error.message, /^Cannot write .*\/x: the store asks to slow down/);
        assert.equal(error.category, "rate_limited");
        const parts = server.requests.filter(isPart);
        assert.equal(parts.length, 14 - 7 * Number(parts.every(({ target }) => target === parts[0]!.target)));
        await file.abort();
        assert.deepEqual(await listed(storage), []);
      }));

    it("is asked once for what it does not do", () =>
      inStore(async ({ server, clock }, storage) => {
        server.fault(() => true, { status: 501, code: "NotImplemented" }, 99);
        const error = await failure(storage.writeText("x", ""));
        assert.match(error.message, /answered 501 \(NotImplemented/);
        assert.equal(error.category, "server");
        assert.equal(server.requests.filter(({ method }) => method === "PUT").length, 1);
        assert.deepEqual(clock.sleeps, []);
      }));
  });

  describe(`${kind}: a store that refuses`, () => {
    it("tells a missing bucket from a missing object, and wrong credentials from missing rights", () =>
      inStore(async ({ server, codes, openWrongly }, storage) => {
        const elsewhere = await openWrongly("bucket");
        const uses = [listed, (storage: Storage) => storage.readText("x"), (storage: Storage) => read(storage, "x")];
        for (const use of [...uses, (storage: Storage) => storage.probe!("x")]) {
          const error = await failure(use(elsewhere));
          assert.match(error.message, / has no such (bucket|container)/);
          assert.equal(error.category, "not_found");
          assert.ok(error.hint);
        }
        assert.match((await failure(read(storage, "x"))).message, /there is no such object/);

        const stranger = await openWrongly("credentials");
        for (const use of [listed, (storage: Storage) => storage.probe!("x")]) {
          const error = await failure(use(stranger));
          assert.match(error.message, /: the store does not accept the credentials/);
          assert.equal(error.category, "auth");
          assert.ok(error.hint);
        }
        server.fault(() => true, { status: 403, code: codes.forbidden }, 1);
        const error = await failure(storage.writeText("x", ""));
        assert.match(error.message, /: the store does not allow it/);
        assert.equal(error.category, "auth");
      }));

    it("has the parts that a killed run has sent sent no second time", () =>
      inStore(async ({ server, isPart }, storage) => {
        const killed = await storage.create("x");
        await killed.write(pattern(3500));
        while (server.requests.filter(isPart).length < 3) await new Promise((resolve) => setTimeout(resolve));
        await new Promise((resolve) => setTimeout(resolve, 20));
        const before = server.requests.length;
        await write(storage, "x", pattern(4500));
        assert.equal(server.requests.slice(before).filter(isPart).length, 2);
        assert.deepEqual(await read(storage, "x"), pattern(4500));
        await killed.abort();
        assert.deepEqual(await read(storage, "x"), pattern(4500));
      }));

    it("sends digests, so that damaged bytes are found", () =>
      inStore(async ({ server, isPart }, storage) => {
        await write(storage, "x", pattern(2500));
        await storage.writeText("y", "text");
        const bodies = server.requests.filter((request) => isPart(request) || request.key.endsWith("y"));
        assert.ok(bodies.length >= 4);
        for (const { headers, body } of bodies) {
          if (body.length > 0) assert.match(headers["content-md5"] ?? "", /^[\w+/]{22}==$/);
        }
      }));
  });
}
