import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { bit, choice, count, day, id, jsonText, text, textList, truth } from "../../src/api/params.ts";
import type { Command } from "../../src/cli/command.ts";
import { parseCommand } from "../../src/cli/parse.ts";

const NOW = Date.UTC(2026, 10, 23, 12);

const input = z.object({
  name: text("Name"),
  tag: z.array(z.string()).optional(),
  size: count("Size", { min: 1, max: 10 }, { short: "n" }).optional(),
  ratio: z.number().optional(),
  unit: choice(["hour", "day", "week"], "Unit").default("day"),
  since: day("Since").optional(),
  where: jsonText(z.record(z.string(), z.unknown()), "Filter").optional(),
  anything: z.unknown().optional().meta({ input: "json" }),
  property: textList("Property", { flag: "prop" }).optional(),
  verbose_answer: bit("Talk").default(true),
  everyone: truth("All").optional(),
  strict: z.boolean().default(false),
  funnel_id: id("Funnel").optional(),
});

const plain: Command = { examples: [], args: ["name", "tag"], input, run: () => Promise.resolve() };

function parse(argv: string[], command: Command = plain, files: Record<string, string> = {}) {
  return parseCommand("x run", command, argv, {
    nowMs: NOW,
    readText: (source) => source in files ? Promise.resolve(files[source]!) : Promise.reject(new Error("no such file")),
  });
}

const inputOf = async (argv: string[], command?: Command, files?: Record<string, string>) =>
  (await parse(argv, command, files)).input;

const NOTHING_TYPED = { unit: "day", verbose_answer: true, strict: false };

describe("the arguments of a command", () => {
  it("are positional ones and flags, in any order", async () => {
    const expected = { ...NOTHING_TYPED, name: "a", tag: ["b", "c"], size: 3 };
    for (
      const argv of [["a", "b", "c", "--size", "3"], ["--size=3", "a", "b", "c"], ["a", "-n", "3", "b", "c"], [
        ...["a", "b", "-n3", "c"],
      ]]
    ) {
      assert.deepEqual(await inputOf(argv), expected, argv.join(" "));
    }
  });

  it("give a value of each kind", async () => {
    const argv = [
      ...["a", "--ratio", "0.5", "--unit", "week", "--since", "7d", "--where", '{"plan": "pro"}', "--anything", "[1]"],
      ...["--prop", "$name", "--prop", "$email", "--no-verbose-answer", "--everyone", "--strict", "--funnel-id", "7"],
    ];
    assert.deepEqual(await inputOf(argv), {
      name: "a",
      ratio: 0.5,
      unit: "week",
      since: "2026-11-16",
      where: { plan: "pro" },
      anything: [1],
      property: ["$name", "$email"],
      verbose_answer: false,
      everyone: true,
      strict: true,
      funnel_id: 7,
    });
  });

  it("can say no where the server's own default may be yes", async () => {
    assert.equal((await inputOf(["a", "--no-everyone"])).everyone, false);
    assert.equal("everyone" in await inputOf(["a"]), false);
    await assert.rejects(parse(["a", "--no-strict"]), { code: "usage" });
  });

  it("may be negative numbers, and may be empty where that is allowed", async () => {
    assert.equal((await inputOf(["a", "--ratio", "-1.5"])).ratio, -1.5);
    assert.equal((await inputOf(["a", "--ratio=-1e3"])).ratio, -1000);
    assert.deepEqual((await inputOf(["a", "-5"])).tag, ["-5"]);
    assert.deepEqual((await inputOf(["a", "--prop", ""])).property, [""]);
  });

  it("are taken as they are after --", async () => {
    assert.deepEqual(await inputOf(["--size", "3", "--", "--size", "-f", "--"]), {
      ...NOTHING_TYPED,
      name: "--size",
      tag: ["-f", "--"],
      size: 3,
    });
  });

  it("may begin with a dash as the value of a flag", async () => {
    assert.deepEqual((await inputOf(["a", "--prop", "--strict", "--prop=-x"])).property, ["--strict", "-x"]);
  });

  it("keep every digit of long numbers", async () => {
    assert.equal((await inputOf(["a", "--funnel-id", "1234567890123456789"])).funnel_id, 1234567890123456789n);
    assert.deepEqual((await inputOf(["a", "--where", '{"id": 1234567890123456789}'])).where, {
      id: 1234567890123456789n,
    });
  });

  it("take the last of several values, where only one fits", async () => {
    assert.equal((await inputOf(["a", "--size", "3", "--size", "4"])).size, 4);
  });
});

describe("JSON as an argument", () => {
  it("comes from a file or from standard input", async () => {
    const files = { "body.json": '{"a": 1}\n', "-": "[2]" };
    assert.deepEqual((await inputOf(["a", "--where", "@body.json"], plain, files)).where, { a: 1 });
    assert.deepEqual((await inputOf(["a", "--anything", "-"], plain, files)).anything, [2]);
    assert.equal((await inputOf(["a", "--anything", "null"])).anything, null);
  });

  it("is refused when it is broken, by its flag and its text", async () => {
    await assert.rejects(parse(["a", "--where", "{plan: pro}"]), {
      category: "input",
      code: "bad_json",
      message: /^Cannot use --where "\{plan: pro\}": not JSON \(.*\)$/,
      hint: /--where '\{"plan": "pro"\}', or name a file: --where @file\.json/,
    });
    await assert.rejects(parse(["a", "--where", "{".repeat(100)]), { message: /^Cannot use --where "\{{57}…": not / });
    await assert.rejects(parse(["a", "--where", "@broken.json"], plain, { "broken.json": "{secret" }), {
      message: /^Cannot use --where @broken\.json: not JSON/,
    });
    await assert.rejects(parse(["a", "--where", "@nowhere.json"]), { message: "no such file" });
  });

  it("is held to its shape", async () => {
    await assert.rejects(parse(["a", "--where", "[1]"]), {
      code: "bad_parameter",
      message: "Cannot run x run: --where must be an object",
    });
  });
});

describe("bad arguments", () => {
  it("name the flag that may have been meant", async () => {
    await assert.rejects(parse(["a", "--sizee", "3"]), {
      category: "input",
      code: "usage",
      message: "Cannot run x run: unknown option '--sizee'",
      hint: "did you mean --size?",
    });
    await assert.rejects(parse(["a", "--formta", "json"]), { hint: "did you mean --format?" });
    // What other programs call it, before what is spelt like it: --filter is no --file.
    await assert.rejects(parse(["a", "--filter", "x"]), { hint: "did you mean --where?" });
    await assert.rejects(parse(["a", "--json"]), { hint: "did you mean -f json?" });
    await assert.rejects(parse(["a", "--until", "today"]), { hint: /see 'mp x run --help'|did you mean --unit/ });
    // The API has a parameter of that name, which is no flag here.
    await assert.rejects(parse(["--name", "a"]), { hint: "<name> is an argument: leave out --name" });
    await assert.rejects(parse(["a", "--zzzzzz"]), { hint: "see 'mp x run --help'" });
    await assert.rejects(parse(["a", "-z"]), { message: "Cannot run x run: unknown option '-z'" });
  });

  it("are counted", async () => {
    const one: Command = { ...plain, args: ["name"] };
    await assert.rejects(parse(["a", "b"], one), {
      code: "usage",
      message: "Cannot run x run: too many arguments, 1 expected but got 2",
    });
    const none: Command = { ...plain, args: [], input: z.object({}) };
    await assert.rejects(parse(["a"], none), { message: "Cannot run x run: too many arguments, 0 expected but got 1" });
  });

  it("may lack a value", async () => {
    await assert.rejects(parse(["a", "--size"]), { code: "usage", message: "Cannot run x run: --size needs a value" });
  });

  it("may be missing, all of them at once", async () => {
    const two: Command = { ...plain, input: z.object({ name: text("Name"), day: day("Day"), some_thing: text("It") }) };
    const command = { ...two, args: ["name"] };
    await assert.rejects(parse([], command), {
      category: "input",
      code: "missing_argument",
      message: "Cannot run x run: <name>, --day and --some-thing are missing",
      hint: "see 'mp x run --help'",
    });
    await assert.rejects(parse(["a", "--day", "today"], command), {
      message: "Cannot run x run: --some-thing is missing",
    });
  });

  it("may be no number, or one out of bounds", async () => {
    for (const bad of ["ten", "", " ", "1,5", "0x"]) {
      await assert.rejects(parse(["a", "--size", bad]), {
        category: "input",
        message: `Cannot use --size ${JSON.stringify(bad)}: not a number`,
      });
    }
    for (const bad of ["0", "11", "1.5", "Infinity", "-3"]) {
      await assert.rejects(parse(["a", "--size", bad]), { code: "bad_parameter", message: /--size/ }, bad);
    }
  });

  it("may be none of the words that there are", async () => {
    await assert.rejects(parse(["a", "--unit", "weak"]), {
      code: "bad_choice",
      message: 'Cannot use --unit "weak": not one of hour, day, week',
      hint: "did you mean --unit week?",
    });
    await assert.rejects(parse(["a", "--unit", "fortnight"]), {
      message: 'Cannot use --unit "fortnight": not one of hour, day, week',
      hint: undefined,
    });
  });

  it("may be days that no calendar has, and ids that are none", async () => {
    await assert.rejects(parse(["a", "--since", "2026-02-30"]), {
      message: 'Cannot use --since "2026-02-30": no such day',
    });
    await assert.rejects(parse(["a", "--funnel-id", "seven"]), { message: /--funnel-id.*"seven" is not a numeric id/ });
  });

  it("may be empty", async () => {
    await assert.rejects(parse([""]), { code: "bad_parameter", message: "Cannot run x run: <name> must not be empty" });
  });

  it("are all named, when several are wrong", async () => {
    await assert.rejects(parse(["", "--size", "0", "--where", "1"]), {
      message: "Cannot run x run: <name> must not be empty; --size 0 is less than 1; --where 1 must be an object",
    });
  });
});

describe("a command with a range of days", () => {
  const ranged: Command = {
    ...plain,
    args: [],
    dateRange: true,
    input: z.object({ from_date: day("From", { flag: "from" }), to_date: day("To", { flag: "to" }) }),
  };

  it("tells how days were named, so that the same words can be told from the same days", async () => {
    for (
      const [argv, named] of [
        [["--last", "30D"], "last 30d"],
        [["--from", "2026-11-01"], "2026-11-01 to today"],
        [["--from", "2026-11-01", "--to", "today"], "2026-11-01 to today"],
        [["--from", "7d", "--to", "2026-11-20"], "7d to 2026-11-20"],
        [["--from", "2026-11-01", "--to", "2026-11-20"], "2026-11-01 to 2026-11-20"],
      ] as const
    ) assert.equal((await parse([...argv], ranged)).typedDays, named);
    assert.equal((await parse(["a"])).typedDays, undefined);
  });

  it("takes --last, --from and --to, or --from alone up to today", async () => {
    assert.deepEqual(await inputOf(["--last", "30d"], ranged), { from_date: "2026-10-25", to_date: "2026-11-23" });
    assert.deepEqual(await inputOf(["--from", "2w", "--to", "yesterday"], ranged), {
      from_date: "2026-11-09",
      to_date: "2026-11-22",
    });
    assert.deepEqual(await inputOf(["--from", "7d"], ranged), { from_date: "2026-11-16", to_date: "2026-11-23" });
  });

  it("takes only one of the two forms", async () => {
    await assert.rejects(parse(["--last", "7d", "--to", "today"], ranged), {
      category: "input",
      message: "Cannot use --last together with --from or --to",
    });
  });

  it("refuses a range that ends before it begins", async () => {
    await assert.rejects(parse(["--from", "today", "--to", "yesterday"], ranged), { code: "bad_range" });
    await assert.rejects(parse(["--from", "2027-01-01"], ranged), {
      message: "Cannot use --from 2027-01-01 with --to 2026-11-23: it ends before it begins",
    });
  });

  it("says how to give one", async () => {
    for (const argv of [[], ["--to", "today"]]) {
      await assert.rejects(parse(argv, ranged), { code: "missing_argument", hint: /add --last 30d, or --from DAY/ });
    }
  });
});

describe("global flags", () => {
  it("stand anywhere, long, short, joined and in one word", async () => {
    for (
      const argv of [
        ["-f", "csv", "-q", "-y", "a", "b"],
        ["a", "--format", "csv", "--quiet", "b", "--yes"],
        ["a", "-fcsv", "b", "-qy"],
        ["a", "b", "-yqf", "csv"],
        ["--format=csv", "a", "b", "-yq"],
      ]
    ) {
      const { globals, input } = await parse(argv);
      assert.deepEqual(input.tag, ["b"], argv.join(" "));
      const given = Object.fromEntries(Object.entries(globals).filter(([, value]) => value !== undefined));
      assert.deepEqual(given, {
        format: "csv",
        quiet: true,
        verbose: false,
        dryRun: false,
        color: true,
        bom: false,
        pacing: true,
        yes: true,
      }, argv.join(" "));
    }
  });

  it("say no with --no-", async () => {
    const { globals } = await parse(["a", "--no-color", "--no-pacing"]);
    assert.deepEqual([globals.color, globals.pacing], [false, false]);
  });

  it("count time in seconds", async () => {
    assert.equal((await parse(["a", "--timeout", "1.5"])).globals.timeoutMs, 1500);
    for (const bad of ["0", "-1", "soon"]) await assert.rejects(parse(["a", "--timeout", bad]), /--timeout/);
  });

  it("are checked", async () => {
    await assert.rejects(parse(["a", "-f", "cvs"]), { hint: "did you mean --format csv?" });
    await assert.rejects(parse(["a", "--region", "au"]), {
      message: 'Cannot use --region "au": not one of us, eu, in',
    });
  });
});
