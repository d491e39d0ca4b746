/** Nothing is changed silently on its way in: what is lossy or surprising is said by the import and by its check. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import importCommand from "../../src/commands/import.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { linesOf, type Responder } from "../jobs/fake_client.ts";
import { runWithFakes } from "./run_with_fakes.ts";

const folder = temporaryFolder();
const nowMs = Date.UTC(2026, 11, 1);
const ok: Responder = (request) => `{"code":200,"num_records_imported":${linesOf(request).length},"status":"OK"}`;

/** What is sent, and the warnings, which are the same for the check. */
async function imported(name: string, text: string | Uint8Array, argv: string[] = []) {
  const path = folder.write(name, text);
  const run = (more: string[]) =>
    runWithFakes(importCommand, [path, "--no-checkpoint", ...argv, ...more], { respond: ok, nowMs });
  const { notes, client } = await run([]);
  const { printed } = await run(["--check", "-f", "json"]);
  const { problems } = printed[0] as { problems: { line: number; severity: string; reason: string }[] };
  const warnings = notes.filter((note) => note.includes("warning: ")).map((note) => note.slice("  warning: ".length));
  const checked = problems.filter(({ severity }) => severity === "warning")
    .map(({ line, reason }) => `line ${line}: ${reason}`);
  const once = warnings.map((warning) => warning.replace(/ \([\d,]+ times\)$/, ""));
  assert.deepEqual(once.sort(), [...new Set(checked)].sort(), name);
  return { sent: client.requests.flatMap(linesOf), warnings, notes };
}

const FIXED = '"time":1780000000,"distinct_id":"u","$insert_id":"i"';
const own = (properties: string, more = "") => `{"event":"E","properties":{${FIXED},${properties}}${more}}\n`;

describe("numbers", () => {
  it("beyond those of 64 bits are sent as they are written, and told wherever they are", async () => {
    const reason = (field: string, text: string, double: string) =>
      `'${field}' is ${text}, which programs that hold numbers as doubles read as ${double}`;
    for (
      const [value, field, text, double] of [
        ["1e400", "a", "1e400", "Infinity"],
        ["-1E+400", "a", "-1E+400", "-Infinity"],
        ["1e-400", "a", "1e-400", "0"],
        ["0.12345678901234567890123", "a", "0.12345678901234567890123", "0.12345678901234568"],
        ["9007199254740993", "a", "9007199254740993", "9007199254740992"],
        ["-9223372036854775807", "a", "-9223372036854775807", "-9223372036854776000"],
        ["18446744073709551617", "a", "18446744073709551617", "18446744073709552000"],
        ["[9007199254740993]", "a", "9007199254740993", "9007199254740992"],
        ['{"b":[1,{"c":1e400}]}', "a.b.c", "1e400", "Infinity"],
      ] as const
    ) {
      const line = own(`"a":${value}`);
      const { sent, warnings } = await imported("n.jsonl", line);
      const warning = `line 1: ${reason(`properties.${field}`, text, double)}`;
      assert.deepEqual([sent, warnings], [[line.trim()], [warning]]);
      assert.deepEqual((await imported("n.json", `[${line}]`)).warnings, [warning]);
      const cell = `event,time,distinct_id,insert_id,a\nE,1780000000,u,i,"${`{"b":${value}}`.replaceAll('"', '""')}"\n`;
      const table = await imported("n.csv", cell);
      assert.match(table.sent[0] ?? "", new RegExp(text.replace("+", "\\+")));
      assert.equal(table.warnings.length, 1, value);
      const profile = await runWithFakes(importCommand, [
        folder.write("p.jsonl", `{"$distinct_id":"u","$set":{"a":${value}}}\n`),
        "--kind=profiles",
        "--no-checkpoint",
      ], { respond: () => "1", nowMs });
      assert.match(profile.notes.join("\n"), /warning: line 1: '\$set\.a.*programs that hold numbers as doubles/);
    }
  });

  it("that a double holds are sent silently, with any number of digits", async () => {
    const text = own(
      '"a":0.30000000000000004,"b":[1e300,-2.5E-7,5e-324],"c":9007199254740992,"d":1.10,"e":1.5e9,"f":12345678901234567000',
    );
    const { sent, warnings } = await imported("d.jsonl", text);
    assert.deepEqual([sent, warnings], [[text.trim()], []]);
  });
});

describe("times", () => {
  const table = (...times: string[]) =>
    `event,time,distinct_id,insert_id\n${times.map((time, at) => `E,${time},u,i${at}\n`).join("")}`;
  const timesOf = (sent: string[]) => sent.map((line) => JSON.parse(line).properties.time);

  it("lose what is finer than a millisecond in the same way in all forms, which is told once", async () => {
    const ms = Date.UTC(2026, 10, 2, 10, 0, 0, 123);
    const forms = [
      "2026-11-02T10:00:00.1239Z",
      "2026-11-02 10:00:00.123999999",
      `${ms / 1000}9`,
      `${ms}.9`,
      `${ms}999`,
      `${ms}999999`,
      `${BigInt(ms) * 1_000_000n + 999_999n}`,
    ];
    const { sent, warnings } = await imported("t.csv", table(...forms));
    assert.deepEqual(timesOf(sent), forms.map(() => ms));
    assert.deepEqual(warnings, [
      "line 2: 'time' is 2026-11-02T10:00:00.1239Z: what is finer than a millisecond is cut off (7 times)",
    ]);
    const json = `{"event":"E","time":${ms / 1000}9,"distinct_id":"u","insert_id":"i"}\n`;
    assert.deepEqual(timesOf((await imported("t.jsonl", json)).sent), [ms]);
    const format = ["--time-format", "DD.MM.YYYY HH:mm:ss.SSSSSS"];
    const formatted = await imported("f.csv", table("02.11.2026 10:00:00.123999"), format);
    assert.deepEqual([timesOf(formatted.sent), formatted.warnings.length], [[ms], 1]);
    assert.deepEqual((await imported("e.csv", table("2026-11-02T10:00:00.123000Z", `${ms}000000`))).warnings, []);
  });

  it("that no clock shows, or that are shown twice, are told with the moment that is taken", async () => {
    const zone = ["--timezone", "Europe/Berlin"];
    const { sent, warnings } = await imported("z.csv", table("2026-03-29 02:30:00", "2026-10-25 02:30:00"), zone);
    assert.deepEqual(timesOf(sent), [Date.UTC(2026, 2, 29, 1, 30), Date.UTC(2026, 9, 25, 0, 30)]);
    assert.deepEqual(warnings, [
      "line 2: 'time' is 2026-03-29 02:30:00: no clock in Europe/Berlin shows that; 2026-03-29T01:30:00Z is taken",
      "line 3: 'time' is 2026-10-25 02:30:00: clocks in Europe/Berlin show that twice; the first, 2026-10-25T00:30:00Z, is taken",
    ]);
    assert.deepEqual(
      (await imported("y.csv", table("2026-03-29 03:00:00", "2026-10-25 02:30:00+01"), zone)).warnings,
      [],
    );
  });

  it("of properties are told like those of events", async () => {
    const text = "event,time,distinct_id,insert_id,since\nE,1780000000,u,i,2026-03-29 02:30:00.1234\n";
    const { warnings } = await imported("s.csv", text, ["--column-type", "since:time", "--timezone", "Europe/Berlin"]);
    assert.deepEqual(warnings.map((one) => one.slice(0, 50)), [
      "line 2: 'since' is 2026-03-29 02:30:00.1234: what ",
      "line 2: 'since' is 2026-03-29 02:30:00.1234: no cl",
    ]);
  });

  it("whose digits a program has left out are told in JSON, too", async () => {
    const text = '{"event":"E","properties":{"time":1.78E+12,"distinct_id":"u","$insert_id":"i"}}\n';
    const { sent, warnings } = await imported("j.jsonl", text);
    const reason = "line 1: 'time' is 1.78E+12: a program that writes so has left digits out";
    assert.deepEqual([sent, warnings], [[text.trim()], [reason]]);
    for (const time of ["1.78E+12", '"1.78E+12"']) {
      const row = `[{"event":"E","time":${time},"distinct_id":"u","insert_id":"i"}]`;
      const { sent, warnings } = await imported("j.json", row);
      assert.deepEqual([timesOf(sent), warnings], [[1_780_000_000_000], [reason]]);
    }
  });

  it("that no calendar has are refused as such", async () => {
    const argv = ["--no-checkpoint", "--time-format", "DD.MM.YYYY"];
    for (const extra of [[], ["--check"]]) {
      const { notes } = await runWithFakes(
        importCommand,
        [folder.write("c.csv", table("31.02.2026")), ...argv, ...extra],
        { respond: ok, nowMs },
      );
      assert.match(notes.join("\n"), /'time' is a day or a time that there is not: "31\.02\.2026"/);
    }
  });
});

describe("what a record has in two places", () => {
  it("is told with the one that is taken, when they differ", async () => {
    const text = "event,time,$insert_id,insert_id,distinct_id,plan,properties\n" +
      'E,1780000000,i1,i1,u,pro,"{""distinct_id"":""u"",""time"":1780000000000,""plan"":""pro""}"\n' +
      'E,1780000000,i1,i2,u,pro,"{""distinct_id"":""v"",""time"":1780000001,""plan"":""free""}"\n' +
      'E,1780000000,i1,i3,u,pro,"{}"\n';
    const { sent, warnings, notes } = await imported("two.csv", text);
    assert.deepEqual(JSON.parse(sent[1] ?? "").properties, {
      time: 1780000000,
      distinct_id: "u",
      $insert_id: "i1",
      plan: "free",
    });
    assert.deepEqual(warnings.sort(), [
      `line 3: '$insert_id' is "i1" from "$insert_id"; "insert_id" has "i2", which is not taken (2 times)`,
      `line 3: 'distinct_id' is "u"; "properties.distinct_id" has "v", which is not taken`,
      `line 3: 'plan' comes from two places: "free" is taken, and "pro" is not`,
      `line 3: 'time' is "1780000000"; "properties.time" has "1780000001", which is not taken`,
    ]);
    assert.match(notes.join("\n"), /insert_id +\$insert_id, if \$insert_id is empty/);
  });

  it("is reported of presets, whose times have an order", async () => {
    const text = '{"type":"track","event":"E","messageId":"m","userId":"u","anonymousId":"a",' +
      '"timestamp":"2026-11-02T10:00:00Z","sentAt":"2026-11-02T10:00:00.000Z","receivedAt":"2026-11-02T10:00:01Z"}\n';
    const { warnings, notes } = await imported("segment.jsonl", text, ["--preset", "segment"]);
    assert.deepEqual(warnings, [
      `line 1: 'time' is "2026-11-02T10:00:00Z" from "timestamp"; "receivedAt" has "2026-11-02T10:00:01Z", which is not taken`,
    ]);
    assert.match(notes.join("\n"), /receivedAt +time, if sentAt is empty/);
  });

  it("is reported of what stands beside the properties, where nobody looks", async () => {
    const { sent, warnings } = await imported("b.jsonl", own('"a":1', ',"distinct_id":"v","x":5'));
    assert.equal(sent.length, 1);
    assert.deepEqual(warnings, [
      "line 1: 'distinct_id' stands beside the properties, where Mixpanel does not look: \"v\" is not taken",
      "line 1: 'x' stands beside the properties, where Mixpanel does not look: \"5\" is not taken",
    ]);
    assert.deepEqual((await imported("c.jsonl", own('"a":1', ',"distinct_id":"u"'))).warnings, []);
  });

  it("is reported of records of several streams", async () => {
    const record = (stream: string, id: string) =>
      `{"type":"RECORD","stream":"${stream}","record":{"event":"E","time":1780000000,"distinct_id":"u","insert_id":"${id}"}}\n`;
    const { sent, warnings } = await imported("singer.jsonl", record("a", "i") + record("b", "j") + record("b", "k"));
    assert.equal(sent.length, 3);
    assert.deepEqual(warnings, [`line 2: records of several streams: "b" after "a" (2 times)`]);
  });
});

describe("rejected records", () => {
  const rejected = async (name: string, text: string, argv: string[] = []) => {
    const rejects = folder.path(`${name}.rejects`);
    const source = text === "" ? [] : [folder.write(name, text)];
    await runWithFakes(importCommand, [...source, "--no-checkpoint", "--rejects", rejects, ...argv], {
      respond: ok,
      nowMs,
    });
    return readFileSync(rejects, "utf8");
  };

  it("have the text of their source, digit by digit", async () => {
    const record = '{"event":"E", "properties":{"distinct_id":"u","n":1.10,"m":[1e2,1E400,-0.0]}}';
    for (const [name, text] of [["a.jsonl", `${record}\n`], ["a.json", `[\n${record},{"x":1}]`]] as const) {
      assert.ok((await rejected(name, text)).includes(`"record":${record},`), name);
    }
    assert.ok((await rejected("data", "", ["--data", `[${record}]`])).includes(`"record":${record},`));
    const row = 'event,time,distinct_id,n,b,j\nE,,u,19.90,TRUE,"{""a"":1.10}"\n';
    assert.ok(
      (await rejected("a.csv", row)).includes(
        '"record":{"event":"E","time":"","distinct_id":"u","n":19.90,"b":true,"j":{"a":1.10}},',
      ),
    );
  });

  it("do not repeat all that was given by hand", async () => {
    const text = await rejected("more", "", ["--data", '[{"event":"E"},{"event":"F"}]']);
    const entries = text.trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(entries.map(({ record, read_with }) => [record, read_with]), [[{ event: "E" }, {}], [{
      event: "F",
    }, {}]]);
  });
});

/** A file of one row that DuckDB has written, and its import. */
async function parquet(columns: string, time = "1780000000") {
  const connection = await (await DuckDBInstance.create()).connect();
  const path = folder.path(`row-${++files}.parquet`);
  await connection.run(
    `copy (select 'E' as event, ${time}::bigint as time, 'u' as distinct_id, 'i' as insert_id, ${columns}) ` +
      `to '${path}' (format parquet)`,
  );
  connection.closeSync();
  return { path, ...await imported(`copy-${files}.parquet`, readFileSync(path)) };
}
let files = 0;

describe("columns", () => {
  it("of Parquet that JSON cannot tell as they are are told", async () => {
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    const path = folder.path("odd.parquet");
    await connection.run(
      `copy (select 'E' as event, 1780000000::float as time, 7::float as distinct_id, 'i' as insert_id,
      'nan'::double as a, '-inf'::float as b, '\\xAA'::blob as c, 1.5::float as d, 5 as __index_level_0__)
      to '${path}' (format parquet)`,
    );
    connection.closeSync();
    const { sent, warnings } = await imported("odd.parquet", readFileSync(path));
    assert.deepEqual(JSON.parse(sent[0] ?? "").properties, {
      time: 1780000000,
      distinct_id: "7",
      $insert_id: "i",
      b: "-Infinity",
      c: "aa",
      d: 1.5,
      __index_level_0__: 5,
    });
    assert.deepEqual(warnings.map((one) => one.slice("line 1: ".length)).sort(), [
      "'__index_level_0__' is the index of a pandas table, and is sent as a property; --drop __index_level_0__ leaves it out",
      "'a' is NaN, which JSON has not: it is left out, and null in a list",
      "'b' is -Infinity, which JSON has not: it is sent as a text",
      "'c' holds bytes, which are sent in hexadecimal; --column-type c:string reads them as text",
      "'distinct_id' is an id in numbers of 32 bits, which hold seven digits: longer ones have been rounded in it; rewrite it with 64 bits",
      "'time' is a time in numbers of 32 bits, which are two minutes apart: seconds have been lost in it; rewrite it with 64 bits",
    ]);
    const none = [
      "--drop=__index_level_0__",
      "--drop=a",
      "--drop=b",
      "--drop=c",
      "--map=time=x",
      "--map=distinct_id=d",
    ];
    const dropped = await runWithFakes(importCommand, [path, "--no-checkpoint", "--check", ...none], {
      respond: ok,
      nowMs,
    });
    assert.ok(!dropped.notes.some((note) => /'(?:a|b|c|__index_level_0__)'/.test(note)), dropped.notes.join("\n"));
  });

  it("of Parquet with whole numbers that a double rounds are told, and every digit is sent", async () => {
    const { sent, warnings } = await parquet(
      "9007199254740993 as a, 18446744073709551615::ubigint as b, 12345678901234567890123456789::decimal(38, 0) as c, " +
        "[9007199254740993] as d, 9007199254740992 as e",
    );
    assert.match(
      sent[0] ?? "",
      /"a":9007199254740993,"b":18446744073709551615,"c":12345678901234567890123456789,"d":\[9007199254740993\],/,
    );
    assert.deepEqual(warnings.map((one) => /'properties\.(.)' is/.exec(one)?.[1]), ["a", "b", "c", "d"]);
  });

  it("of Parquet that are null in all rows are among the columns, and in rejected records", async () => {
    const { path, notes } = await parquet("null::varchar as a, 1 as b, null::bigint as c");
    assert.match(notes.join("\n"), / a +a +\(empty\)\n/);
    assert.match(notes.join("\n"), / c +c +\(empty\)/);
    const rejects = folder.path("null.rejects");
    const bad = await parquet("null::varchar as a, 1 as b", "null");
    await runWithFakes(importCommand, [bad.path, "--no-checkpoint", "--rejects", rejects], { respond: ok, nowMs });
    assert.ok(
      readFileSync(rejects, "utf8").includes(
        '"record":{"event":"E","time":null,"distinct_id":"u","insert_id":"i","a":null,"b":1},',
      ),
    );
    const { error } = await runWithFakes(importCommand, [path, "--no-checkpoint", "--map", "plan=d"], { nowMs });
    assert.match(String(error), /it has no column "d", which --map plan=d names/);
  });

  it("of Parquet with times of day say so when these are in UTC", async () => {
    const { sent } = await parquet("timetz '10:11:12.5+05:30' as a, time '10:11:12' as b");
    const { a, b } = JSON.parse(sent[0] ?? "").properties;
    assert.deepEqual([a, b], ["04:41:12.500Z", "10:11:12"]);
  });

  it("without a name in the header are told", async () => {
    const text = ",event,time,distinct_id,insert_id\n0,E,1780000000,u,i\n";
    const { warnings } = await imported("pandas.csv", text);
    assert.deepEqual(warnings, [
      "line 1: 'column_1' has no name in the header, and is sent under this one; --drop column_1 leaves it out",
    ]);
    assert.deepEqual((await imported("pandas.csv", text, ["--drop=column_1"])).warnings, []);
  });
});
