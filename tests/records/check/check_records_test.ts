import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { type CheckProblem, checkRecords } from "../../../src/records/check/check_records.ts";
import { eventCheck } from "../../../src/records/check/event_check.ts";
import { eventProblem, eventProblems } from "../../../src/records/check/event_rules.ts";
import { recordCheck, type RecordRules } from "../../../src/records/check/record_check.ts";
import { ruleProblem } from "../../../src/records/record_rules.ts";
import { type RecordFixer, recordFixer } from "../../../src/records/map/fix_record.ts";
import { type MapFlags, recipeOf } from "../../../src/records/map/map_flags.ts";
import { readRecords } from "../../../src/records/read/read_records.ts";
import type { RecordSource } from "../../../src/records/read/record_source.ts";
import { chunked } from "../../streams/chunked.ts";

interface CheckTestOptions {
  fix?: RecordFixer;
  /** Default: those for events. */
  rules?: RecordRules;
}

const NOW = Date.UTC(2026, 5, 1);

async function check(content: string, name: string, flags: MapFlags = {}, options: CheckTestOptions = {}) {
  const problems: CheckProblem[] = [];
  const recipe = recipeOf(flags);
  const columns = new Map<RecordSource, string[]>();
  const source = { name, open: () => chunked(content, 50) };
  const blocks = readRecords([source], {
    onColumns: (source, found) => columns.set(source, found.map(({ name }) => name)),
  });
  const report = await checkRecords(blocks, {
    check: options.rules === undefined
      ? eventCheck(false, { recipe, fix: options.fix })
      : recordCheck(options.rules, { recipe }),
    recipe,
    now: () => NOW,
    columnsOf: (source) => columns.get(source),
    onProblem: (problem) => void problems.push(problem),
  });
  return { report, problems };
}

const told = (problems: CheckProblem[]) =>
  problems.map(({ line, column, column_name, rule }) =>
    `${line}:${column}${column_name ? ` (${column_name})` : ""} ${rule}`
  );

describe("checking an import", () => {
  it("finds every problem of every line, with its column", async () => {
    const lines = [
      '{"event":"ok","properties":{"time":1770000000,"distinct_id":"u","$insert_id":"i"}}',
      '{"event":"","properties":{"time":"soon","distinct_id":"null","$insert_id":"a_b","deep":{"a":{"b":{"c":{}}}}}}',
      "",
      '{"event":"a","properties":{"time":1770000000}}',
      '{"event":"a","properties":{"time":17700',
      '["event"]',
      '{"event":"a","properties":1}',
    ];
    const { report, problems } = await check(lines.join("\n"), "e.jsonl");
    assert.deepEqual(told(problems), [
      "2:10 event_missing",
      "2:34 time_not_a_number",
      "2:75 insert_id_characters",
      "2:55 distinct_id_placeholder",
      "2:88 nested_too_deep",
      "4:undefined distinct_id_missing",
      "5:40 not_json",
      "6:undefined not_an_object",
      "7:27 properties_missing",
    ]);
    assert.equal(problems[6]?.reason, "not valid JSON: it ends early");
    const { records, valid, invalid, skipped } = report;
    assert.deepEqual({ records, valid, invalid, skipped }, { records: 6, valid: 1, invalid: 5, skipped: 0 });
    assert.equal(report.rules.length, 9);
    assert.deepEqual(report.rules[0]?.examples, [problems[0]]);
  });

  it("finds names that stand twice in one object, however they are written, and at whatever depth", async () => {
    const own = '"time":1770000000,"distinct_id":"u","$insert_id":"i"';
    const lines = [
      `{"event":"a","properties":{${own},"plan":"pro","n":1,"plan":"free"}}`,
      `{"event":"a","properties":{${own},"a":1,"\\u0061":2,"l":[{"b":1},{"b":2,"c":{"d":1,"d":2}}]}}`,
      `{"event":"a","event":"b","properties":{${own},"a":{"plan":1},"plan":{"a":1}}}`,
    ];
    const columns = ['"plan":"free"', '"\\u0061"', '"d":2', '"event":"b"'];
    const { report, problems } = await check(lines.join("\n"), "e.jsonl");
    assert.deepEqual(
      problems.map(({ line, column, field, rule }) => [line, column, field, rule]),
      [[1, "properties.plan"], [2, "properties.a"], [2, "properties.l.c.d"], [3, "event"]].map(([line, field], at) => [
        line,
        lines[line as number - 1]!.indexOf(columns[at]!) + 1,
        field,
        "key_repeated",
      ]),
    );
    assert.equal(problems[0]?.reason, "'properties.plan' stands twice in one object: the last one counts");
    assert.equal(report.valid, 3);
    const list = await check(`[\n${lines.join(",\n")}]`, "e.json");
    assert.deepEqual(told(list.problems), [1, 2, 2, 3].map((record) => `${record}:undefined key_repeated`));
  });

  it("names the column of a table, also through a mapping", async () => {
    const text = 'name,when,who,amount\nBuy,2026-01-31,u,"1,5"\nBuy,soon,,3\nBuy,2026-01-31\n';
    const flags = { map: ["event=name", "time=when", "distinct_id=who"], type: ["amount:number"] };
    const { report, problems } = await check(text, "t.csv", flags);
    assert.deepEqual(told(problems), [
      "2:4 (amount) misfit",
      "3:2 (when) misfit",
      "3:3 (who) distinct_id_missing",
      "4:undefined unreadable",
    ]);
    assert.equal(problems[0]?.reason, "'amount' is not a number: \"1,5\"; --decimal-comma reads it");
    assert.equal(report.invalid, 3);
  });

  it("finds the place of what a mapping takes from elsewhere in a line", async () => {
    const line = '{"ev":"a","user":{"id":"null"},"at":"2026-01-31"}\n';
    const { problems } = await check(line, "e.jsonl", { map: ["event=ev", "distinct_id=user.id", "time=at"] });
    assert.deepEqual(told(problems), ["1:24 distinct_id_placeholder"]);
  });

  it("counts what would be repaired, and what the layout skips", async () => {
    const line = '{"event":"a","properties":{"time":"2026-01-31","distinct_id":"u","$insert_id":"a_b"}}\n';
    const { report } = await check(line, "e.jsonl", {}, { fix: recordFixer() });
    assert.deepEqual(report.fixed, { time_text: 1, insert_id_characters: 1 });
    assert.equal(report.valid, 1);
    const call = '{"type":"identify","userId":"u"}\n';
    const skipped = await check(call, "s.jsonl", { preset: "segment" });
    assert.deepEqual([skipped.report.skipped, skipped.report.valid, skipped.report.invalid], [1, 0, 0]);
  });

  it("tells what Mixpanel will cut or drop, without calling it an error", async () => {
    const properties = {
      time: 1770000000,
      distinct_id: "u",
      text: "x".repeat(256),
      $ignore: 1,
      bucket: 1,
      ok: "x".repeat(255),
    };
    const list = { list: Array.from({ length: 200 }, () => "x".repeat(50)) };
    const line = JSON.stringify({ event: "e".repeat(300), properties: { ...properties, ...list } });
    const { report, problems } = await check(`${line}\n`, "e.jsonl");
    assert.deepEqual(problems.map(({ rule, severity }) => [rule, severity]), [
      ["event_name_cut", "notice"],
      ["text_cut", "notice"],
      ["event_ignored", "notice"],
      ["reserved_name", "notice"],
      ["nested_too_large", "notice"],
    ]);
    assert.deepEqual([report.valid, report.invalid], [1, 0]);
  });

  it("refuses records that are too large", async () => {
    const big = { event: "a", properties: { time: 1770000000, distinct_id: "u", text: "x".repeat(1_100_000) } };
    const lines = await check(JSON.stringify(big), "e.jsonl");
    const list = await check(JSON.stringify([big]), "e.json");
    for (const { problems } of [lines, list]) assert.ok(problems.some(({ rule }) => rule === "too_large"));
  });

  it("checks updates by the rules that it is given", async () => {
    const { problems } = await check('{"$distinct_id":"u","a":1}\n', "p.jsonl", { kind: "profiles" }, {
      rules: { problemsOf: () => [ruleProblem("bad_update", { field: "$set.a", detail: "not allowed" })] },
    });
    assert.deepEqual(told(problems), ["1:25 bad_update"]);
  });
});

describe("every problem of an event", () => {
  const rules = { nowMs: NOW };

  it("has a name, and comes in the order in which the first one is told", () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`p${index}`, index]));
    const broken: [unknown, string[]][] = [
      [1, ["not_an_object"]],
      [{ event: " ", properties: [] }, ["event_missing", "properties_missing"]],
      [{ event: "a", properties: {} }, ["time_missing", "distinct_id_missing"]],
      [{ event: "a", properties: { time: 5, distinct_id: {}, $insert_id: true } }, [
        "time_before_1971",
        "insert_id_not_a_text",
        "distinct_id_not_a_text",
      ]],
      [{ event: "a", properties: { time: 4e9, distinct_id: "0", $insert_id: "x".repeat(40) } }, [
        "time_in_future",
        "insert_id_length",
        "distinct_id_placeholder",
      ]],
      [{ event: "a", properties: { time: 1e9, distinct_id: "u", $insert_id: "null", ...many } }, [
        "insert_id_placeholder",
        "too_many_properties",
      ]],
      [
        {
          event: "a",
          properties: { time: 1e9, distinct_id: "u", a: Array(300).fill(1), b: many, "c.d": [Array(300)] },
        },
        [
          "too_many_elements",
          "too_many_keys",
          "too_many_elements",
        ],
      ],
    ];
    for (const [record, expected] of broken) {
      const found = eventProblems(record, rules);
      assert.deepEqual(found.map(({ rule }) => rule), expected);
      assert.deepEqual(found[0], eventProblem(record, rules));
    }
    const live = eventProblems({ event: "a", properties: { time: 1e9, distinct_id: "u" } }, { ...rules, live: true });
    assert.deepEqual(live.map(({ rule }) => rule), ["time_too_old"]);
  });

  it("ends, whatever the event", () => {
    const properties = Object.fromEntries(Array.from({ length: 253 }, (_, index) => [`p${index}`, Array(300).fill(0)]));
    assert.equal(eventProblems({ event: "a", properties: { time: 1e9, ...properties } }, rules).length, 254);
  });
});
