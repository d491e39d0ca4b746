/** What an import says about columns and values before it sends them. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import importCommand from "../../src/commands/import.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { linesOf, type Responder } from "../jobs/fake_client.ts";
import { runWithFakes } from "./run_with_fakes.ts";

const folder = temporaryFolder();
const nowMs = Date.UTC(2026, 11, 1);
const ok: Responder = (request) => `{"code":200,"num_records_imported":${linesOf(request).length},"status":"OK"}`;
const run = (name: string, text: string, argv: string[] = []) =>
  runWithFakes(importCommand, [folder.write(name, text), "--no-checkpoint", ...argv], { respond: ok, nowMs });
const sent = async (name: string, text: string, argv: string[] = []) => {
  const { client, ...ran } = await run(name, text, argv);
  return { ...ran, events: client.requests.flatMap(linesOf).map((line) => JSON.parse(line)) };
};

const CSV = `action,at,who,price,zip,note
Buy,2026-11-20 12:00:00,u1,19.90,01067,
Buy,2026-11-20 12:00:01,u2,5.00,04103,
`;
const MAP = ["--map", "event=action", "--map", "time=at", "--map", "distinct_id=who", "--drop", "note"];

describe("the columns of an import", () => {
  it("are said before anything is sent: what each becomes, its type and first value", async () => {
    for (const argv of [[], ["--check"]]) {
      const { notes } = await run("p.csv", CSV, [...MAP, ...argv]);
      const from = notes.findIndex((note) => note.startsWith("Columns of "));
      assert.equal(from, argv.length === 0 ? 0 : 1);
      assert.deepEqual(notes.slice(from + 1, from + 8), [
        "  column  becomes      type     first value",
        "  action  event        text     Buy",
        "  at      time         time     2026-11-20 12:00:00 -> 2026-11-20T12:00:00Z",
        "  who     distinct_id  text     u1",
        "  price   price        number   19.90 -> 19.9",
        "  zip     zip          text     01067",
        "  note    (left out)   (empty)",
      ]);
    }
  });

  it("have names that are cut in the middle where they are long, and whole in JSON", async () => {
    const name = `price${"x".repeat(240)}-end`;
    const text = `event,time,distinct_id,${name}\nBuy,1790000000,u,1\n`;
    const { notes, printed } = await run("l.csv", text, ["--check", "-f", "json"]);
    const row = notes.find((note) => note.includes("price")) ?? "";
    assert.match(row, /^ {2}(pricex{15}…x{15}-end) {2}\1 {2}number {2}1$/);
    const { columns } = printed[0] as { columns: { column: string }[] };
    assert.equal(columns[3]?.column, name);
  });

  it("have names in which nothing is hidden", async () => {
    const hidden = "event,time,distinct_id,pri\u200bce,\u202eevil,zip\u00a0\u200b\nBuy,1790000000,u,1,2,3\n";
    const { notes, events } = await sent("hidden.csv", hidden);
    assert.ok(notes.includes("  pri\\u200bce  pri\\u200bce  number  1"), notes.join("\n"));
    assert.deepEqual(Object.keys(events[0].properties).slice(-3), ["pri\u200bce", "evil", "zip"]);
    const row = '{"event":"A","time":"2026-11-20","distinct_id":"u","\u202eevil":7}\n';
    assert.ok((await run("hidden.jsonl", row)).notes.some((note) => /\\u202eevil +number/.test(note)));
    const ids = "event,time,distinct\u00ad_id\nBuy,1790000000,u\n";
    const { error } = await run("ids.csv", ids);
    assert.match(error?.hint ?? "", /; there are event, time, distinct\\u00ad_id$/);
  });

  it("have no marks around their names", async () => {
    const { events } = await sent("marks.csv", "\u200bevent,time\u200b,\ufeffdistinct_id\u2060 \nBuy,1790000000,u\n");
    assert.deepEqual([events[0].event, events[0].properties.distinct_id], ["Buy", "u"]);
  });

  it("are in the JSON of the check and of the import", async () => {
    for (const argv of [["--check"], []]) {
      const { printed } = await run("p.csv", CSV, [...MAP, "-f", "json", ...argv]);
      const { columns } = printed[0] as { columns: Record<string, unknown>[] };
      assert.deepEqual(columns.map(({ column, becomes, type, sent }) => [column, becomes, type, sent]), [
        ["action", "event", "text", "Buy"],
        ["at", "time", "time", Date.UTC(2026, 10, 20, 12)],
        ["who", "distinct_id", "text", "u1"],
        ["price", "price", "number", 19.9],
        ["zip", "zip", "text", "01067"],
        ["note", null, undefined, undefined],
      ]);
      assert.deepEqual([columns[3]?.written, columns[3]?.line], ["19.90", 2]);
    }
  });

  it("are those of profiles and groups, and of properties that are called like what is around them", async () => {
    const told = async (text: string, argv: string[]) => {
      const { printed } = await run("x.csv", text, ["--check", "-f", "json", ...argv]);
      return (printed[0] as { columns: Record<string, unknown>[] }).columns.map((one) => [one.becomes, one.sent]);
    };
    assert.deepEqual(await told("id,plan\nu-1,pro\n", ["--kind", "profiles", "--map", "distinct_id=id"]), [
      ["distinct_id", "u-1"],
      ["plan", "pro"],
    ]);
    assert.deepEqual(await told("group_id,n\ng,1\n", ["--kind", "groups", "--group-key", "company"]), [
      ["$group_id", "g"],
      ["n", 1],
    ]);
    const odd = 'event,time,distinct_id,properties.properties,properties.event\nA,2026-11-20,u,"{""a"":1}",e\n';
    assert.deepEqual((await told(odd, [])).toSpliced(1, 2), [["event", "A"], ["properties", { a: 1 }], ["event", "e"]]);
  });

  it("are said of rows of JSON, too, and once for files that have the same", async () => {
    const row = '{"event":"A","time":"2026-11-20","distinct_id":"u","insert_id":7,"tags":[1],"x":{"a":1}}\n';
    const { notes } = await runWithFakes(importCommand, [
      folder.write("a.jsonl", row),
      folder.write("b.jsonl", row),
      "--no-checkpoint",
    ], { respond: ok, nowMs });
    assert.equal(notes.filter((note) => note.startsWith("Columns of")).length, 1);
    assert.ok(notes.includes("  insert_id    $insert_id   text    7"), notes.join("\n"));
    assert.ok(notes.includes("  tags         tags         list    [1]"), notes.join("\n"));
    // What is sent as it is needs no table.
    const own = '{"event":"A","properties":{"time":1780000000,"distinct_id":"u","$insert_id":"i"}}\n';
    assert.equal((await run("own.jsonl", own)).notes.length, 1);
    // In a result it has its columns all the same, and a row behind it has a table.
    const { columns } = (await run("own.jsonl", own, ["-f", "json"])).printed[0] as { columns: { column: string }[] };
    assert.deepEqual(columns.map(({ column }) => column), ["event", "time", "distinct_id", "$insert_id"]);
    const { notes: mixed } = await run("mixed.jsonl", own + row);
    assert.ok(mixed.some((line) => /^ {2}tags +tags +list +\[1\]$/.test(line)), mixed.join("\n"));
  });
});

describe("warnings of an import", () => {
  it("are said with line, value and what to type, and the import goes on", async () => {
    const text = "event,time,distinct_id,price\n" +
      "A,2026-11-20,u,19.90\nA,2026-11-21,u,n/a\nA,2001-01-01,u,5.00\nB,2026-11-22,u,\nB,2026-11-22,u,\n";
    const { exitCode, notes, events } = await sent("w.csv", text);
    assert.equal(exitCode, 0);
    assert.equal(events.length, 5);
    assert.deepEqual(notes.filter((note) => note.includes("warning")), [
      "  warning: line 3: 'price' is sent as text: \"n/a\" is among numbers; --null n/a makes it empty, and the others numbers",
      "  warning: line 4: 'time' is 2001-01-01, before 2010",
      "  warning: line 6: equal to an earlier record, and without an $insert_id: both count once",
    ]);
    const fixed = await sent("w.csv", text, ["--null", "n/a"]);
    assert.deepEqual(fixed.events.map(({ properties }) => properties.price), [
      19.9,
      undefined,
      5,
      undefined,
      undefined,
    ]);
  });

  it("are rules of the check, with the column", async () => {
    const text = "event,time,distinct_id,price\nA,2026-11-20,u,1\nA,2026-11-21,u,01067\n";
    const { exitCode, notes, printed } = await run("c.csv", text, ["--check", "-f", "json"]);
    assert.equal(exitCode, 0);
    const { problems } = printed[0] as { problems: unknown[] };
    assert.deepEqual(problems, [{
      source: folder.path("c.csv"),
      line: 3,
      column: 4,
      column_name: "price",
      severity: "warning",
      rule: "text_column",
      field: "price",
      reason: "'price' is sent as text: as a number, \"01067\" would not keep its digits; " +
        "--column-type price:number makes all of them numbers, or refuses them",
    }]);
    assert.match(notes[1] ?? "", /^ {2}warning: 1 × text_column, first in line 3: /);
  });

  it("are counted in the JSON of the import", async () => {
    const { printed } = await run("t.csv", "event,time,distinct_id\nA,1.78E+12,u\nA,1.781E+12,u\n", ["-f", "json"]);
    const { warnings } = printed[0] as { warnings: unknown[] };
    assert.deepEqual(warnings, [{
      rule: "time_shortened",
      field: "properties.time",
      count: 2,
      source: folder.path("t.csv"),
      line: 2,
      reason: "'time' is 1.78E+12: a program that writes so has left digits out",
    }]);
  });
});

describe("times that are not understood", () => {
  it("are refused with the flag that reads them, which does", async () => {
    const forms: [string, string, number][] = [
      ["20.11.2026 12:00:00", "DD.MM.YYYY HH:mm:ss", Date.UTC(2026, 10, 20, 12)],
      ["11/20/2026", "MM/DD/YYYY", Date.UTC(2026, 10, 20)],
      ["20/11/2026 13:45", "DD/MM/YYYY HH:mm", Date.UTC(2026, 10, 20, 13, 45)],
      ["46346.5", "excel", Date.UTC(2026, 10, 20, 12)],
    ];
    for (const [text, format, ms] of forms) {
      const csv = `event;time;distinct_id\nA;${text};u1\n`;
      const refused = await sent("d.csv", csv);
      assert.deepEqual([refused.exitCode, refused.events.length], [3, 0]);
      assert.ok(refused.notes.some((note) => note.includes("--time-format") && note.includes(format)), text);
      const { exitCode, events } = await sent("d.csv", csv, ["--time-format", format]);
      assert.deepEqual([exitCode, events[0]?.properties.time], [0, ms], text);
    }
    const both = await run("e.csv", "event,time,distinct_id\nA,01/02/2026,u\n", ["--check"]);
    assert.match(both.notes.join("\n"), /in two ways.*--time-format DD\/MM\/YYYY or --time-format MM\/DD\/YYYY/);
    const user = "distinct_id;since;n\nu;20.11.2026;1,5\n";
    const flags = [
      "--column-type",
      "since:time",
      "--column-type",
      "n:number",
      "--time-format",
      "DD.MM.YYYY",
      "--decimal-comma",
    ];
    const { printed } = await run("u.csv", user, ["--kind", "profiles", "--check", "-f", "json", ...flags]);
    const { columns } = printed[0] as { columns: Record<string, unknown>[] };
    assert.deepEqual(columns.map(({ type, sent }) => [type, sent]), [
      ["text", "u"],
      ["time", "2026-11-20T00:00:00"],
      ["number", 1.5],
    ]);
    const { error } = await run("e.csv", "a\n", ["--time-format", "HH:mm"]);
    assert.match(error?.message ?? "", /--time-format "HH:mm": it has no year$/);
  });
});
