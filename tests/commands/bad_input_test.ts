/** Walks every command: a value that cannot be right is refused before a request leaves. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { flagsOf, type FlagSpec } from "../../src/cli/flags.ts";
import { allCommands } from "../../src/commands/api/shared/list.ts";
import { tree } from "../../src/commands/tree.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";

interface BadValue {
  text: string;
  /** What the message has to say besides the flag. */
  says: RegExp;
}

/** Wrong values for each kind of parameter. */
function badValues(spec: FlagSpec): BadValue[] {
  if (spec.choices !== undefined && spec.kind !== "list") {
    const [first = ""] = spec.choices;
    return [{ text: `${first}x`, says: new RegExp(first) }];
  }
  switch (spec.kind) {
    case "day":
    case "moment":
      return [{ text: "2026-02-30", says: /no such day/ }, { text: "someday", says: /not a day|no time/ }];
    case "number":
      return [{ text: "many", says: /not a number/ }];
    case "json":
      return [{ text: "{broken", says: /not JSON/ }, { text: "@/nowhere/body.json", says: /no such file/ }];
    case "expression":
      return [{ text: 'properties["plan"', says: /\^/ }, { text: 'properties["plan"] = "pro"', says: /==/ }];
    default:
      return spec.placeholder === "ID" && /numeric|report/i.test(spec.description)
        ? [{ text: "x-1", says: /numeric/ }]
        : [];
  }
}

/** Something that passes for a value of the flag, so that it is not the one that is refused. */
function plausible(spec: FlagSpec): string {
  if (spec.choices !== undefined) return spec.choices[0] ?? "";
  const byKind: Partial<Record<FlagSpec["kind"], string>> = {
    day: "2026-11-01",
    moment: "2026-11-01",
    number: "1",
    json: "{}",
    expression: 'properties["amount"]',
  };
  return byKind[spec.kind] ?? (spec.placeholder === "ID" ? "1" : "x");
}

const commands = (await allCommands(tree)).map(({ name, command }) => {
  const flags = flagsOf(command.input);
  const positional = command.args ?? [];
  const required = flags.filter((spec) => spec.required);
  const rangeKeys = command.dateRange ? ["from_date", "to_date"] : [];
  const base = (without: FlagSpec) => [
    ...name.split(" "),
    ...positional.map((key) => flags.find((spec) => spec.key === key) as FlagSpec)
      .filter((spec) => spec.required).map(plausible),
    ...required.filter((spec) => !positional.includes(spec.key) && spec !== without)
      .flatMap((spec) => [spec.flag, plausible(spec)]),
    ...rangeKeys.map((key) => flags.find((spec) => spec.key === key)!)
      .filter((spec) => !spec.required && spec !== without).flatMap((spec) => [spec.flag, plausible(spec)]),
  ];
  return { name, flags: flags.filter((spec) => !positional.includes(spec.key)), base };
});

describe("bad input", () => {
  let lab: ProgramLab;
  before(() => {
    lab = openProgramLab();
  });
  after(() => lab.stop());

  for (const { name, flags, base } of commands) {
    for (const spec of flags) {
      for (const { text, says } of badValues(spec)) {
        it(`of mp ${name} ${spec.flag} ${text} is refused, and nothing is sent`, async () => {
          const sent = lab.requests.length;
          const { code, stderr } = await lab.mp([...base(spec), spec.flag, text], { stdin: "" });
          assert.equal(code, 3, stderr);
          assert.match(stderr, says);
          assert.ok(stderr.includes(spec.flag), stderr);
          assert.equal(lab.requests.length, sent, "a request left");
        });
      }
    }
  }

  it("of a positional argument is named as the usage shows it", async () => {
    const { code, stderr } = await lab.mp(["lexicon", "get", "evnt"], { stdin: "" });
    assert.equal(code, 3);
    assert.match(stderr, /^mp: Cannot use <entity-type> "evnt": not one of event, profile\nhint: .*\bevent\b/);
  });

  it("is tried for every kind of parameter", () => {
    const tried = new Set(
      commands.flatMap(({ flags }) => flags.filter((spec) => badValues(spec).length > 0))
        .map((spec) => spec.choices === undefined ? spec.kind : "choice"),
    );
    for (const kind of ["day", "moment", "number", "json", "expression", "choice"]) {
      assert.ok(tried.has(kind as never), kind);
    }
  });

  for (const flag of ["--no-such-flag", "--lsat"]) {
    it(`such as ${flag} is refused by every command`, async () => {
      const sent = lab.requests.length;
      for (const { name } of commands) {
        const { code, stderr } = await lab.mp([...name.split(" "), flag], { stdin: "" });
        assert.equal(code, 3, `mp ${name}: ${stderr}`);
        assert.match(stderr, /unknown option/, `mp ${name}`);
      }
      assert.equal(lab.requests.length, sent, "a request left");
    });
  }
});
