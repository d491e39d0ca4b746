import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, it } from "node:test";
import { chooseTargets, compile, releaseFile, TARGETS } from "../../scripts/compile.ts";

describe("compiling", () => {
  it("knows nine targets, of which Windows' have an extension", () => {
    assert.deepEqual(chooseTargets(["all"]), [...TARGETS]);
    assert.equal(TARGETS.length, 9);
    assert.equal(basename(releaseFile("windows-arm64")), "mp-windows-arm64.exe");
    assert.equal(basename(releaseFile("linux-x64-musl")), "mp-linux-x64-musl");
  });

  it("builds a target that is named twice once, and nothing for an unknown one", () => {
    assert.deepEqual(chooseTargets(["darwin-arm64", "linux-x64", "darwin-arm64"]), ["linux-x64", "darwin-arm64"]);
    assert.throws(() => chooseTargets(["linux-x64", "amiga"]), /Cannot compile for amiga: no such target\nhint: all, /);
  });

  it("says what the compiler said, and leaves nothing behind, when the source is broken", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mp-compile-"));
    try {
      const entry = join(folder, "broken.ts");
      writeFileSync(entry, 'import "./missing.ts";\n');
      await assert.rejects(
        compile({ entry, outfile: join(folder, "out", "broken") }),
        /Could not resolve.*missing\.ts/,
      );
      assert.deepEqual(readdirSync(join(folder, "out")), []);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
