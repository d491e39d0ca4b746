import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { topicHelp } from "../../../../src/cli/topic.ts";
import { topics } from "../../../../src/commands/help/topics/index.ts";
import { tree } from "../../../../src/commands/tree.ts";
import { FUNCTIONS, PRECEDENCE } from "../../../../src/expressions/syntax.ts";
import { VARIABLES } from "../../../../src/settings/environment.ts";
import { runProgram } from "../../../helpers/world.ts";

const pages = await Promise.all(
  topics.map(async ({ name, summary, load }) => ({ name, summary, topic: (await load()).default })),
);

describe("the topics of the help", () => {
  for (const { name, summary, topic } of pages) {
    it(`mp help ${name} prints a page that fits a terminal of 80 columns and names real commands`, async () => {
      const { code, stdout, stderr } = await runProgram(["help", name]);
      assert.equal(code, 0, stderr);
      assert.equal(stdout, topicHelp(name, summary, topic));
      const text = topicHelp(name, summary, topic, { width: 80 }).split("\nExamples:")[0] as string;
      assert.deepEqual(text.split("\n").filter((line) => line.length > 80), []);
      const known = new Set(["commands", "topics", ...[...tree, ...topics].map((one) => one.name)]);
      const named = [...stdout.matchAll(/(?:'|\n {2})mp (?:help )?([a-z-]+)/g)].map((match) => match[1] as string);
      assert.deepEqual(named.filter((one) => one !== "help" && !known.has(one)), []);
    });
  }

  it("name the command of the same name where there is one", async () => {
    const commands = new Set(tree.map((one) => one.name));
    for (const { name, load } of topics.filter((one) => commands.has(one.name))) {
      assert.ok(JSON.stringify((await load()).default).includes(`mp ${name} -h`), name);
    }
  });

  it("list every exit code that an error can have", async () => {
    const { stdout } = await runProgram(["help", "exit-codes"]);
    for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 8, 130]) assert.match(stdout, new RegExp(`^  ${code} +\\S`, "m"));
  });

  it("list every environment variable that is read", async () => {
    const { stdout } = await runProgram(["help", "environment"]);
    for (const { name } of VARIABLES) assert.match(stdout, new RegExp(`^  ${name}\\s`, "m"));
  });

  it("name every function and operator of expressions", async () => {
    const { stdout } = await runProgram(["help", "expressions"]);
    for (const name of Object.keys(FUNCTIONS)) assert.ok(stdout.includes(`${name}(`), name);
    const operators = Object.keys(PRECEDENCE).filter((one) => one !== "negation");
    const words = new Set(stdout.split(/[\s,]+/));
    assert.deepEqual(operators.filter((one) => !words.has(one)), []);
  });

  it("are named by mp help topics, and a name that is nearly one is suggested", async () => {
    const root = await runProgram(["help", "topics"]);
    for (const { name } of topics) assert.ok(root.stdout.includes(name), name);
    const mistyped = await runProgram(["help", "environmnt"]);
    assert.equal(mistyped.code, 3);
    assert.match(mistyped.stderr, /did you mean 'mp help environment'\?/);
  });
});
