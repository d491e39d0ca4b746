import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { describe, it } from "node:test";
import { removeLeftovers } from "../../src/jobs/leftovers.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";

const folder = temporaryFolder();

describe("what a job does not need any more", () => {
  it("goes, with everything in it", async () => {
    mkdirSync(folder.path("state/spool"), { recursive: true });
    const notes: string[] = [];
    await removeLeftovers(folder.path("state"), (line) => void notes.push(line));
    await removeLeftovers(folder.path("never"), (line) => void notes.push(line));
    assert.equal(existsSync(folder.path("state")), false);
    assert.deepEqual(notes, []);
  });

  it("is named when it cannot be removed, which is no failure", async () => {
    const notes: string[] = [];
    await removeLeftovers("a name\0that no system takes", (line) => void notes.push(line));
    assert.match(notes.join("\n"), /^Cannot remove "a name\\u0000that no system takes": \S/);
  });
});
