import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { type Checkpoint, withCheckpoint } from "../../../src/jobs/import/checkpoint.ts";
import { emptySummary } from "../../../src/jobs/import/delivery_summary.ts";
import type { RecordSource } from "../../../src/records/read/record_source.ts";
import { UnreadableSourceError } from "../../../src/records/read/unreadable_source.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";

const folder = temporaryFolder();
const identity = { host: "us", project: "7", kind: "events", recipe: {} };
const settled = (records: number) => ({ records, summary: emptySummary() });

/** A file with a size and a time that stay, whatever its content. */
function sourceOf(content: string): RecordSource {
  const bytes = new TextEncoder().encode(content);
  return {
    name: "events.jsonl",
    open: () => ReadableStream.from([bytes]),
    identity: { address: "/data/events.jsonl", sizeBytes: bytes.length, version: "the same" },
    slice: (start, end) => Promise.resolve(bytes.subarray(start, end)),
  };
}

let names = 0;
const newPath = () => folder.path(`checkpoint-${++names}.json`);
/** Each look at the clock is a second later, so that everything that is settled is written down. */
function hasty(): () => number {
  let now = 0;
  return () => now += 1001;
}
const withFile = <T>(path: string, source: RecordSource, run: (checkpoint: Checkpoint) => Promise<T>) =>
  withCheckpoint(identity, [source], { path, folder: folder.path("state"), restart: false, now: hasty() }, run);

const STOPPED = new Error("stopped");

/** An import that does not come to its end: its checkpoint stays. */
async function stopping(path: string, source: RecordSource, run: (checkpoint: Checkpoint) => Promise<void>) {
  const stopped = withFile(path, source, async (checkpoint) => {
    await run(checkpoint);
    throw STOPPED;
  });
  await assert.rejects(stopped, STOPPED);
}

describe("the checkpoint of an import", () => {
  it("stays until the import has returned", async () => {
    const path = newPath();
    await withFile(path, sourceOf("one\n"), async (checkpoint) => {
      await checkpoint.settle(settled(1), undefined, () => Promise.resolve());
      assert.ok(existsSync(path));
    });
    assert.ok(!existsSync(path));
  });

  it("is of a file with the same first bytes, also when size and time are the same", async () => {
    const path = newPath();
    const sync = () => Promise.resolve();
    await stopping(path, sourceOf("one\ntwo\n"), (checkpoint) => checkpoint.settle(settled(1), undefined, sync));
    await stopping(path, sourceOf("one\ntwo\n"), ({ earlier }) => {
      assert.equal(earlier?.settled.records, 1);
      return Promise.resolve();
    });
    const changed = withFile(path, sourceOf("one\nTWO\n"), () => Promise.resolve());
    await assert.rejects(changed, {
      message: "Cannot go on with the import of /data/events.jsonl: it has changed since",
    });
  });

  it("bears a file of a folder that has gone since it was listed, and no other one", async () => {
    const gone: RecordSource = {
      ...sourceOf("one\n"),
      slice: () => Promise.reject(new UnreadableSourceError("events.jsonl", "no such file")),
    };
    assert.equal(await withFile(newPath(), { ...gone, isFound: true }, () => Promise.resolve("imported")), "imported");
    await assert.rejects(withFile(newPath(), gone, () => Promise.resolve()), { code: "unreadable_input" });
  });

  it("says what is settled only after the rejected records are on disk", async () => {
    const path = newPath();
    const said: (number | undefined)[] = [];
    const look = () => {
      said.push(existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).settled.records : undefined);
      return Promise.resolve();
    };
    await withFile(path, sourceOf("one\n"), async (checkpoint) => {
      await checkpoint.settle(settled(1), { path: "/data/rejects.jsonl", bytes: 10 }, look);
      await checkpoint.settle(settled(2), { path: "/data/rejects.jsonl", bytes: 20 }, look);
      await look();
    });
    assert.deepEqual(said, [undefined, 1, 2]);
  });

  it("stays as it was when the rejected records cannot be brought to the disk", async () => {
    const path = newPath();
    const rejects = (bytes: number) => ({ path: "/data/rejects.jsonl", bytes });
    const failing = () => Promise.reject(new Error("the disk is full"));
    await stopping(path, sourceOf("one\n"), async (checkpoint) => {
      await checkpoint.settle(settled(1), rejects(10), () => Promise.resolve());
      await assert.rejects(checkpoint.settle(settled(2), rejects(20), failing), /the disk is full/);
    });
    assert.deepEqual(JSON.parse(readFileSync(path, "utf8")).rejects, rejects(10));
  });
});
