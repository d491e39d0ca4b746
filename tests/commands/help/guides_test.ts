import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { textWidth } from "../../../src/output/text_width.ts";
import { BINARY, ROOT } from "../../../scripts/project.ts";
import { runBinary } from "../../helpers/binary.ts";
import { runProgram } from "../../helpers/world.ts";

const folder = join(ROOT, "docs", "guides");
const names = readdirSync(folder).map((name) => name.replace(/\.md$/, "")).sort();

describe("mp help guides", () => {
  it("lists all guides with their titles", async () => {
    const { code, stdout } = await runProgram(["help", "guides"]);
    assert.equal(code, 0);
    for (const name of names) {
      const [, title] = /^# (.*)/.exec(readFileSync(join(folder, `${name}.md`), "utf8"))!;
      assert.match(stdout, new RegExp(`^  ${name} +${title}$`, "m"));
    }
  });

  it("shows each, with every command of its blocks, no line of prose beyond the width", async () => {
    for (const name of names) {
      const markdown = readFileSync(join(folder, `${name}.md`), "utf8");
      const { code, stdout } = await runProgram(["help", "guides", name]);
      assert.equal(code, 0);
      const joined = stdout.replace(/ \\\n +/g, " ");
      for (const [, block] of markdown.matchAll(/^```\w*.*\n([^]*?)^```$/gm)) {
        for (const line of block!.split("\n").filter((one) => one.trim() !== "")) {
          const isContinued = line.endsWith("\\") || line.startsWith(" ");
          if (!isContinued) assert.ok(joined.includes(line), `${name}: ${line}`);
        }
      }
      const narrow = await runProgram(["help", "guides", name], { terminal: { columns: 60 } });
      // deno-lint-ignore no-control-regex
      const prose = narrow.stdout.replace(/\x1b\[\d+m/g, "").split("\n").filter((line) => !line.startsWith("    "));
      for (const line of prose) {
        assert.ok(textWidth(line) <= 60 || !/\s/.test(line.slice(2).trim()), `${name}: ${line}`);
      }
    }
  });

  it("shows one by its name alone where no command and no topic has it", async () => {
    const { stdout } = await runProgram(["help", "migrate-regions"]);
    assert.match(stdout, /^From one region, or project, to another\n/);
    assert.match((await runProgram(["help", "expressions"])).stdout, /^mp help expressions:/);
    const mistyped = await runProgram(["help", "guides", "first-qery"]);
    assert.equal(mistyped.code, 3);
    assert.match(mistyped.stderr, /did you mean 'mp help guides first-query'\?/);
  });

  it("are in the binary, wherever it runs", async () => {
    for (const argv of [["help", "guides"], ["help", "guides", "gdpr"]]) {
      const [own, compiled] = await Promise.all([runProgram(argv), runBinary(argv, { cwd: "/" })]);
      assert.equal(compiled.stdout, own.stdout, BINARY);
    }
  });
});
