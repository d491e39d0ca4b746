import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { isSignatureWhole, signedAdHoc } from "../../scripts/ad_hoc_signature.ts";
import { CLOSED_NAMES, CLOSED_OPTIONS, closeNames, openNames } from "../../scripts/closed_runtime.ts";
import { compile, TARGETS } from "../../scripts/compile.ts";
import { runtimeFor } from "../../scripts/runtimes.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array) => new TextDecoder().decode(content);

describe("closing names in a runtime", () => {
  it("takes the first byte of a name that stands alone, and of listed names within others", () => {
    const runtime = bytes("a\0BUN_TRACE\0b linkedBUN_OPTIONSBUN_INSPECTBUN_SOMETHING\0JUN_X\0");
    const closed = closeNames(runtime);
    assert.equal(text(runtime), "a\0\0UN_TRACE\0b linked\0UN_OPTIONS\0UN_INSPECTBUN_SOMETHING\0JUN_X\0");
    assert.deepEqual([...closed].sort(), [["BUN_INSPECT", 1], ["BUN_OPTIONS", 1], ["BUN_TRACE", 1]]);
  });

  it("takes the first byte of the engine's options, alone or behind their prefix, and of no other words", () => {
    const runtime = bytes("\0JSC_configFile\0configFile\0the configFile\0configFiles\0");
    const closed = closeNames(runtime);
    assert.equal(text(runtime), "\0JSC_\0onfigFile\0\0onfigFile\0the configFile\0configFiles\0");
    assert.deepEqual([...closed], [["configFile", 2]]);
  });

  it("leaves JavaScript and sentences as they are", () => {
    const words =
      "x = process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0';\n\"BUN_OPTIONS\" Set BUN_BE_BUN (or BUN_OPTIONS)";
    const runtime = bytes(words);
    assert.equal(closeNames(runtime).size, 0);
    assert.equal(text(runtime), words);
  });

  it("tells which names are still open, without closing them", () => {
    const runtime = bytes("\0BUN_BE_BUN\0NODE_CHANNEL_FD\0");
    assert.deepEqual(openNames(runtime), ["BUN_BE_BUN", "NODE_CHANNEL_FD"]);
    assert.equal(text(runtime), "\0BUN_BE_BUN\0NODE_CHANNEL_FD\0");
  });
});

describe("a compiled program", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "mp-closed-"));
    writeFileSync(join(folder, "empty.ts"), "");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const target of TARGETS) {
    it(`for ${target} takes no switches from the environment, and is signed where it must be`, {
      timeout: 300_000,
    }, async () => {
      const outfile = join(folder, `${target}${target.startsWith("windows-") ? ".exe" : ""}`);
      try {
        const original = closeNames(readFileSync(await runtimeFor(target)));
        const names = [...CLOSED_NAMES, ...CLOSED_OPTIONS];
        assert.deepEqual(names.filter((name) => !original.has(name)), [], "Bun has no such name any more");
        await compile({ entry: join(folder, "empty.ts"), outfile, target });
        const program = readFileSync(outfile);
        assert.deepEqual(openNames(program), []);
        assert.equal(isSignatureWhole(program), target.startsWith("darwin-") ? true : undefined);
      } finally {
        rmSync(outfile, { force: true });
      }
    });
  }

  it("for macOS is told from one that was changed after it was signed, and can be signed again", {
    timeout: 300_000,
  }, async () => {
    const outfile = join(folder, "changed");
    await compile({ entry: join(folder, "empty.ts"), outfile, target: "darwin-x64" });
    const program = readFileSync(outfile);
    rmSync(outfile);
    program[5_000_000]! ^= 1;
    assert.equal(isSignatureWhole(program), false);
    assert.equal(isSignatureWhole(signedAdHoc(program, "mp")), true);
  });
});
