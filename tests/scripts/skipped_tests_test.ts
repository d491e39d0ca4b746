import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { filesUnder, ROOT } from "../../scripts/project.ts";

/** Options of a test or suite that is skipped, as they are written: with a condition or reason, or in short. */
const SKIPS = /\{ *skip *[,}]|\bskip: *(?!number|[\d ])|\.skip\(|\.todo\(/;

describe("tests that can be skipped", () => {
  it("say why, by describeUnless and itUnless", () => {
    const files = filesUnder("tests").filter((path) => path.endsWith("_test.ts") && !import.meta.url.endsWith(path));
    const skipping = files.flatMap((path) =>
      readFileSync(join(ROOT, path), "utf8").split("\n").flatMap((line, index) =>
        SKIPS.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []
      )
    );
    assert.deepEqual(skipping, []);
  });

  it("are found however they are written", () => {
    for (const line of ['it("x", { skip }, f)', "{ skip: isWindows }", "{ skip, timeout: 5 }", "it.skip(f)"]) {
      assert.match(line, SKIPS);
    }
    for (const line of ["{ kind, skip: 1 }", "{ skipSpace }", "skipped: []"]) assert.doesNotMatch(line, SKIPS);
  });
});
