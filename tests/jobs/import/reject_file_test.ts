import assert from "node:assert/strict";
import { existsSync, promises, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { openSources } from "../../../src/records/read/open_sources.ts";
import { openRejectFile } from "../../../src/jobs/import/reject_file.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { itUnless } from "../../helpers/needs.ts";

const folder = temporaryFolder();
const noInput = { stream: () => new ReadableStream<Uint8Array>() };
const refused = { source: "a.jsonl", line: 3, count: 1, reason: "no time", text: '{"event":"x"}' };

/** Does something while each sync of a file fails, as on a disk that is broken. */
async function onBrokenDisk(action: () => Promise<void>): Promise<void> {
  const { open } = promises;
  promises.open = async (...args) => {
    const handle = await open(...args);
    handle.sync = () => Promise.reject(Object.assign(new Error("EIO: i/o error, fsync"), { code: "EIO" }));
    return handle;
  };
  try {
    await action();
  } finally {
    promises.open = open;
  }
}

describe("a file of rejected records", () => {
  it("that cannot be brought to the disk says so: what is counted must be there", async () => {
    const path = folder.path("broken.jsonl");
    await onBrokenDisk(async () => {
      const file = await openRejectFile(path, []);
      await file.write(refused);
      await assert.rejects(file.sync(), {
        category: "failure",
        message: `Cannot write ${JSON.stringify(path)}: the disk fails`,
      });
      await file.close();
    });
  });

  itUnless(!existsSync("/dev/null") && "no /dev/null", "need not be one that can be brought to a disk", async () => {
    const file = await openRejectFile("/dev/null", []);
    await file.write(refused);
    await file.sync();
    await file.close();
  });

  it("is never the file that is read, by whatever name", async () => {
    const [input, link] = [folder.path("input.jsonl"), folder.path("link.jsonl")];
    writeFileSync(input, "precious\n");
    symlinkSync(input, link);
    const sources = await openSources([input], noInput);
    for (const path of [input, link]) {
      await assert.rejects(openRejectFile(path, sources), {
        category: "input",
        message: /it is the file that is read$/,
      });
    }
    assert.equal(readFileSync(input, "utf8"), "precious\n");
  });

  it("starts over, and gone on with by a delivery that goes on", async () => {
    const path = folder.path("rejects.jsonl");
    const rounds = [[undefined, 1], ["all", 2], ["all", 3], ["one", 2], [0, 1], ["replace", 1]] as const;
    for (const [keep, lines] of rounds) {
      const kept = keep === "one" ? readFileSync(path, "utf8").indexOf("\n") + 1 : keep;
      const file = await openRejectFile(path, [], kept);
      await file.write(refused);
      await file.sync();
      assert.equal(file.bytes, readFileSync(path).length);
      await file.close();
      assert.equal(readFileSync(path, "utf8").trim().split("\n").length, lines);
    }
  });

  it("is never emptied when something is in it that nobody knows of", async () => {
    const path = folder.write("known.jsonl", "precious\n");
    await assert.rejects(openRejectFile(path, []), { category: "input", code: "rejects_exist" });
    assert.equal(readFileSync(path, "utf8"), "precious\n");
  });

  it("that has lost what was counted is not gone on with", async () => {
    const path = folder.path("short.jsonl");
    writeFileSync(path, "short\n");
    await assert.rejects(openRejectFile(path, [], 100), { code: "rejects_changed", hint: /--restart/ });
    assert.equal(readFileSync(path, "utf8"), "short\n");
  });

  itUnless(!existsSync("/dev/full") && "no /dev/full", "that cannot be written says so, by its name", async () => {
    const file = await openRejectFile("/dev/full", []);
    await assert.rejects(file.write(refused), {
      category: "failure",
      message: 'Cannot write "/dev/full": the disk is full',
    });
    await file.close();
  });
});
