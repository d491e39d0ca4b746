import assert from "node:assert/strict";
import { chmodSync, lstatSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { describe, it } from "node:test";
import process from "node:process";
import { adoptFile, openResumable } from "../../../src/runtime/files/resumable_file.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { itUnless } from "../../helpers/needs.ts";

const folder = temporaryFolder();
const bytes = (text: string) => new TextEncoder().encode(text);

describe("a file that is written in several runs", () => {
  it("goes on after what is kept of it, and what came after that is gone", async () => {
    const path = folder.write("a", "whole|half a rec");
    const sink = await openResumable(path, 6);
    await sink.write(bytes("next|"));
    await sink.write(bytes("last"));
    await sink.sync();
    await sink.close();
    assert.equal(readFileSync(path, "utf8"), "whole|next|last");
  });

  it("goes on where large pieces end, and small ones", async () => {
    const path = folder.write("b", "kept|gone");
    const large = "x".repeat(300_000);
    const sink = await openResumable(path, 5);
    for (const text of ["a", large, "b"]) await sink.write(bytes(text));
    await sink.close();
    assert.equal(readFileSync(path, "utf8") === `kept|a${large}b`, true);
  });

  it("is made, and emptied when nothing of it is kept", async () => {
    for (const path of [folder.path("new"), folder.write("old", "something")]) {
      const sink = await openResumable(path, 0);
      await sink.write(bytes("x"));
      await sink.close();
      assert.equal(readFileSync(path, "utf8"), "x");
    }
  });

  itUnless(process.platform === "win32" && "not on Windows", "is refused when a link is in its place", async () => {
    symlinkSync(folder.write("precious", "kept"), folder.path("planted"));
    for (const keep of [0, 2]) await assert.rejects(openResumable(folder.path("planted"), keep), { code: "ELOOP" });
    assert.equal(readFileSync(folder.path("precious"), "utf8"), "kept");
  });

  it("is refused when it has less than is to be kept", async () => {
    await assert.rejects(openResumable(folder.write("short", "abc"), 4), /has 3 bytes, and not 4/);
    await assert.rejects(openResumable(folder.path("absent"), 1), { code: "ENOENT" });
  });
});

describe("a finished file", () => {
  it("gets the permissions of a new one, however private it was while it was made", async () => {
    const path = folder.write("private", "new");
    chmodSync(path, 0o600);
    await adoptFile(path, folder.path("public"));
    const ordinary = statSync(folder.write("ordinary", "")).mode & 0o777;
    assert.equal(statSync(folder.path("public")).mode & 0o777, ordinary & 0o644);
  });

  it("takes the place and the permissions of the one before", async () => {
    const before = folder.write("before", "old");
    chmodSync(before, 0o640);
    await adoptFile(folder.write("finished", "new"), before);
    assert.equal(readFileSync(before, "utf8"), "new");
    assert.equal(statSync(before).mode & 0o777, 0o640);
  });

  it("leaves a link as it is and replaces what it points to", async () => {
    const target = folder.write("target", "old");
    symlinkSync(target, folder.path("link"));
    await adoptFile(folder.write("finished-2", "new"), folder.path("link"));
    assert.equal(readFileSync(target, "utf8"), "new");
    assert.ok(lstatSync(folder.path("link")).isSymbolicLink());
  });
});
