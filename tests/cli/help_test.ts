import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { bit, choice, count, day, text, textList, truth } from "../../src/api/params.ts";
import type { Command } from "../../src/cli/command.ts";
import { commandHelp, groupHelp, section } from "../../src/cli/help.ts";
import { rootHelp } from "../../src/cli/root_help.ts";
import { topics } from "../../src/commands/help/topics/index.ts";
import { tree } from "../../src/commands/tree.ts";
import { assertGolden } from "../helpers/golden.ts";

const command: Command = {
  description: "Makes a thing, and\nsays so.",
  args: ["thing", "more"],
  dateRange: true,
  examples: [
    { text: "The simplest", run: "mp thing make a" },
    { text: "With all of it", run: "mp thing make a b c --size 3" },
  ],
  input: z.object({
    thing: text("What to make"),
    more: z.array(z.string()).optional().meta({ description: "What else" }),
    from_date: day("First day", { flag: "from" }),
    to_date: day("Last day", { flag: "to" }),
    tag: z.array(z.string()).default([]).meta({ description: "What to look for" }),
    size: count("How large", { min: 1 }, { short: "s" }).default(2),
    colour: choice(["red", "green"], "Which colour"),
    property: textList("A property").optional(),
    ip: bit("Say where from").default(false),
    verbose_answer: bit("Do not say why").default(true),
    everyone: truth("Whether to make it for all").optional(),
    a_parameter_with_a_very_long_name: text("Something rare").optional(),
  }),
  run: () => Promise.resolve(),
};

describe("a command's help", () => {
  it("shows usage, arguments, flags and examples", () => {
    assertGolden(import.meta.url, "command_help", commandHelp("thing make", "make a thing", command));
  });

  it("shows no empty sections", () => {
    const bare = commandHelp("x", "do it", { examples: [], input: z.object({}), run: () => Promise.resolve() });
    assert.match(bare, /^Do it\.\n\nUsage: mp x\n\nGlobal flags:\n/);
    assert.doesNotMatch(bare, /Arguments|Examples|Deprecated|\[flags\]|\n\n\n/);
  });

  it("ends with when and why it goes away", () => {
    const operations = [{ deprecated: "ends in 2027" }] as unknown as Command["operations"];
    assert.match(commandHelp("x", "do it", { ...command, operations }), /\nDeprecated: ends in 2027\n$/);
  });
});

describe("a group's help", () => {
  it("lists its commands", () => {
    const help = groupHelp("thing", "make and break things", [["make", "make one"], ["break", "break one"]]);
    assert.equal(
      help,
      "Make and break things.\n\nUsage: mp thing <command> [flags]\n\nCommands:\n  make   make one\n  break  break one\n\n" +
        "'mp thing <command> --help' explains one and shows examples.\n",
    );
  });
});

describe("a section of help", () => {
  it("gives long words a line of their own, and leaves no space at a line's end", () => {
    assert.equal(
      section("X", [["a", "one"], ["b".repeat(40), "two"], ["c", ""]]),
      `X:\n  ${"a".padEnd(30)}  one\n  ${"b".repeat(40)}\n  ${" ".repeat(30)}  two\n  c`,
    );
  });
});

describe("mp --help", () => {
  const help = rootHelp(tree, topics.map((one) => one.name), "1.2.3");
  const lines = help.trimEnd().split("\n");

  it("fits a screen of 40 lines and 100 columns", () => {
    assert.ok(lines.length >= 20 && lines.length <= 40, `${lines.length} lines`);
    for (const line of lines) assert.ok(line.length <= 100, line);
  });

  it("names every command once, under one heading for each purpose", () => {
    for (const { name, summary } of tree) {
      const found = lines.filter((line) => new RegExp(`^.{0,12}\\s${name}\\s+${escaped(summary)}$`).test(line));
      assert.equal(found.length, 1, name);
    }
    const headings = lines.flatMap((line) => /^([A-Z][a-z]+(?: [a-z]+)?) {2}/.exec(line)?.[1] ?? []);
    assert.deepEqual(headings, [...new Set(tree.map((one) => one.section))]);
  });

  it("shows the version, and where to begin", () => {
    assert.match(lines[0]!, /^mp 1\.2\.3: /);
    assert.match(lines.at(-1)!, /mp demo.*mp login/);
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
