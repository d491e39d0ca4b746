/** Whatever was rejected, and whatever it was read from: fixed, it goes back with one command that ends with 0. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import type { SchemaElement } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import importCommand from "../../src/commands/import.ts";
import profilesBatch from "../../src/commands/profiles/batch.ts";
import track from "../../src/commands/track.ts";
import { RejectedRecordsError } from "../../src/client/rejected_records.ts";
import type { WireRequest } from "../../src/client/types.ts";
import { linesOf, recordsOf, type Responder } from "../jobs/fake_client.ts";
import { ok } from "../jobs/import/import_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { runWithFakes } from "./run_with_fakes.ts";

const folder = temporaryFolder();
const T = 1790000000;
/** 2026-10-03 09:30 in Berlin. */
const AT = Date.UTC(2026, 9, 3, 7, 30);

interface Entry {
  source: string;
  line: number;
  reason: string;
  record: unknown;
  read_with: Record<string, unknown>;
}

/** Refuses the events of which the server does not like the name. */
const refuseBad: Responder = (request) => {
  const lines = linesOf(request);
  const failed = lines.flatMap((line, index) => line.includes('"Bad"') ? [{ index, message: "I do not like it" }] : []);
  if (failed.length === 0) return ok(request, undefined);
  throw new RejectedRecordsError("refused", { status: 400 }, failed, lines.length - failed.length);
};

let number = 0;

/** Imports, and returns the entries of its rejects. */
async function rejected(name: string, content: string | Uint8Array, flags: string[] = []): Promise<Entry[]> {
  const path = folder.write(name, content);
  const rejects = folder.path(`rejects-${++number}.jsonl`);
  const { exitCode, error } = await runWithFakes(importCommand, [path, "--rejects", rejects, ...flags], {
    respond: refuseBad,
  });
  assert.ok([3, 8].includes(exitCode), `${exitCode} ${error?.message}`);
  return readFileSync(rejects, "utf8").trim().split("\n").map((line) => JSON.parse(line));
}

/** Imports fixed entries with no flags at all, and returns the events that are sent. */
async function sentBack(entries: Entry[], mend: (entry: Entry) => unknown) {
  const fixed = entries.map((entry) => JSON.stringify({ ...entry, record: mend(entry) })).join("\n") + "\n";
  const path = folder.write(`fixed-${number}.jsonl`, fixed);
  const { exitCode, client, notes, error } = await runWithFakes(importCommand, [path], { respond: refuseBad });
  assert.equal(exitCode, 0, `${notes.join("\n")} ${error?.message}`);
  return recordsOf(client.requests[0] as WireRequest);
}

const CSV_FLAGS = [
  "--map",
  "event=action",
  "--map",
  "distinct_id=user",
  "--map",
  "time=at",
  "--timezone",
  "Europe/Berlin",
];
const CSV = `action,user,at,amount,zip
Purchase,u-1,2026-10-02 10:15:00,19.5,01067
Refund,,2026-10-03 09:30:00,5,99
Refund,u-2,soon,6,98
Bad,u-3,2026-10-03 09:30:00,7,97
Refund,u-4,2026-10-03 09:30:00
`;

describe("a record that is not UTF-8", () => {
  const before = `{"event":"A","properties":{"time":${T},"distinct_id":"u","city":"K`;
  const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
  const sources: [name: string, content: Uint8Array][] = [
    ["latin.jsonl", bytes(`${before}\xf6ln"}}\n`)],
    ["latin.json", bytes(`[${before}\xf6ln"}}]`)],
    [
      "latin.parquet",
      new Uint8Array(parquetWriteBuffer({
        schema: ["event", "distinct_id", "time", "city"].reduce<SchemaElement[]>(
          (all, name) => [...all, { name, type: "BYTE_ARRAY", repetition_type: "REQUIRED", converted_type: "UTF8" }],
          [{ name: "root", num_children: 4 }],
        ),
        columnData: ["A", "u", String(T), "K\xf6ln"].map((text, index) => ({
          name: ["event", "distinct_id", "time", "city"][index] as string,
          data: [bytes(text)],
        })),
      })),
    ],
  ];

  it("has its bytes in sight, goes back when they are fixed, and not before", async () => {
    for (const [name, content] of sources) {
      const entries = await rejected(name, content);
      assert.match(entries[0]?.reason ?? "", /not valid UTF-8$/);
      assert.match(String(entries[0]?.record), /"city":"K\\xf6ln"/, name);
      const again = await rejected(`again-${name}.jsonl`, entries.map((entry) => JSON.stringify(entry)).join("\n"));
      assert.deepEqual(again.map(({ record }) => record), entries.map(({ record }) => record));
      const [event] = await sentBack(entries, ({ record }) => String(record).replace("\\xf6", "ö"));
      assert.equal(event?.properties.city, "Köln");
    }
  });
});

describe("the files of an import", () => {
  it("are kept apart: none is written over what is read, or over another", async () => {
    const content = "event,time,distinct_id\nA,bad,u\nA,1790000000,u\n";
    const path = folder.write("apart.csv", content);
    const other = folder.path("other.jsonl");
    for (
      const flags of [
        ["--checkpoint-file", path, "--restart"],
        ["--rejects", path],
        ["-o", path],
        ["--check", "-o", path],
        ["--rejects", other, "-o", other],
        ["--rejects", other, "--checkpoint-file", other],
      ]
    ) {
      const { exitCode, error, client } = await runWithFakes(importCommand, [path, ...flags], { respond: refuseBad });
      assert.deepEqual([exitCode, client.requests.length], [3, 0], `${flags}: ${error?.message}`);
      assert.match(error?.message ?? "", /it is the file that is read|for both/, `${flags}`);
      assert.equal(readFileSync(path, "utf8"), content);
    }
  });
});

describe("the file of rejected records", () => {
  it("has, for each in the same form, what stood in the source, the place, the reason, and the flags", async () => {
    const entries = await rejected("all.csv", CSV, CSV_FLAGS);
    assert.deepEqual(entries.map(({ line, record }) => [line, record]), [
      [3, { action: "Refund", user: "", at: "2026-10-03 09:30:00", amount: 5, zip: "99" }],
      [4, { action: "Refund", user: "u-2", at: "soon", amount: 6, zip: "98" }],
      [5, { action: "Bad", user: "u-3", at: "2026-10-03 09:30:00", amount: 7, zip: "97" }],
      [6, "Refund,u-4,2026-10-03 09:30:00"],
    ]);
    assert.equal(entries[2]!.reason, "I do not like it");
    assert.match(entries[3]!.reason, /3 fields where there must be 5/);
    for (const { source, read_with } of entries) {
      assert.match(source, /all\.csv$/);
      assert.deepEqual(read_with, {
        map: ["event=action", "distinct_id=user", "time=at"],
        tz: "Europe/Berlin",
      });
    }
  });

  it("goes back from a table: rows, rows that Mixpanel refused, and rows that could not be read", async () => {
    const entries = await rejected("back.csv", CSV, CSV_FLAGS);
    const events = await sentBack(entries, ({ line, record }) => {
      if (line === 6) return `${record},8,"096"`;
      const row = record as Record<string, unknown>;
      if (line === 3) return { ...row, user: "u-9" };
      return line === 4 ? { ...row, at: "2026-10-03 09:30:00" } : { ...row, action: "Good" };
    });
    assert.deepEqual(events.map(({ event, properties: { $insert_id: _, ...rest } }) => [event, rest]), [
      ["Refund", { distinct_id: "u-9", time: AT, amount: 5, zip: "99" }],
      ["Refund", { distinct_id: "u-2", time: AT, amount: 6, zip: "98" }],
      ["Good", { distinct_id: "u-3", time: AT, amount: 7, zip: "97" }],
      ["Refund", { distinct_id: "u-4", time: AT, amount: 8, zip: "096" }],
    ]);
  });

  it("goes back from a table with another delimiter and columns that are named by hand", async () => {
    const content = 'Refund;u-1;"2026-10-03\n';
    const flags = [...CSV_FLAGS, "--columns", "action,user,at", "--delimiter", ";"];
    const entries = await rejected("semicolons.csv", content, flags);
    const [event] = await sentBack(entries, ({ record }) => `${String(record).trim()} 09:30:00"`);
    assert.deepEqual([event!.event, event!.properties.distinct_id, event!.properties.time], [
      "Refund",
      "u-1",
      AT,
    ]);
  });

  it("goes back with the columns that its path had", async () => {
    mkdirSync(folder.path("plan=pro"));
    const content = "event,time,distinct_id\nBad,2026-10-01,u-1\nGood,2026-10-01\n";
    const entries = await rejected("plan=pro/part.csv", content);
    const events = await sentBack(
      entries,
      ({ line, record }) => line === 3 ? `${record},u-2` : { ...record as Record<string, unknown>, event: "Good" },
    );
    assert.deepEqual(events.map(({ properties }) => [properties.distinct_id, properties.plan]), [
      ["u-1", "pro"],
      ["u-2", "pro"],
    ]);
  });

  it("goes back from JSON Lines: broken lines, texts, lists, and events that Mixpanel refused", async () => {
    const event = (name: string, id: string) => ({
      event: name,
      properties: { time: T, distinct_id: id, $insert_id: `i-${id}`, n: 9007199254740993n },
    });
    const text = (value: unknown) => JSON.stringify(value, (_, one) => typeof one === "bigint" ? Number(one) : one);
    const lines = ['{"event": "A", "properties": {', text(event("Bad", "u-2")), '"a text"', "[1]", "", "12"];
    const entries = await rejected("lines.jsonl", lines.join("\n"));
    assert.deepEqual(entries.map(({ line }) => line), [1, 2, 3, 4, 6]);
    assert.deepEqual(entries.map(({ record }) => record), [lines[0], JSON.parse(lines[1]!), '"a text"', [1], 12]);
    const events = await sentBack(entries, ({ line, record }) => {
      if (line === 1) return `${record}"time": ${T}, "distinct_id": "u-1"}}`;
      return JSON.parse(text(event("Good", `u-${line}`)));
    });
    assert.deepEqual(events.map(({ properties }) => properties.distinct_id), ["u-1", "u-2", "u-3", "u-4", "u-6"]);
  });

  it("has the source's own record where a repair or a preset has made another event of it", async () => {
    const own = { event: "Bad", properties: { time: "2026-10-02T10:15:00Z", distinct_id: "u" } };
    const [entry] = await rejected("fix.jsonl", JSON.stringify(own), ["--fix"]);
    assert.deepEqual([entry!.record, entry!.read_with], [own, { fix: true }]);
    const [event] = await sentBack([entry!], () => ({ ...own, event: "Good" }));
    assert.equal(event!.event, "Good");
  });

  it("goes back from Parquet, with integers of any size", async () => {
    const bytes = new Uint8Array(parquetWriteBuffer({
      columnData: [
        { name: "action", data: ["Bad", "Good"], type: "STRING" },
        { name: "user", data: ["u-1", ""], type: "STRING" },
        { name: "at", data: [BigInt(T), BigInt(T)], type: "INT64" },
        { name: "big", data: [9007199254740993n, 1n], type: "INT64" },
      ],
    }));
    const path = folder.write("rows.parquet", bytes);
    const rejects = folder.path("parquet-rejects.jsonl");
    const flags = ["--map", "event=action", "--map", "distinct_id=user", "--map", "time=at", "--rejects", rejects];
    const { exitCode } = await runWithFakes(importCommand, [path, ...flags], { respond: refuseBad });
    assert.equal(exitCode, 3);
    const text = readFileSync(rejects, "utf8");
    assert.match(text, /"big":9007199254740993[,}]/);
    const fixed = folder.write(
      "parquet-fixed.jsonl",
      text.replace('"Bad"', '"Fine"').replace('"user":""', '"user":"u"'),
    );
    const back = await runWithFakes(importCommand, [fixed], { respond: refuseBad });
    assert.equal(back.exitCode, 0, back.notes.join("\n"));
    assert.match(linesOf(back.client.requests[0] as WireRequest)[0]!, /"Fine".*"big":9007199254740993/);
  });

  it("goes back through a pipe, is checked, and what is rejected again is in the same form", async () => {
    const entries = await rejected("pipe.csv", CSV, CSV_FLAGS);
    const stdin = entries.map((entry) => JSON.stringify(entry)).join("\n");
    const again = folder.path("again.jsonl");
    const second = await runWithFakes(importCommand, ["-", "--rejects", again], { respond: refuseBad, stdin });
    assert.equal(second.exitCode, 3);
    const records = readFileSync(again, "utf8").trim().split("\n").map((line) => JSON.parse(line) as Entry);
    assert.deepEqual(records.map(({ record }) => record), entries.map(({ record }) => record));
    assert.deepEqual(records[0]!.read_with, { ...entries[0]!.read_with });
    const check = await runWithFakes(importCommand, ["-", "--check"], { stdin });
    assert.equal(check.exitCode, 3);
    assert.match(check.notes[0]!, /^Checked 4 records: 1 can be sent, 3 cannot/);
  });

  it("goes back as what it was: profiles", async () => {
    const entries = await rejected("users.csv", "id,plan\n,pro\nu-2,free\n", [
      "--kind",
      "profiles",
      "--map",
      "distinct_id=id",
    ]);
    const fixed = folder.write("users.jsonl", JSON.stringify({ ...entries[0]!, record: { id: "u-1", plan: "pro" } }));
    const { exitCode, client } = await runWithFakes(importCommand, [fixed], { respond: () => '{"status":1}' });
    assert.equal(exitCode, 0);
    const { path } = client.requests[0] as WireRequest;
    assert.equal(path, "/engage");
  });

  it("has each of the records that may be meant when Mixpanel counts refusals and names none", async () => {
    const lines = [1, 2, 3].map((n) =>
      JSON.stringify({ event: "E", properties: { time: T, distinct_id: "u", $insert_id: `i-${n}` } })
    );
    const rejects = folder.path("unnamed.jsonl");
    await runWithFakes(importCommand, [folder.write("three.jsonl", lines.join("\n")), "--rejects", rejects], {
      respond: () => {
        throw new RejectedRecordsError("refused", { status: 400, serverMessage: "some failed" }, [], 2);
      },
    });
    const entries = readFileSync(rejects, "utf8").trim().split("\n").map((line) => JSON.parse(line) as Entry);
    assert.deepEqual(entries.map(({ record }) => JSON.stringify(record)), lines);
    assert.match(entries[0]!.reason, /refused 1 of these 3 records and did not name them: some failed/);
    assert.equal((await sentBack(entries, ({ record }) => record)).length, 3);
  });

  it("is not mixed up: other files, other flags, other commands are told", async () => {
    const entries = await rejected("mixed.csv", CSV, CSV_FLAGS);
    const line = (one: unknown) => JSON.stringify(one) + "\n";
    const one = folder.write("one.jsonl", line(entries[0]));
    const other = folder.write("other.jsonl", line({ ...entries[0]!, read_with: { fix: true } }));
    const plain = folder.write("plain.jsonl", line({ event: "E", properties: { time: T, distinct_id: "u" } }));
    const tracked = folder.write("tracked.jsonl", line({ ...entries[0]!, read_with: { command: "track" } }));
    assert.match((await runWithFakes(importCommand, [one, other])).error!.message, /read with other flags/);
    assert.match((await runWithFakes(importCommand, [one, plain])).error!.message, /no file of rejected records/);
    assert.equal((await runWithFakes(importCommand, [tracked])).error!.hint, `mp track - < ${tracked}`);
  });

  it("of mp track and mp profiles batch goes back to these", async () => {
    const event = { event: "", properties: { distinct_id: "u" } };
    const rejects = folder.path("track.jsonl");
    await runWithFakes(track, ["-", "--rejects", rejects], { stdin: JSON.stringify(event) });
    const fixed = readFileSync(rejects, "utf8").replace('"event":""', '"event":"E"');
    const back = await runWithFakes(track, ["-"], { stdin: fixed, respond: () => '{"status":1}' });
    assert.deepEqual([back.exitCode, back.client.requests.length], [0, 1]);
    const updates = folder.path("updates.jsonl");
    await runWithFakes(profilesBatch, ["-", "--rejects", updates], { stdin: '{"$distinct_id":"u"}' });
    const update = readFileSync(updates, "utf8").replace('{"$distinct_id":"u"}', '{"$distinct_id":"u","$set":{"a":1}}');
    const sent = await runWithFakes(profilesBatch, ["-"], { stdin: update, respond: () => '{"status":1}' });
    assert.deepEqual([sent.exitCode, sent.client.requests.length], [0, 1]);
  });
});
