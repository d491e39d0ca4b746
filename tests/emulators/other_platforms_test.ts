/** Binaries for other platforms, started under an emulator or a loader where this machine has one. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, describe } from "node:test";
import { compile, releaseFile, type Target } from "../../scripts/compile.ts";
import { ROOT, sourcesChangedMs } from "../../scripts/project.ts";
import { starterFor } from "../../scripts/release/emulation.ts";
import { VERSION } from "../../src/version.ts";
import { temporaryFolder } from "../helpers/binary.ts";
import { itUnless } from "../helpers/needs.ts";

const scratch = temporaryFolder();
after(() => rmSync(scratch, { recursive: true, force: true }));

/** The binary for a platform, compiled when it is not there or too old. */
async function binaryFor(target: Target): Promise<string> {
  const file = releaseFile(target);
  const isFresh = existsSync(file) && statSync(file).mtimeMs > sourcesChangedMs();
  if (!isFresh) await compile({ entry: join(ROOT, "main.ts"), outfile: file, target });
  return file;
}

describe("a binary for another platform", () => {
  for (const target of ["linux-arm64", "linux-x64-musl", "linux-arm64-musl", "windows-x64"] as const) {
    const folder = join(scratch, target);
    mkdirSync(folder);
    const starter = starterFor(target, folder);
    const missing = "why" in starter && starter.why;
    itUnless(missing, `prints its version and formats an expression on ${target}`, { timeout: 300_000 }, async () => {
      if ("why" in starter) return;
      const binary = await binaryFor(target);
      try {
        assert.equal(await starter.run(binary, ["--version"]), `mp ${VERSION}\n`);
        assert.equal(
          await starter.run(binary, ["expr", "format", 'properties["plan"]==1']),
          'properties["plan"] == 1\n',
        );
      } finally {
        starter.stop?.();
      }
    });
  }
});
