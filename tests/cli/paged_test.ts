import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { pagedOutput } from "../../src/cli/paged.ts";
import { ClosedPipeError } from "../../src/errors.ts";
import { shellWord } from "../../src/runtime/shell_word.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { buffer, testWorld } from "../helpers/world.ts";

/** A terminal of 20 × 5, and a pager that keeps what it is given in a file. */
const folder = temporaryFolder();
let runs = 0;

function open(env: Record<string, string> = {}, terminal = true) {
  const kept = folder.path(`kept-${runs++}`);
  const stdout = Object.assign(buffer(terminal, 20), { rows: () => 5 });
  const world = { ...testWorld({ terminal }), stdout, env: { MP_PAGER: `cat > ${shellWord(kept)}`, ...env } };
  return { output: pagedOutput(world), stdout, kept: () => existsSync(kept) ? readFileSync(kept, "utf8") : undefined };
}

describe("what is longer than the terminal", () => {
  it("goes to the pager, all of it", async () => {
    const { output, stdout, kept } = open();
    for (let line = 1; line <= 9; line++) await output.write(`line ${line}\n`);
    await output.end();
    assert.equal(stdout.text(), "");
    assert.equal(kept(), Array.from({ length: 9 }, (_, index) => `line ${index + 1}\n`).join(""));
  });

  it("counts lines that are wrapped, without what colours them", async () => {
    const wide = open();
    await wide.output.write(`${"x".repeat(90)}\n`);
    await wide.output.end();
    assert.equal(wide.kept(), `${"x".repeat(90)}\n`);
  });

  it("is otherwise left where it is: what fits, a pipe, and where no pager is wanted or installed", async () => {
    const long = "a\n".repeat(50);
    const cases: [text: string, ReturnType<typeof open>][] = [
      ["a\nb\nc\nd\n", open()],
      [`\x1b[1m${"y".repeat(19)}\x1b[0m\n`, open()],
      [long, open({}, false)],
      [long, open({ MP_PAGER: "" })],
      [long, open({ MP_PAGER: "cat" })],
      [long, open({ MP_PAGER: "no-such-pager-here -x" })],
      [long, open({ TERM: "dumb" })],
    ];
    for (const [text, { output, stdout, kept }] of cases) {
      await output.write(text);
      await output.end();
      assert.equal(stdout.text(), text);
      assert.equal(kept(), undefined);
    }
  });

  it("ends quietly when the reader leaves before the end", async () => {
    const { output } = open({ MP_PAGER: "true" });
    const writing = async () => {
      for (;;) await output.write("line\n".repeat(10_000));
    };
    await assert.rejects(writing(), (error) => error instanceof ClosedPipeError);
  });

  it("says so when the shell finds no such pager", async () => {
    const { output } = open({ MP_PAGER: "X=1 no-such-pager-here 2>/dev/null" });
    await output.write("a\n".repeat(10));
    await assert.rejects(output.end(), /there is no pager/);
  });
});
