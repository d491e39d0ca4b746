import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { bit, choice, count, day, text, textList, truth } from "../../src/api/params.ts";
import type { Command } from "../../src/cli/command.ts";
import { helpPage } from "../../src/cli/help.ts";
import { commandLines, fullHelp, groupHelp, section, shortHelp } from "../../src/cli/help_text.ts";
import { allCommandsHelp, rootHelp } from "../../src/cli/root_help.ts";
import { textWidth } from "../../src/output/text_width.ts";
import { makeHelpBook } from "../../src/commands/help/help_pages.ts";
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
    assertGolden(import.meta.url, "command_help", fullHelp(helpPage("thing make", "make a thing", command)));
  });

  it("shows no empty sections", () => {
    const bare: Command = { examples: [], input: z.object({}), run: () => Promise.resolve() };
    assert.equal(
      fullHelp(helpPage("x", "do it", bare)),
      "Do it.\n\nUsage: mp x\n\nGlobal flags: see 'mp help flags'\n",
    );
    assert.equal(fullHelp(helpPage("x", "do it", { ...bare, globals: "none" })), "Do it.\n\nUsage: mp x\n");
  });

  it("ends with when and why it goes away", () => {
    const operations = [{ deprecated: "ends in 2027" }] as unknown as Command["operations"];
    assert.match(fullHelp(helpPage("x", "do it", { ...command, operations })), /\nDeprecated: ends in 2027\n$/);
  });
});

describe("the help of an unpublished endpoint", () => {
  it("says how it is known, by the least certain operation", () => {
    const operations = [
      { unpublished: "one_client" },
      { unpublished: "recorded" },
      {},
    ] as unknown as Command["operations"];
    const bare: Command = { examples: [], input: z.object({}), run: () => Promise.resolve(), operations };
    assert.match(fullHelp(helpPage("x", "do it", bare)), /\nNote: Mixpanel does not publish this .* one client only/);
  });
});

describe("a group's help", () => {
  it("lists its commands", () => {
    const help = groupHelp("thing", "make and break things", [["make", "make one"], ["break", "break one"]]);
    assert.equal(
      help,
      "Make and break things.\n\nUsage: mp thing <command> [flags]\n\nCommands:\n  make   make one\n  break  break one\n\n" +
        "'mp thing <command> -h' explains one and shows examples.\n",
    );
  });
});

describe("a group's help that would be longer than a screen", () => {
  it("has a row for verbs of two words that begin alike, which have a page of their own", () => {
    const verbs = Array.from({ length: 20 }, (_, index) => [`tags v${index}`, "x"] as const);
    const help = groupHelp("thing", "make things", [["list", "list all"], ...verbs]);
    assert.match(help, /\n {2}list {4}list all\n {2}tags … {2}v0, v1, v2/);
    assert.ok(groupHelp("thing", "make things", verbs.slice(0, 3)).includes("tags v0"));
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

describe("a command in the lines of an example", () => {
  it("goes on behind a backslash between words, never within quotes", () => {
    const run =
      `mp query segmentation Purchase --where 'properties["plan"] == "pro" and properties["amount"] > 30' -f csv`;
    const lines = commandLines(run, 60);
    assert.deepEqual(lines, [
      "  mp query segmentation Purchase --where \\",
      `    'properties["plan"] == "pro" and properties["amount"] > 30' \\`,
      "    -f csv",
    ]);
    assert.equal(lines.map((line) => line.replace(/ \\$/, "").trim()).join(" "), run);
  });

  it("stays as it is where it fits, or has lines of its own", () => {
    assert.deepEqual(commandLines("mp query jql -", 60), ["  mp query jql -"]);
    assert.deepEqual(commandLines("a\nb", 2), ["  a", "  b"]);
  });
});

describe("mp --help", () => {
  for (const width of [80, 40]) {
    it(`fits ${width} columns, and a screen of 24 lines with the prompt where there are 80`, () => {
      const lines = rootHelp("1.2.3", { width }).trimEnd().split("\n");
      assert.match(lines[0]!, /^mp 1\.2\.3: /);
      if (width === 80) assert.ok(lines.length < 24, `${lines.length} lines`);
      for (const line of lines) assert.ok(textWidth(line) <= width + 8, line);
    });
  }

  it("names commands that there are", () => {
    const named = [...rootHelp("1").matchAll(/^ {2}([a-z]+)(?: [a-z]+)? {2,}/gm)].map(([, name]) => name!);
    assert.deepEqual(named.filter((name) => name !== "mp" && !tree.some((one) => one.name === name)), []);
    assert.ok(named.length >= 10, named.join());
  });
});

describe("mp help commands", () => {
  it("names every command once, under one heading for each purpose", () => {
    const lines = allCommandsHelp(tree, []).split("\n");
    for (const { name, summary } of tree) {
      const found = lines.filter((line) => new RegExp(`^ {2}${name}\\s+${escaped(summary)}$`).test(line));
      assert.equal(found.length, 1, name);
    }
    const headings = lines.flatMap((line) => /^([A-Z][a-z]+(?: [a-z]+)?):$/.exec(line)?.[1] ?? []);
    assert.deepEqual(headings, [...new Set(tree.map((one) => one.section))]);
  });
});

describe("the help of every command", async () => {
  const { pages, groups } = await makeHelpBook();

  it("is one screen with -h, with the prompt: less than 24 lines of at most 80 columns, with an example and a flag", () => {
    for (const page of Object.values(pages)) {
      const text = shortHelp(page);
      const lines = text.trimEnd().split("\n");
      assert.ok(lines.length < 24, `mp ${page.name} -h: ${lines.length} lines\n${text}`);
      for (const line of lines) assert.ok(textWidth(line) <= 80, `mp ${page.name} -h: ${line}`);
      if (page.examples.length > 0) assert.match(text, /^ {2}(?:\S+.* \| )?mp |^ {2}\S/m, page.name);
      const required = [...page.args, ...page.flags].filter((row) => row.required);
      for (const { left } of required) {
        assert.ok(text.includes(left.trim().slice(0, 20)), `mp ${page.name} -h has no ${left}\n${text}`);
      }
    }
  });

  it("is complete with --help, and no line is wider than 80 columns there", () => {
    for (const page of Object.values(pages)) {
      const text = fullHelp(page, { width: 80 });
      for (const line of text.split("\n")) assert.ok(textWidth(line) <= 80, `mp ${page.name} --help: ${line}`);
      const whole = text.replace(/\s+/g, "");
      for (const { left, right } of [...page.args, ...page.flags]) {
        assert.ok(whole.includes(left.replace(/\s+/g, "")), `mp ${page.name} --help has no ${left}`);
        assert.ok(whole.includes(right.replace(/\s+/g, "")), `mp ${page.name} --help does not explain ${left}`);
      }
    }
  });

  it("lists the commands of a group on one screen with the prompt", () => {
    for (const [name, { summary, verbs }] of Object.entries(groups)) {
      const lines = groupHelp(name, summary, verbs, { width: 80 }).trimEnd().split("\n");
      assert.ok(lines.length < 24, `mp ${name} -h: ${lines.length} lines`);
      for (const line of lines) assert.ok(textWidth(line) <= 80, line);
    }
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
