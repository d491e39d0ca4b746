import assert from "node:assert/strict";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { openSources } from "../../src/jobs/record_source.ts";
import { openRejectFile } from "../../src/jobs/reject_file.ts";
import { temporaryFolder } from "./temporary_folder.ts";

const folder = temporaryFolder();
const noInput = { stream: () => new ReadableStream<Uint8Array>() };
const refused = { source: "a.jsonl", line: 3, count: 1, reason: "no time", text: '{"event":"x"}' };

describe("a file of rejected records", () => {
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

  it("is begun anew, and gone on with by a delivery that goes on", async () => {
    const path = folder.path("rejects.jsonl");
    for (const [skipLines, lines] of [[0, 1], [2000, 2], [0, 1]] as const) {
      const file = await openRejectFile(path, [], skipLines);
      await file.write(refused);
      await file.close();
      assert.equal(readFileSync(path, "utf8").trim().split("\n").length, lines);
    }
  });

  it("that cannot be written says so, by its name", { skip: !existsSync("/dev/full") }, async () => {
    const file = await openRejectFile("/dev/full", []);
    await assert.rejects(file.write(refused), {
      category: "failure",
      message: 'Cannot write "/dev/full": the disk is full',
    });
    await file.close();
  });
});
