import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
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

describe("the guides", () => {
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
