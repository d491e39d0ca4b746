import assert from "node:assert/strict";
import { closeSync, mkdirSync, openSync, readFileSync, realpathSync, symlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { it } from "node:test";
import { descriptorOf } from "../../../src/runtime/files/descriptors.ts";
import {
  isSameFile,
  openSink,
  realPath,
  takesBytesAsTheyCome,
  writeFileAtomically,
} from "../../../src/runtime/files/files.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { describeUnless } from "../../helpers/needs.ts";

const folder = temporaryFolder();
const missing = process.platform === "win32" && "not on Windows";
const isBun = "Bun" in globalThis;

describeUnless(missing, "a path that names a descriptor", () => {
  it("is told from all others", () => {
    const own = `/proc/${process.pid}/fd/5`;
    const known = ["/dev/stdin", "/dev/stdout", "/dev/../dev//stderr", "/dev/fd/63", "/proc/self/fd/1", own];
    assert.deepEqual(known.map(descriptorOf), [0, 1, 2, 63, 1, 5]);
    for (const other of ["/dev/null", "stdout", "/dev/fd", "/dev/fd/x", "/proc/1/fd/1", "/tmp/dev/stdout"]) {
      assert.equal(descriptorOf(other), undefined, other);
    }
  });

  it("leads nowhere else, and neither does a link to it", async () => {
    symlinkSync("/dev/stdout", folder.path("out"));
    assert.equal(await realPath(folder.path("out")), "/dev/stdout");
    assert.equal(await realPath("/dev/fd/2"), "/dev/fd/2");
    for (const path of ["/dev/fd/2", folder.path("out"), "/dev/null"]) {
      assert.equal(await takesBytesAsTheyCome(path), true, path);
    }
    assert.equal(await takesBytesAsTheyCome(folder.write("ordinary", "")), false);
    assert.equal(await takesBytesAsTheyCome(folder.path("absent")), false);
  });

  // Deno opens it again.
  if (isBun) {
    it("is written to where the descriptor stands, and stays open", async () => {
      const path = folder.write("log", "");
      const descriptor = openSync(path, "w");
      try {
        writeSync(descriptor, "before|");
        await writeFileAtomically(`/dev/fd/${descriptor}`, "whole|");
        const sink = await openSink(`/dev/fd/${descriptor}`);
        await sink.write(new TextEncoder().encode("streamed|"));
        await sink.sync();
        await sink.close();
        writeSync(descriptor, "after");
      } finally {
        closeSync(descriptor);
      }
      assert.equal(readFileSync(path, "utf8"), "before|whole|streamed|after");
    });
  }
});

describeUnless(missing, "a link to a file that is not there yet", () => {
  it("leads to where the file will be, over other links and from the folder that it is really in", async () => {
    const base = realpathSync(folder.path(""));
    mkdirSync(join(base, "deep/er"), { recursive: true });
    symlinkSync(join(base, "deep/er"), join(base, "short"));
    symlinkSync("../new", join(base, "deep/er/link"));
    symlinkSync("short/link", join(base, "outer"));
    assert.equal(await realPath(join(base, "outer")), join(base, "deep/new"));
    await writeFileAtomically(join(base, "outer"), "x");
    assert.equal(readFileSync(join(base, "deep/new"), "utf8"), "x");
  });

  it("may lead in a circle", async () => {
    symlinkSync("b", folder.path("a"));
    symlinkSync("a", folder.path("b"));
    await realPath(folder.path("a"));
  });
});

describeUnless(missing, "two paths", () => {
  it("are told to lead to one file", async () => {
    const path = folder.write("one", "x");
    symlinkSync(path, folder.path("same"));
    assert.equal(await isSameFile(path, folder.path("same")), true);
    assert.equal(await isSameFile(path, folder.write("two", "x")), false);
    assert.equal(await isSameFile(folder.path("absent"), folder.path("absent")), false);
    assert.equal(await isSameFile("/dev/null", "/dev/null"), false);
  });
});
