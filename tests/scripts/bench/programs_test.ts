import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { hideLaterPieces } from "../../../scripts/bench/programs.ts";
import { runChild } from "../../../scripts/child.ts";
import { DENO } from "../../../scripts/project.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";

const folder = temporaryFolder();

/** What Deno says with these words, in the folder and without any configuration. */
async function deno(...words: string[]): Promise<string> {
  const { code, output } = await runChild(DENO, words, {
    cwd: folder.path("."),
    env: { PATH: process.env.PATH, HOME: folder.path("home"), NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    timeoutMs: 60_000,
  });
  assert.equal(code, 0, output);
  return output;
}

describe("the bundle that stands in for what Deno compiles", () => {
  it("is not read ahead of what is imported later, and imports it all the same", async () => {
    folder.write("main/first.js", 'import{a}from"./now.js";console.log(a,(await import("./later.js")).b);');
    folder.write("main/now.js", "export const a=1;");
    folder.write("main/later.js", 'export const b=(await import("node:path")).sep;');
    const graph = async () => await deno("info", "--no-config", "--json", "main/first.js");
    assert.match(await graph(), /later\.js/);
    hideLaterPieces(folder.path("."));
    assert.match(await graph(), /now\.js/);
    assert.doesNotMatch(await graph(), /later\.js/);
    assert.match(await deno("run", "--no-config", "--allow-read", "--quiet", "main/first.js"), /^1 [/\\]\n$/);
  });
});
