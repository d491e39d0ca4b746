import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { allCommands } from "../../src/commands/api/list.ts";
import { helpExamples, inParallel, needsAccounts, openWorkbench } from "./workbench.ts";

/** Examples whose exit code is another than 0, and why. */
const EXIT_CODES: Record<string, number> = {};

const commands = await allCommands();
const examples = await helpExamples();

/** Runs every example: those of a command one after another in one folder, as somebody would try them. */
async function runAll() {
  const workbench = await openWorkbench();
  try {
    const outcomes = await inParallel(commands, 3, async ({ name }) => {
      const desk = workbench.newDesk({ accounts: needsAccounts(name) });
      const own = examples.filter((example) => example.command === name);
      const results = [];
      for (const example of own) results.push({ ...example, result: await desk.type(example.run) });
      return results;
    });
    return outcomes.flat();
  } finally {
    await workbench.close();
  }
}

describe("the help", () => {
  for (const { name, command } of commands) {
    it(`of mp ${name} has an example`, () => {
      assert.ok(command.examples.length > 0);
      for (const { run } of command.examples) {
        assert.ok(run === `mp ${name}` || run.includes(`mp ${name} `), `${run} is no example of mp ${name}`);
      }
    });
  }
});

describe("the examples of the help", () => {
  const outcomes = runAll();
  for (const [index, { run }] of examples.entries()) {
    it(run, { timeout: 120_000 }, async () => {
      const { result } = (await outcomes)[index]!;
      const output = `stdout: ${result.stdout.slice(0, 500)}\nstderr: ${result.stderr}`;
      assert.equal(result.code, EXIT_CODES[run] ?? 0, output);
      assert.doesNotMatch(result.stderr, /(^|\n)(mp: |hint: this is a fault)/);
    });
  }
});
