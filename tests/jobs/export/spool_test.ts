import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Spool } from "../../../src/jobs/export/spool.ts";
import { chunked } from "../../streams/chunked.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";

const folder = temporaryFolder();
let folders = 0;
const newFolder = () => folder.path(`spool-${++folders}`);

async function put(spool: Spool, from: string, to: string, isOpen = false) {
  const file = await spool.create();
  await file.take(chunked(`events of ${from}`, 3));
  return await file.commit({ from, to, events: 7, bytes: 99, isOpen });
}

describe("the spool", () => {
  it("knows its slices again, with all that was known about them, in the order of days", async () => {
    const path = newFolder();
    const spool = await Spool.open(path, "q", "plain");
    await put(spool, "2026-01-05", "2026-01-09", true);
    await put(spool, "2026-01-01", "2026-01-04");
    const again = await Spool.open(path, "q", "plain");
    assert.deepEqual(again.slices, spool.slices);
    assert.deepEqual(again.slices.map(({ from, events, bytes, isOpen }) => [from, events, bytes, isOpen]), [
      ["2026-01-01", 7, 99, false],
      ["2026-01-05", 7, 99, true],
    ]);
  });

  it("keeps nothing of another query or another encoding, nor what was not finished", async () => {
    for (const [fingerprint, encoding] of [["other", "plain"], ["q", "gzip"]] as const) {
      const path = newFolder();
      const spool = await Spool.open(path, "q", "plain");
      await put(spool, "2026-01-01", "2026-01-04");
      writeFileSync(join(path, "0123abcd.part"), "half");
      const again = await Spool.open(path, fingerprint, encoding);
      assert.deepEqual(again.slices, []);
      assert.deepEqual(readdirSync(path), ["query"]);
    }
  });

  it("keeps one slice of those that have days in common", async () => {
    const path = newFolder();
    const spool = await Spool.open(path, "q", "plain");
    await put(spool, "2026-01-01", "2026-01-04");
    await put(spool, "2026-01-03", "2026-01-04");
    await put(spool, "2026-01-05", "2026-01-05");
    const again = await Spool.open(path, "q", "plain");
    assert.deepEqual(again.slices.map(({ from }) => from), ["2026-01-01", "2026-01-05"]);
  });

  it("keeps no slice that a power cut has left short, or with zeros in its place", async () => {
    for (const content of ["events of 2026", "\0".repeat("events of 2026-01-01".length)]) {
      const path = newFolder();
      const spool = await Spool.open(path, "q", "plain");
      const damaged = await put(spool, "2026-01-01", "2026-01-04");
      await put(spool, "2026-01-05", "2026-01-05");
      writeFileSync(damaged.path, content);
      const again = await Spool.open(path, "q", "plain");
      assert.deepEqual(again.slices.map(({ from }) => from), ["2026-01-05"]);
      assert.equal(existsSync(damaged.path), false);
    }
  });

  it("leaves files alone that are not its own", async () => {
    const path = newFolder();
    mkdirSync(path);
    writeFileSync(join(path, "mine.jsonl"), "x");
    await Spool.open(path, "q", "plain");
    assert.equal(existsSync(join(path, "mine.jsonl")), true);
  });

  it("takes back what is given up", async () => {
    const path = newFolder();
    const spool = await Spool.open(path, "q", "gzip");
    const file = await spool.create();
    await file.write(new Uint8Array(10));
    await file.abort();
    const slice = await put(spool, "2026-01-01", "2026-01-01");
    await spool.remove(slice);
    assert.deepEqual([readdirSync(path), spool.slices], [["query"], []]);
  });

  it("says which folder cannot be used", async () => {
    const file = folder.write("a-file", "x");
    await assert.rejects(Spool.open(join(file, "spool"), "q", "gzip"), {
      category: "failure",
      message: /^Cannot write ".*a-file\/spool": /,
    });
  });
});
