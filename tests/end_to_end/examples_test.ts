import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { allCommands } from "../../src/commands/api/shared/list.ts";
import { tree } from "../../src/commands/tree.ts";
import type { BinaryResult } from "../helpers/binary.ts";
import { helpExamples, inParallel, needsAccounts, openWorkbench, takesAway } from "./workbench.ts";

/** Examples whose exit code is another than 0, and why. */
const EXIT_CODES: Record<string, number> = {
  "mp plan diff plan/": 9, // the plan has what the project has not
  "mp plan diff plan/ --only events -f json": 9,
  "mp plan check plan/ events.jsonl": 9, // the plan has one event
};

const commands = await allCommands(tree);
const examples = await helpExamples();

/** Runs every example: those of a command one after another in one folder, as somebody would try them. */
async function runAll(): Promise<Map<string, BinaryResult>> {
  const workbench = await openWorkbench();
  const results = new Map<string, BinaryResult>();
  const tryCommand = async (command: string) => {
    const desk = workbench.newDesk({ accounts: needsAccounts(command) });
    for (const { run } of examples.filter((one) => one.command === command)) results.set(run, await desk.type(run));
  };
  try {
    const names = commands.map(({ name }) => name);
    await inParallel(names.filter((name) => !takesAway(name)), 3, tryCommand);
    await inParallel(names.filter(takesAway), 1, tryCommand);
    return results;
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
  const results = runAll();
  for (const { run } of examples) {
    it(run, { timeout: 120_000 }, async () => {
      const result = (await results).get(run)!;
      const output = `stdout: ${result.stdout.slice(0, 500)}\nstderr: ${result.stderr}`;
      assert.equal(result.code, EXIT_CODES[run] ?? 0, output);
      assert.doesNotMatch(result.stderr, /(^|\n)(mp: |hint: this is a fault)/);
    });
  }
});
