/** An import refuses exactly the records that `--check` reports as refused, whatever the flags. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Context } from "../../../../src/cli/context.ts";
import { importInput, recipeOfInput } from "../../../../src/commands/import/shared/import_flags.ts";
import { importCheck } from "../../../../src/commands/import/shared/import_rules.ts";
import { type Examination, RefusedRecord } from "../../../../src/records/check/record_check.ts";
import { UnreadableRecord } from "../../../../src/records/read/record_block.ts";
import { stringifyJson } from "../../../../src/streams/json/json.ts";

const NOW_MS = Date.UTC(2026, 10, 1);
const encoder = new TextEncoder();

const id = fc.oneof(
  { weight: 5, arbitrary: fc.stringMatching(/^[A-Za-z0-9-]{1,36}$/) },
  fc.constantFrom<unknown>("u-1", "", "null", "a_b", "x".repeat(40), 7, 12345678901234567890n, null, undefined, [], {}),
);
const time = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 31_536_000, max: NOW_MS / 1000 }) },
  fc.constantFrom<unknown>(
    "2026-01-31",
    "soon",
    "1780000000",
    1780000000000,
    1780000000000000,
    4e9,
    5,
    "",
    null,
    undefined,
  ),
);
const value = fc.oneof(
  fc.constantFrom<unknown>("pro", "12", "1,5", 7, true, null, "", "[1]", '{"a":1}', "x".repeat(300)),
  fc.constantFrom<unknown>(
    Array(300).fill(0),
    { a: { b: { c: { d: 1 } } } },
    { a: 1 },
    [{ a: [] }],
  ),
);
const properties = fc.record({ time, distinct_id: id, $insert_id: id, plan: value, amount: value }, {
  requiredKeys: ["time", "distinct_id"],
});
const event = fc.oneof(
  { weight: 5, arbitrary: fc.constant("E") },
  fc.constantFrom<unknown>("", " ", null, 5, "$identify"),
);
const record: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ event, properties }) },
  fc.record({ event, properties: properties.map((held) => stringifyJson(held)) }),
  fc.record({ event, properties: fc.constantFrom<unknown>(null, [], "x", 5) }),
  { weight: 2, arbitrary: fc.tuple(event, properties).map(([event, row]) => ({ event, ...row })) },
  properties,
  fc.record({ properties }),
  // Calls of Segment, rows of other programs, profiles and updates.
  fc.record({
    type: fc.constantFrom("track", "identify", "page"),
    event,
    userId: id,
    timestamp: time,
    properties: value,
  }),
  fc.record({ name: event, at: time, who: id, amount: value }),
  fc.record({
    $distinct_id: id,
    $group_id: id,
    $group_key: fc.constantFrom("company", ""),
    $properties: fc.record({ plan: value }),
  }),
  fc.record({ $distinct_id: id, $add: fc.record({ n: fc.constantFrom<unknown>(1, "x") }) }),
  fc.record({ $distinct_id: id, $set: fc.constantFrom<unknown>({ a: 1 }, 5, null) }),
  fc.record({ $distinct_id: id, $delete: fc.constant(null) }),
  fc.constantFrom<unknown>(null, 1, "x", [], [{ event: "E" }], {}),
);

const MAPPED = { map: ["event=name", "time=at", "distinct_id=who"], type: ["amount:number"], tz: "Europe/Berlin" };
const FLAGS: Record<string, unknown>[] = [
  {},
  { fix: true },
  { tz: "America/New_York", fix: true },
  MAPPED,
  { ...MAPPED, fix: true },
  { set: ["source=test"], drop: ["plan"] },
  { type: ["amount:number", "plan:time"], fix: true },
  { preset: "segment" },
  { preset: "raw-export", fix: true },
  { preset: "amplitude" },
  { kind: "profiles" },
  { kind: "profiles", map: ["distinct_id=who"] },
  { kind: "groups", group_key: "company" },
];

/** What a check for an import says, and what one for `--check` says. */
function sameAnswer(
  sent: Uint8Array | RefusedRecord | undefined,
  examined: Examination | undefined,
  told: string,
): void {
  assert.equal(sent === undefined, examined === undefined, told);
  if (sent === undefined || examined === undefined) return;
  const error = examined.problems.find(({ severity }) => severity === "error");
  if (sent instanceof Uint8Array) return assert.equal(error, undefined, told);
  assert.equal(sent.isSkipped, examined.isSkipped, told);
  assert.equal(error === undefined, sent.isSkipped, told);
  // Where the fault in JSON is, only `--check` says.
  if (error !== undefined) assert.ok(error.reason.startsWith(sent.reason.replace(/ \(column \d+\)$/, "")), told);
}

describe("the rules of an import", () => {
  for (const flags of FLAGS) {
    for (const yes of flags.kind === undefined ? [false] : [false, true]) {
      it(`are those of its --check with ${JSON.stringify({ ...flags, yes })}`, () => {
        const input = importInput.parse(flags);
        const context = { globals: { yes, dryRun: false } } as unknown as Context;
        const importing = importCheck(context, input, recipeOfInput(input));
        const checking = importCheck(context, input, recipeOfInput(input));
        let sent = 0;
        let refused = 0;
        const compare = (
          answer: Uint8Array | RefusedRecord | undefined,
          examined: Examination | undefined,
          told: string,
        ) => {
          if (answer instanceof RefusedRecord) refused++;
          else sent++;
          sameAnswer(answer, examined, told);
          assert.deepEqual([...importing.fixes.keys()], examined?.fixes ?? [], told);
          importing.fixes.clear();
        };
        fc.assert(
          fc.property(record, fc.nat(30), (record, cut) => {
            const text = stringifyJson(record);
            const told = text.slice(0, 500);
            compare(importing.value(record, NOW_MS), checking.examineValue(record, NOW_MS), told);
            // One line in three is damaged.
            const line = encoder.encode(cut < 10 ? ` ${text.slice(0, -cut)}` : text);
            const examined = checking.examineLine(line, NOW_MS);
            compare(importing.line(line, NOW_MS), examined, told);
            if (!importing.ready?.find(line, 0, line.length, NOW_MS)) return;
            assert.equal(examined?.problems.some(({ severity }) => severity === "error"), false, told);
          }),
          { numRuns: 300 },
        );
        assert.ok(sent > 10 && refused > 10, `${sent} sent, ${refused} refused`);
      });
    }
  }

  it("are the same for events of nearly 1 MB, with what they lack", () => {
    for (const flags of [{}, { fix: true }, { set: ["source=test"] }]) {
      const input = importInput.parse(flags);
      const check = importCheck({ globals: {} } as unknown as Context, input, recipeOfInput(input));
      const refused = [0, 20, 60, 100, 140, 200, 300].map((less) => {
        const properties = { time: 1780000000, distinct_id: "u", text: "" };
        const event = { event: "E", properties };
        properties.text = "x".repeat(1024 * 1024 - less - JSON.stringify(event).length);
        const line = encoder.encode(JSON.stringify(event));
        assert.equal(line.length, 1024 * 1024 - less);
        const answer = check.line(line, NOW_MS);
        sameAnswer(answer, check.examineLine(line, NOW_MS), `${less} bytes less`);
        sameAnswer(check.value(event, NOW_MS), check.examineValue(event, NOW_MS), `${less} bytes less`);
        return answer instanceof RefusedRecord;
      });
      assert.ok(refused.includes(true) && refused.includes(false), refused.join());
    }
  });

  it("are the same for what could not be read", () => {
    const input = importInput.parse({});
    const check = importCheck({ globals: {} } as unknown as Context, input, recipeOfInput(input));
    const unreadable = [
      new UnreadableRecord("1 field where there must be 2", undefined, "1"),
      new UnreadableRecord("text after a closing quote", 6, '1,"x"y'),
      new UnreadableRecord("not valid UTF-8", undefined, "\ufffd", "not_utf8"),
      UnreadableRecord.ofJson(new SyntaxError(), '{"a":}'),
    ];
    for (const value of unreadable) {
      sameAnswer(check.value(value, NOW_MS), check.examineValue(value, NOW_MS), value.reason);
      assert.equal(check.examineValue(value, NOW_MS).problems[0]?.rule, "unreadable");
    }
    const line = new Uint8Array([0x7b, 0xff]);
    sameAnswer(check.line(line, NOW_MS), check.examineLine(line, NOW_MS), "not UTF-8");
    assert.deepEqual(
      check.examineLine(encoder.encode('  {"a":}'), NOW_MS)?.problems.map(({ rule, column }) => [rule, column]),
      [
        ["not_json", 8],
      ],
    );
  });
});
