import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { pid } from "node:process";
import { describe, it } from "node:test";
import { failure } from "../../helpers/failure.ts";
import { localStorage } from "../../../src/storage/files/local.ts";
import { itUnless } from "../../helpers/needs.ts";
import type { Storage } from "../../../src/storage/storage.ts";

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mp-storage-"));
  try {
    await test(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const bytes = (text: string) => new TextEncoder().encode(text);

async function write(storage: Storage, path: string, text: string, mode?: number): Promise<void> {
  const file = await storage.create(path, { mode });
  try {
    await file.write(bytes(text));
    await file.commit();
  } catch (error) {
    await file.abort();
    throw error;
  }
}

async function read(storage: Storage, path: string, range?: { start?: number; end?: number }): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of storage.read(path, range)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function listed(storage: Storage, prefix?: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of storage.list(prefix)) paths.push(path);
  return paths;
}

/** The number of a process that has ended. */
function deadProcess(): number {
  return spawnSync("true").pid;
}

describe("a folder as a storage", () => {
  it("writes, reads, tells the info of and removes files, and makes folders as needed", () =>
    inFolder(async (folder) => {
      const storage = localStorage(join(folder, "out/"));
      assert.equal(storage.address, join(folder, "out"));
      assert.deepEqual(await listed(storage), []);
      assert.equal(existsSync(join(folder, "out")), false);
      await write(storage, "date=2026-01-01/events.jsonl", "0123456789");
      assert.equal(storage.addressOf("date=2026-01-01/events.jsonl"), join(folder, "out/date=2026-01-01/events.jsonl"));
      assert.equal(await read(storage, "date=2026-01-01/events.jsonl"), "0123456789");
      const info = await storage.info("date=2026-01-01/events.jsonl");
      assert.equal(info?.sizeBytes, 10);
      await storage.writeText("date=2026-01-01/events.jsonl", "other");
      assert.notEqual((await storage.info("date=2026-01-01/events.jsonl"))?.version, info?.version);
      await storage.remove("date=2026-01-01/events.jsonl");
      await storage.remove("date=2026-01-01/events.jsonl");
      assert.equal(await storage.info("date=2026-01-01/events.jsonl"), undefined);
      assert.equal(await storage.info("date=2026-01-01"), undefined);
      assert.equal(await storage.readText("nothing/there"), undefined);
    }));

  it("reads ranges, and nothing from behind the end", () =>
    inFolder(async (folder) => {
      const storage = localStorage(folder);
      await write(storage, "x", "0123456789");
      for (const [start, end] of [[0, undefined], [3, undefined], [0, 1], [9, 99], [10, 20], [7, 7], [9, 3]] as const) {
        assert.equal(
          await read(storage, "x", { start, end }),
          "0123456789".slice(start, end === undefined ? end : Math.max(start, end)),
        );
      }
    }));

  it("gives a file its name only when it is whole, and takes back what is not wanted", () =>
    inFolder(async (folder) => {
      const storage = localStorage(folder);
      await write(storage, "x", "before");
      const file = await storage.create("x");
      await file.write(bytes("half"));
      assert.equal(readFileSync(join(folder, "x"), "utf8"), "before");
      assert.deepEqual(await listed(storage), ["x"]);
      assert.match(readdirSync(folder).sort()[1]!, new RegExp(`^x\\.${pid}\\.[0-9a-f]{8}\\.part$`));
      await file.abort();
      await file.abort();
      assert.deepEqual(readdirSync(folder), ["x"]);
      const committed = await storage.create("x");
      await committed.write(bytes("after"));
      await committed.commit();
      await committed.abort();
      assert.equal(readFileSync(join(folder, "x"), "utf8"), "after");
    }));

  it("removes what dead writers have left of a file, and nothing else", () =>
    inFolder(async (folder) => {
      const dead = deadProcess();
      const own = await localStorage(folder).create("x");
      const kept = [`x.1.00000000.part`, `xy.${dead}.00000000.part`, "x.part", `x.${dead}.part`];
      for (const name of [...kept, `x.${dead}.00000000.part`, `x.${pid}.00000000.part`]) {
        writeFileSync(join(folder, name), "");
      }
      const storage = localStorage(folder);
      await write(storage, "x", "text");
      assert.deepEqual(
        readdirSync(folder).filter((name) => !name.startsWith(`x.${pid}`)).sort(),
        ["x", ...kept].sort(),
      );
      await own.write(bytes("mine"));
      await own.commit();
      assert.equal(await read(storage, "x"), "mine");
    }));

  it("lists in the order of whole paths, as a bucket does, without leftovers", () =>
    inFolder(async (folder) => {
      const storage = localStorage(folder);
      for (const path of ["b/2", "b/1", "b-", "b.", "c/d/e", "a", "\u{1f600}", "\uff5e"]) {
        await write(storage, path, path);
      }
      writeFileSync(join(folder, "b", "2.4711.00000000.part"), "");
      writeFileSync(join(folder, ".mp.lock"), "");
      symlinkSync(folder, join(folder, "b", "circle"));
      symlinkSync(join(folder, "a"), join(folder, "link"));
      const all = ["a", "b-", "b.", "b/1", "b/2", "c/d/e", "link", "\uff5e", "\u{1f600}"];
      assert.deepEqual(await listed(storage), all);
      assert.deepEqual(await listed(storage, "b"), ["b-", "b.", "b/1", "b/2"]);
      assert.deepEqual(await listed(storage, "b/"), ["b/1", "b/2"]);
      assert.deepEqual(await listed(storage, "c/d/"), ["c/d/e"]);
      assert.deepEqual(await listed(storage, "x/y"), []);
    }));

  it("keeps the permissions of a file and the link to it", () =>
    inFolder(async (folder) => {
      const storage = localStorage(folder);
      writeFileSync(join(folder, "real"), "before");
      chmodSync(join(folder, "real"), 0o666);
      symlinkSync(join(folder, "real"), join(folder, "link"));
      await write(storage, "link", "after");
      assert.equal(readFileSync(join(folder, "real"), "utf8"), "after");
      assert.equal(statSync(join(folder, "real")).mode & 0o777, 0o666);
      await write(storage, "secret", "", 0o600);
      assert.equal(statSync(join(folder, "secret")).mode & 0o777, 0o600);
    }));

  it("takes a finished file over, in place of one whose permissions and links stay", () =>
    inFolder(async (folder) => {
      const storage = localStorage(join(folder, "out"));
      const finished = (text: string) => {
        writeFileSync(join(folder, "finished"), text);
        return join(folder, "finished");
      };
      assert.equal(await storage.adopt?.(finished("new"), "a/file"), true);
      assert.equal(readFileSync(join(folder, "out", "a", "file"), "utf8"), "new");
      chmodSync(join(folder, "out", "a", "file"), 0o660);
      symlinkSync(join(folder, "out", "a", "file"), join(folder, "out", "link"));
      assert.equal(await storage.adopt?.(finished("newer"), "link"), true);
      assert.equal(readFileSync(join(folder, "out", "a", "file"), "utf8"), "newer");
      assert.equal(statSync(join(folder, "out", "a", "file")).mode & 0o777, 0o660);
      assert.deepEqual(await listed(storage), ["a/file", "link"]);
      assert.deepEqual(readdirSync(folder), ["out"]);
    }));

  it("takes no file over where it would have to be copied, or that cannot be replaced", () =>
    inFolder(async (folder) => {
      writeFileSync(join(folder, "finished"), "new");
      assert.equal(await localStorage("/dev").adopt?.(join(folder, "finished"), "null"), false);
      const error = await failure(localStorage(dirname(folder)).adopt!(join(folder, "finished"), basename(folder)));
      assert.match(error.message, /: it is a folder$/);
      assert.equal(readFileSync(join(folder, "finished"), "utf8"), "new");
    }));

  it("writes to what is no file as it is", async () => {
    const storage = localStorage("/dev");
    await write(storage, "null", "text");
    assert.ok(statSync("/dev/null").isCharacterDevice());
    const error = await failure(write(storage, "full", "text"));
    assert.equal(error.message, 'Cannot write "/dev/full": the disk is full');
    assert.equal(error.category, "failure");
  });

  it("refuses paths that lead out of it, before anything is touched", () =>
    inFolder(async (folder) => {
      const storage = localStorage(join(folder, "out"));
      for (const path of ["../x", "a/../../x", "/etc/passwd", "a//b", "", ".", "a/.", "C:\\x", "..\\x", "a\0b"]) {
        const error = await failure(Promise.resolve().then(() => storage.writeText(path, "")));
        assert.equal(error.code, "bad_path");
      }
      assert.deepEqual(readdirSync(folder), []);
    }));

  itUnless(!existsSync("/dev/full") && "no /dev/full", "says that the disk is full", () =>
    inFolder(async (folder) => {
      symlinkSync("/dev/full", join(folder, "x"));
      const error = await failure(write(localStorage(folder), "x", "text"));
      assert.equal(error.message, `Cannot write "${folder}/x": the disk is full`);
    }));

  it("says what is in the way", () =>
    inFolder(async (folder) => {
      mkdirSync(join(folder, "taken"));
      writeFileSync(join(folder, "file"), "");
      const storage = localStorage(folder);
      assert.equal((await failure(storage.create("taken"))).message, `Cannot write "${folder}/taken": it is a folder`);
      assert.equal(
        (await failure(storage.create("file/x"))).message,
        `Cannot make the folder "${folder}/file": a file is in its place`,
      );
      const missing = await failure(read(storage, "missing"));
      assert.equal(missing.message, `Cannot read "${folder}/missing": no such file`);
      assert.equal(missing.category, "not_found");
    }));
});
