import assert from "node:assert/strict";
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import { describe, it } from "node:test";
import process from "node:process";
import { makeOwnFolder } from "../../../src/runtime/files/own_folder.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { itUnless } from "../../helpers/needs.ts";

const folder = temporaryFolder();
const isWindows = process.platform === "win32";
let made = 0;

function existing(mode = 0o700): string {
  const path = folder.path(`${++made}/state`);
  mkdirSync(path, { recursive: true });
  chmodSync(path, mode);
  return path;
}

describe("a folder for this user alone", () => {
  it("is made with the folders above it, and taken again", async () => {
    const path = folder.path("a/b/state");
    await makeOwnFolder(path);
    if (!isWindows) assert.equal(statSync(path).mode & 0o777, 0o700);
    await makeOwnFolder(path);
    await makeOwnFolder(existing(0o755));
    assert.deepEqual(readdirSync(dirname(path)), ["state"]);
  });

  itUnless(isWindows && "not on Windows", "is refused when others can write to it", async () => {
    for (const mode of [0o777, 0o770, 0o702]) {
      const path = existing(mode);
      const refused = { category: "input", code: "foreign_state", message: /: other users can write to it$/ };
      await assert.rejects(makeOwnFolder(path), refused);
      assert.deepEqual(readdirSync(dirname(path)), ["state"]);
    }
  });

  itUnless(isWindows && "not on Windows", "is refused when it is a link or a file", async () => {
    const link = folder.path("link");
    symlinkSync(existing(), link);
    await assert.rejects(makeOwnFolder(link), /: it is a link$/);
    await assert.rejects(makeOwnFolder(folder.write("file", "")), /: it is a file$/);
  });

  itUnless(process.getuid?.() !== 0 && "it takes root", "is refused when it belongs to another user", async () => {
    const path = existing();
    chownSync(path, 12345, 12345);
    await assert.rejects(makeOwnFolder(path), /: it belongs to another user$/);
  });
});
