import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { BUN, ROOT } from "../../scripts/project.ts";
import type { BinaryResult } from "../helpers/binary.ts";
import { inParallel, openWorkbench } from "./workbench.ts";

const folder = join(import.meta.dirname!, "..", "..", "docs", "guides");

/** The blocks that begin with ```sh test, whole. */
function blocksOf(markdown: string): string[] {
  return [...markdown.matchAll(/^```sh test\n([^]*?)^```$/gm)].map(([, block]) => block!);
}

const guides = readdirSync(folder).filter((name) => name.endsWith(".md")).sort()
  .map((name) => ({ name, blocks: blocksOf(readFileSync(join(folder, name), "utf8")) }));

/** Each guide is followed by a reader of its own, block by block. */
async function followAll(): Promise<Map<string, BinaryResult[]>> {
  const workbench = await openWorkbench();
  const results = new Map<string, BinaryResult[]>();
  try {
    await inParallel(guides, 2, async ({ name, blocks }) => {
      const desk = workbench.newDesk({ accounts: true });
      const own: BinaryResult[] = [];
      results.set(name, own);
      for (const block of blocks) own.push(await desk.type(`set -e\n${block}`));
    });
    return results;
  } finally {
    await workbench.close();
  }
}

/** The guide's program in JavaScript, against a sandbox, with the official SDK of this repository. */
async function runJavaScript(): Promise<BinaryResult> {
  const [, program] = /^```js\n([^]*?)^```$/m.exec(readFileSync(join(folder, "sandbox-in-tests.md"), "utf8")) ?? [];
  const workbench = await openWorkbench();
  // Below the repository, where its packages are found.
  const file = join(ROOT, "dist", `guide-${process.pid}.mjs`);
  try {
    mkdirSync(join(ROOT, "dist"), { recursive: true });
    writeFileSync(file, program!);
    return await workbench.newDesk().type(`'${BUN}' '${file}'`);
  } finally {
    rmSync(file, { force: true });
    await workbench.close();
  }
}

describe("the guides", () => {
  it("sandbox-in-tests.md: the program in JavaScript tracks an event and finds it", { timeout: 60_000 }, async () => {
    const { code, stdout, stderr } = await runJavaScript();
    assert.equal(code, 0, stdout + stderr);
  });

  const results = followAll();
  for (const { name, blocks } of guides) {
    it(`${name} has commands that are tested`, () => assert.ok(blocks.length > 0));
    for (const [index, block] of blocks.entries()) {
      it(`${name}: ${block.split("\n")[0]}`, { timeout: 120_000 }, async () => {
        const { code, stdout, stderr } = (await results).get(name)![index]!;
        assert.equal(code, 0, `${block}\n${stdout.slice(0, 500)}\n${stderr}`);
      });
    }
  }
});
