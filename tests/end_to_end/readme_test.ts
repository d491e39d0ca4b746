import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { BinaryResult } from "../helpers/binary.ts";
import { openWorkbench } from "./workbench.ts";

/** The commands of a text's blocks that begin with ```sh test: one for each line that begins with `mp`. */
function commandsOf(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```sh test\n([^]*?)^```$/gm)].map(([, block]) => block!);
  return blocks.flatMap((block) => block.replace(/\\\n\s*/g, "").split("\n")).filter((line) => /^mp( |$)/.test(line));
}

const root = join(import.meta.dirname!, "..", "..");
const pages = ["README.md", "docs/usage.md"].map((name) => join(root, name)).filter(existsSync);
const commands = pages.flatMap((page) => commandsOf(readFileSync(page, "utf8")));

/** Runs them one after another in one folder, as a reader would. */
async function runAll(): Promise<BinaryResult[]> {
  const workbench = await openWorkbench();
  try {
    const desk = workbench.newDesk();
    const results: BinaryResult[] = [];
    for (const command of commands) results.push(await desk.type(command));
    return results;
  } finally {
    await workbench.close();
  }
}

describe("the README", () => {
  it("has commands that are tested, in blocks that begin with ```sh test", () => {
    assert.ok(commands.length > 0);
  });

  it("is short: figures, reference and fine print are in docs", () => {
    assert.ok(readFileSync(join(root, "README.md"), "utf8").split("\n").length <= 120);
  });

  const results = runAll();
  for (const [index, command] of commands.entries()) {
    it(`shows a command that works: ${command}`, { timeout: 120_000 }, async () => {
      const { code, stderr } = (await results)[index]!;
      assert.equal(code, 0, stderr);
    });
  }
});

describe("the reader of the README", () => {
  it("takes the commands of marked blocks, and joins what a backslash continues", () => {
    const markdown =
      "```sh test\n# one\nmp one \\\n  --flag x\nexport A=1\nmp two | head -1\n```\n```sh\nmp three\n```\n" +
      "text\n```sh test\nmp\n```\n";
    assert.deepEqual(commandsOf(markdown), ["mp one --flag x", "mp two | head -1", "mp"]);
  });
});
