import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { choice, day, text } from "../../src/api/params.ts";
import { command, type CommandModule, type Entry } from "../../src/cli/command.ts";
import { complete } from "../../src/cli/complete.ts";

const module = (declaration: Parameters<typeof command>[0]) => (): Promise<CommandModule> =>
  // deno-lint-ignore no-explicit-any -- each command has an input type of its own
  Promise.resolve({ default: declaration as any });

const shout = command({
  summary: "say it loudly",
  args: ["voice", "files"],
  examples: [],
  input: z.object({
    voice: choice(["high", "low"], "How it sounds"),
    files: z.array(z.string()).optional().meta({ placeholder: "FILE", description: "What is read out" }),
    from_date: day("First day", { flag: "from" }).optional(),
    tag: z.array(z.string()).optional().meta({ description: "Can be repeated" }),
    echo: z.boolean().optional().meta({ description: "Say it twice" }),
    breath: z.boolean().default(true).meta({ description: "Without a pause" }),
    every: text("How often", { placeholder: "1h|1d" }).optional(),
  }),
  run: () => Promise.resolve(),
});

const tree: Entry[] = [
  { name: "shout", section: "Do", summary: "shout", command: module(shout as never) },
  {
    name: "things",
    section: "Do",
    summary: "things",
    group: () =>
      Promise.resolve({
        group: {
          list: module({ summary: "show", examples: [], input: z.object({}), run: () => Promise.resolve() }),
          "tags list": module({ summary: "tags", examples: [], input: z.object({}), run: () => Promise.resolve() }),
          "tags add": module({ summary: "add", examples: [], input: z.object({}), run: () => Promise.resolve() }),
        },
      }),
  },
];

const named = (...names: string[]) => names.map((value) => ({ value, description: "" }));
const sources = {
  accounts: () => Promise.resolve(["home", "work"]),
  aliases: () => Promise.resolve(named("top", "mine")),
  shortcuts: named("thing", "yell", "auth login", "auth logout"),
  topics: named("quotas", "guides"),
  guides: () => Promise.resolve(named("quick-start", "backups")),
};
async function values(line: string): Promise<string[]> {
  const { items, files } = await complete(tree, line.split(" "), sources);
  return [...items.map(({ value }) => value), ...files ? [":files"] : []];
}

describe("completion", () => {
  it("offers commands, and the verbs of a group word by word", async () => {
    assert.deepEqual(await values(""), ["shout", "things", "top", "mine"]);
    assert.deepEqual(await values("th"), ["things", "thing"]);
    assert.deepEqual(await values("things "), ["list", "tags"]);
    assert.deepEqual(await values("things tags "), ["list", "add"]);
    assert.deepEqual(await values("help things l"), ["list"]);
    assert.deepEqual(await values("nothing "), []);
  });

  it("offers other names of commands once a part of them is typed, also of two words", async () => {
    assert.deepEqual(await values("y"), ["yell"]);
    assert.deepEqual(await values("a"), ["auth"]);
    assert.deepEqual(await values("auth "), ["login", "logout"]);
    assert.deepEqual(await values("auth logo"), ["logout"]);
  });

  it("offers pages of help: of commands, topics and guides", async () => {
    assert.deepEqual(await values("help q"), ["quotas", "quick-start"]);
    assert.deepEqual(await values("help "), [
      "shout",
      "things",
      "top",
      "mine",
      "quotas",
      "guides",
      "quick-start",
      "backups",
    ]);
    assert.deepEqual(await values("help guides "), ["quick-start", "backups"]);
    assert.deepEqual(await values("help guides b"), ["backups"]);
    assert.deepEqual(await values("help guides backups "), []);
  });

  it("finds the command among global flags, which take their values with them", async () => {
    assert.deepEqual(await values("-a work things t"), ["tags"]);
    assert.deepEqual(await values("things -qf json l"), ["list"]);
    assert.deepEqual(await values("-a "), ["home", "work"]);
    assert.deepEqual(await values("--region "), ["us", "eu", "in"]);
  });

  it("offers flags that were not used, both forms where there are two, and what is on by itself as --no-", async () => {
    assert.deepEqual(await values("shout --e"), ["--echo", "--every"]);
    assert.deepEqual(await values("shout --no-"), ["--no-echo", "--no-breath", "--no-color", "--no-pacing"]);
    assert.deepEqual(await values("shout --from 7d --no-echo --tag x --t"), ["--tag", "--timeout"]);
    assert.deepEqual(await values("shout --from 7d --fr"), []);
    assert.ok((await values("things --")).includes("--format"));
  });

  it("offers values: choices, days, accounts, what the placeholder names, and files", async () => {
    assert.deepEqual(await values("shout "), ["high", "low"]);
    assert.deepEqual(await values("shout l"), ["low"]);
    assert.deepEqual(await values("shout low "), [":files"]);
    assert.deepEqual(await values("shout low a.txt b"), [":files"]);
    assert.deepEqual(await values("shout --from "), ["today", "yesterday", "7d", "30d"]);
    assert.deepEqual(await values("shout --every 1"), ["1h", "1d"]);
    assert.deepEqual(await values("shout --account w"), ["work"]);
    assert.deepEqual(await values("shout -o "), [":files"]);
    assert.deepEqual(await values("shout --tag "), []);
  });

  it("offers values after an equals sign, in one word or in the three that bash makes of it", async () => {
    assert.deepEqual(await values("shout --every=1h"), ["--every=1h"]);
    assert.deepEqual(await values("shout --format = js"), ["--format=json", "--format=jsonl"]);
    assert.deepEqual(await values("shout --every ="), ["--every=1h", "--every=1d"]);
    assert.deepEqual(await values("shout --nothing=x"), []);
  });
});
