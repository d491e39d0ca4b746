/** Walks every command: what can be typed as a flag means one thing. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { flagsOf, type FlagSpec } from "../../src/cli/flags.ts";
import { globalInput } from "../../src/cli/globals.ts";
import { argumentsOf } from "../../src/cli/help.ts";
import { allCommands } from "../../src/commands/api/shared/list.ts";
import { tree } from "../../src/commands/tree.ts";

/** A flag's name, its letter, and its negation whether or not it has one: `--x` and `--no-x` may not be two flags. */
function wordsOf({ flag, short, kind, aliases }: FlagSpec): string[] {
  return [
    flag,
    ...aliases,
    ...short === undefined ? [] : [`-${short}`],
    ...kind === "boolean" ? [`--no-${flag.slice(2)}`] : [],
  ];
}

const everywhere = [...flagsOf(globalInput).flatMap(wordsOf), "--help", "-h", "--version"];
const repeated = (words: string[]) => words.filter((word, index) => words.indexOf(word) < index);
const commands = (await allCommands(tree)).map(({ name, command }) => ({ name, flags: argumentsOf(command).flags }));

describe("the names of flags", () => {
  it("are each one global flag's: name, letter and negation", () => {
    assert.deepEqual(repeated(everywhere), []);
  });

  it("are no other flag's of the same command, nor a global one's", () => {
    assert.ok(commands.length > 100, `${commands.length} commands`);
    const found = commands.map(({ name, flags }) => ({
      name,
      twice: repeated([...everywhere, ...flags.flatMap(wordsOf)]),
    }));
    assert.deepEqual(found.filter(({ twice }) => twice.length > 0), []);
  });
});
