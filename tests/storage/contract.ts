/** What every storage must do. */
import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { MpError } from "../../src/errors.ts";
import { failure } from "../helpers/failure.ts";
import type { Storage } from "../../src/storage/storage.ts";

/** Of all storages under test. */
export const PART_BYTES = 1000;

/** An empty storage. */
export interface StorageLab {
  open(signal?: AbortSignal): Promise<Storage>;
  stop(): Promise<void>;
}

/** Bytes that differ from place to place. */
export function pattern(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) * 7 + seed) & 0xff);
}

export async function write(storage: Storage, path: string, bytes: Uint8Array, pieceBytes = 333): Promise<void> {
  const file = await storage.create(path);
  const piece = new Uint8Array(pieceBytes);
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    const part = bytes.subarray(start, start + pieceBytes);
    piece.set(part);
    await file.write(piece.subarray(0, part.length));
    // The writer may use its memory again.
    piece.fill(0);
  }
  await file.commit();
}

export async function read(
  storage: Storage,
  path: string,
  range?: { start?: number; end?: number },
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of storage.read(path, range)) chunks.push(chunk.slice());
  return new Uint8Array(Buffer.concat(chunks));
}

export async function listed(storage: Storage, prefix?: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of storage.list(prefix)) paths.push(path);
  return paths;
}

type With<L> = (test: (lab: L, storage: Storage) => Promise<void>) => Promise<void>;

export const withLab = <L extends StorageLab>(start: () => Promise<L>): With<L> => async (test) => {
  const lab = await start();
  try {
    await test(lab, await lab.open());
  } finally {
    await lab.stop();
  }
};

/** @param names that files may have besides the usual ones */
export function describeStorage(kind: string, start: () => Promise<StorageLab>, names: readonly string[]): void {
  const inStorage = withLab(start);

  describe(`${kind}: a storage`, () => {
    it("keeps files of any size, and tells their sizes", () =>
      inStorage(async (_, storage) => {
        for (const size of [0, 1, PART_BYTES, PART_BYTES + 1, 4 * PART_BYTES, 7777]) {
          await write(storage, `f/${size}`, pattern(size));
          assert.deepEqual(await read(storage, `f/${size}`), pattern(size), String(size));
          assert.equal((await storage.info(`f/${size}`))?.sizeBytes, size);
        }
      }));

    it("keeps small texts", () =>
      inStorage(async (_, storage) => {
        assert.equal(await storage.readText("m.json"), undefined);
        await storage.writeText("m.json", "päpstlich");
        assert.equal(await storage.readText("m.json"), "päpstlich");
        await storage.writeText("m.json", "");
        assert.equal(await storage.readText("m.json"), "");
      }));

    it("shows nothing under a name before the file is whole", () =>
      inStorage(async (_, storage) => {
        for (const size of [10, 3500]) {
          const file = await storage.create("x");
          await file.write(pattern(size));
          assert.equal(await storage.info("x"), undefined);
          assert.deepEqual(await listed(storage), []);
          await file.commit();
          assert.deepEqual(await listed(storage), ["x"]);
          await storage.remove("x");
        }
      }));

    it("replaces a file at once, and tells that it is another", () =>
      inStorage(async (_, storage) => {
        await write(storage, "x", pattern(2500));
        const before = await storage.info("x");
        const file = await storage.create("x");
        await file.write(pattern(3501, 2));
        assert.deepEqual(await read(storage, "x"), pattern(2500));
        await file.commit();
        assert.deepEqual(await read(storage, "x"), pattern(3501, 2));
        assert.notEqual((await storage.info("x"))?.version, before?.version);
      }));

    it("leaves nothing of a file that was taken back, and what was there as it was", () =>
      inStorage(async (_, storage) => {
        for (const size of [0, 10, 3500]) {
          const file = await storage.create("new");
          await file.write(pattern(size));
          await file.abort();
          await file.abort();
        }
        assert.deepEqual(await listed(storage), []);
        await write(storage, "old", pattern(2500));
        const file = await storage.create("old");
        await file.write(pattern(3500, 2));
        await file.abort();
        assert.deepEqual(await read(storage, "old"), pattern(2500));
      }));

    it("lists what begins with a prefix, in order, with sizes and versions", () =>
      inStorage(async (_, storage) => {
        assert.deepEqual(await listed(storage), []);
        const paths = ["a", "b-", "b/1", "b/2", "b/3", "c", "d/e/f", "ä", "\u{10000}"];
        for (const path of [...paths].reverse()) await storage.writeText(path, path);
        assert.deepEqual((await listed(storage)).sort(), paths.toSorted());
        assert.deepEqual((await listed(storage)).filter((path) => /^[a-z]/.test(path)), paths.slice(0, 7));
        assert.deepEqual(await listed(storage, "b/"), ["b/1", "b/2", "b/3"]);
        assert.deepEqual(await listed(storage, "b"), ["b-", "b/1", "b/2", "b/3"]);
        assert.deepEqual(await listed(storage, "b/2"), ["b/2"]);
        assert.deepEqual(await listed(storage, "d/"), ["d/e/f"]);
        assert.deepEqual(await listed(storage, "x"), []);
        for await (const { path, ...info } of storage.list("b/2")) {
          assert.deepEqual(info, await storage.info(path));
        }
      }));

    it("reads ranges, and nothing from behind the end", () =>
      inStorage(async (_, storage) => {
        const bytes = pattern(5000);
        await write(storage, "x", bytes);
        for (const [start, end] of [[0, undefined], [10, undefined], [0, 1], [4990, 9999], [4999, 5000]] as const) {
          assert.deepEqual(await read(storage, "x", { start, end }), bytes.slice(start, end));
        }
        for (const [start, end] of [[5000, undefined], [9999, 10_000], [7, 7], [9, 3]] as const) {
          assert.equal((await read(storage, "x", { start, end })).length, 0);
        }
        await write(storage, "empty", pattern(0));
        assert.equal((await read(storage, "empty", { start: 0, end: 10 })).length, 0);
      }));

    it("tells what is not there, and removes without complaint", () =>
      inStorage(async (_, storage) => {
        assert.equal(await storage.info("none"), undefined);
        const error = await failure(read(storage, "none"));
        assert.equal(error.category, "not_found");
        assert.ok(error.message.includes(storage.addressOf("none")), error.message);
        await storage.writeText("x", "text");
        await storage.remove("x");
        await storage.remove("x");
        assert.equal(await storage.info("x"), undefined);
      }));

    it("takes names as they are", () =>
      inStorage(async (_, storage) => {
        const all = [
          "date=2026-01-01/a b.txt",
          "a+b",
          "ä/日本",
          "100%",
          "%41",
          "(*)!'",
          "a=b;c,d@e$f",
          "~_-.x",
          ...names,
        ];
        for (const name of all) {
          await storage.writeText(name, name);
          assert.equal(await storage.readText(name), name);
        }
        await write(storage, "large (1)+%.bin", pattern(3500));
        assert.deepEqual(await read(storage, "large (1)+%.bin"), pattern(3500));
        assert.deepEqual((await listed(storage)).sort(), [...all, "large (1)+%.bin"].sort());
        for (const name of all) assert.ok((await listed(storage, name)).includes(name), name);
      }));

    it("takes no path that leads out of it", () =>
      inStorage(async (_, storage) => {
        for (const path of ["", "..", "../x", "a/../b", "a/./b"]) {
          const uses: (() => Promise<unknown>)[] = [
            () => storage.info(path),
            () => storage.create(path),
            () => storage.remove(path),
          ];
          for (const use of uses) {
            assert.equal((await failure(Promise.resolve().then(use))).category, "input", path);
          }
        }
      }));

    it("never mixes the files of writers that write the same name at once", () =>
      inStorage(async (_, storage) => {
        const contents = [pattern(3500, 1), pattern(3501, 2)] as const;
        const files = [await storage.create("x"), await storage.create("x")] as const;
        const errors: unknown[] = [undefined, undefined];
        const attempt = async (which: number, use: (which: number) => Promise<void>) => {
          if (errors[which] !== undefined) return;
          await use(which).catch((error) => {
            assert.ok(error instanceof MpError, String(error));
            errors[which] = error;
          });
        };
        for (let start = 0; start < 3501; start += 700) {
          for (const which of [0, 1]) {
            await attempt(which, (which) => files[which]!.write(contents[which]!.subarray(start, start + 700)));
          }
        }
        for (const which of [0, 1]) await attempt(which, (which) => files[which]!.commit());
        for (const which of [0, 1]) if (errors[which] !== undefined) await files[which]!.abort();
        const winners = contents.filter((_, which) => errors[which] === undefined);
        if (winners.length === 0) return assert.deepEqual(await listed(storage), []);
        const bytes = await read(storage, "x");
        assert.ok(winners.some((content) => Buffer.compare(content, bytes) === 0), `${bytes.length} bytes of nobody`);
      }));

    it("ends when the job is interrupted", () =>
      inStorage(async (lab, storage) => {
        await write(storage, "there", pattern(9000));
        const controller = new AbortController();
        const own = await lab.open(controller.signal);
        // Files of this machine are not waited for.
        if (own.folder !== undefined) return;
        const file = await own.create("x");
        await file.write(pattern(3500));
        controller.abort(new MpError("Interrupted", { category: "interrupted" }));
        for (const use of [() => file.commit(), () => read(own, "there")]) {
          assert.equal((await failure(use())).category, "interrupted");
        }
        await file.abort();
        assert.deepEqual(await listed(storage), ["there"]);
      }));

    it("tells beforehand whether a file could be written, and leaves nothing", () =>
      inStorage(async (_, storage) => {
        await storage.probe?.("x");
        assert.deepEqual(await listed(storage), []);
        await storage.writeText("x", "text");
        await storage.probe?.("x");
        assert.equal(await storage.readText("x"), "text");
      }));
  });
}
