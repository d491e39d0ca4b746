import assert from "node:assert/strict";
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import process from "node:process";
import {
  fileInfo,
  listFolder,
  makeFolder,
  makeTemporaryFolder,
  openSink,
  readFileStream,
  readTextFile,
  removeFile,
  renameFile,
  writeFileAtomically,
} from "../../../src/runtime/files/files.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { itUnless } from "../../helpers/needs.ts";

const folder = temporaryFolder();
const modeOf = (path: string) => statSync(path).mode & 0o777;
const isWindows = process.platform === "win32";

describe("writing a file in one step", () => {
  it("makes it, or replaces it, and leaves nothing else behind", async () => {
    await makeFolder(folder.path("atomic"));
    const path = folder.path("atomic/file");
    await writeFileAtomically(path, "first");
    await writeFileAtomically(path, new TextEncoder().encode("sécond"));
    assert.equal(readFileSync(path, "utf8"), "sécond");
    assert.deepEqual(readdirSync(folder.path("atomic")), ["file"]);
  });

  itUnless(
    isWindows && "not on Windows",
    "gives a new file the mode that was asked for, and leaves one that was there its own",
    async () => {
      const path = folder.path("mode");
      await writeFileAtomically(path, "a", { mode: 0o600 });
      assert.equal(modeOf(path), 0o600);
      await writeFileAtomically(path, "b");
      assert.equal(modeOf(path), 0o600);
      chmodSync(path, 0o664);
      await writeFileAtomically(path, "c");
      assert.equal(modeOf(path), 0o664);
      await writeFileAtomically(path, "d", { mode: 0o600 });
      assert.equal(modeOf(path), 0o600);
    },
  );

  itUnless(isWindows && "not on Windows", "writes through a link", async () => {
    const target = folder.write("target", "old");
    symlinkSync(target, folder.path("link"));
    await writeFileAtomically(folder.path("link"), "new");
    assert.ok(lstatSync(folder.path("link")).isSymbolicLink());
    assert.equal(readFileSync(target, "utf8"), "new");
  });

  itUnless(isWindows && "not on Windows", "writes to what is no file without replacing it", async () => {
    await writeFileAtomically("/dev/null", "gone");
    assert.ok(statSync("/dev/null").isCharacterDevice());
    const pipe = folder.path("pipe");
    execFileSync("mkfifo", [pipe]);
    const [read] = await Promise.all([new Response(readFileStream(pipe)).text(), writeFileAtomically(pipe, "through")]);
    assert.equal(read, "through");
    assert.ok(statSync(pipe).isFIFO());
    await assert.rejects(readTextFile(pipe), { message: "it is a named pipe, and no file" });
    await assert.rejects(readTextFile("/dev/zero"), { message: "it is a device, and no file" });
    assert.equal(await readTextFile("/dev/null"), "");
  });

  it("fails where it cannot write, and leaves nothing behind", async () => {
    await assert.rejects(writeFileAtomically(folder.path("no/where"), "x"), { code: "ENOENT" });
    await makeFolder(folder.path("taken"));
    await assert.rejects(writeFileAtomically(folder.path("taken"), "x"), { code: "EISDIR" });
    assert.deepEqual(readdirSync(folder.path("")).filter((name) => name.endsWith(".tmp")), []);
  });
});

describe("reading", () => {
  it("gives text, or undefined where nothing is", async () => {
    assert.equal(await readTextFile(folder.write("text", "ä\n")), "ä\n");
    assert.equal(await readTextFile(folder.path("nothing")), undefined);
    assert.equal(await readTextFile(folder.path("text/below")), undefined);
    await assert.rejects(readTextFile(folder.path("")), { code: "EISDIR" });
  });

  it("streams bytes in order, and fails when it is read", async () => {
    const bytes = new Uint8Array(600_000).map((_, index) => index % 251);
    const path = folder.write("bytes", bytes);
    assert.deepEqual(new Uint8Array(await new Response(readFileStream(path)).arrayBuffer()), bytes);
    const broken = readFileStream(folder.path("nothing"));
    await assert.rejects(broken.getReader().read(), { code: "ENOENT" });
  });

  it("knows what is there", async () => {
    const path = folder.write("facts", "12345");
    utimesSync(path, 0, 1_700_000_000);
    const facts = await fileInfo(path);
    assert.deepEqual([facts?.sizeBytes, facts?.isFolder, facts?.modifiedMs], [5, false, 1_700_000_000_000]);
    assert.equal((await fileInfo(folder.path("")))?.isFolder, true);
    assert.equal(await fileInfo(folder.path("nothing")), undefined);
    assert.equal(await fileInfo(folder.path("facts/below")), undefined);
  });
});

describe("an open file", () => {
  it("takes bytes in order, again or after what is there", async () => {
    const path = folder.path("sink");
    const write = async (flag: "w" | "a" | "wx", ...texts: string[]) => {
      const sink = await openSink(path, { flag });
      for (const text of texts) await sink.write(new TextEncoder().encode(text));
      await sink.sync();
      await sink.close();
      return readFileSync(path, "utf8");
    };
    assert.equal(await write("wx", "a", "b"), "ab");
    assert.equal(await write("a", "c"), "abc");
    assert.equal(await write("w", "d"), "d");
    await assert.rejects(write("wx"), { code: "EEXIST" });
  });

  it("takes large pieces among small ones, in order", async () => {
    const large = "x".repeat(300_000);
    for (const [flag, before] of [["w", ""], ["a", "before"]] as const) {
      const path = folder.write(`large-${flag}`, before);
      const sink = await openSink(path, { flag });
      for (const text of ["a", large, "b", large, "c"]) await sink.write(new TextEncoder().encode(text));
      await sink.sync();
      await sink.close();
      assert.equal(readFileSync(path, "utf8") === `${before}a${large}b${large}c`, true, flag);
    }
  });

  it("that has another name now, or whose name another has, still gets what is written", async () => {
    const large = new TextEncoder().encode("y".repeat(300_000));
    const path = folder.path("renamed-from");
    const sink = await openSink(path);
    await renameFile(path, folder.path("renamed-to"));
    folder.write("renamed-from", "other");
    await sink.write(large);
    await sink.close();
    assert.equal(readFileSync(path, "utf8"), "other");
    assert.equal(readFileSync(folder.path("renamed-to")).length, large.length);
  });
});

describe("folders", () => {
  it("are made with those above them, listed, renamed and removed", async () => {
    await makeFolder(folder.path("a/b/c"));
    await makeFolder(folder.path("a/b/c"));
    await renameFile(folder.path("a/b"), folder.path("a/d"));
    assert.deepEqual(await listFolder(folder.path("a")), ["d"]);
    await removeFile(folder.path("a"));
    await removeFile(folder.path("a"));
    assert.equal(await fileInfo(folder.path("a")), undefined);
  });

  it("for a while are new, and private", async () => {
    const [one, other] = [await makeTemporaryFolder("mp-files-"), await makeTemporaryFolder("mp-files-")];
    assert.notEqual(one, other);
    if (!isWindows) assert.equal(modeOf(one), 0o700);
    await Promise.all([removeFile(one), removeFile(other)]);
  });
});
