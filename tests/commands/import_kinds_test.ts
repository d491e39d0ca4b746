/** What `mp import` takes besides events that are ready to be sent. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { RejectedRecordsError } from "../../src/client/rejected_records.ts";
import importCommand from "../../src/commands/import.ts";
import { linesOf, recordsOf, type Responder } from "../jobs/fake_client.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { runWithFakes } from "./run_with_fakes.ts";

const folder = temporaryFolder();
const ok: Responder = (request) => `{"code":200,"num_records_imported":${linesOf(request).length},"status":"OK"}`;
const updated: Responder = () => '{"error":null,"status":1}';
const event = (number: number) =>
  `{"event":"E","properties":{"time":1780000000,"distinct_id":"u-${number}","$insert_id":"i-${number}"}}`;

describe("mp import of other layouts", () => {
  it("maps the columns of CSV, and keeps ids and long integers as they are", async () => {
    const path = folder.write(
      "purchases.csv",
      "action,user,at,amount,order\nPurchase,007,2026-01-31 12:00:00,19.9,9223372036854775807\nPurchase,u-2,2026-01-31 13:00:00,5,1\n",
    );
    const argv = [path, "--map", "event=action", "--map", "distinct_id=user", "--map", "time=at", "--set", "from=csv"];
    const { client, exitCode } = await runWithFakes(importCommand, argv, { respond: ok });
    assert.equal(exitCode, 0);
    const [first = "", second = ""] = linesOf(client.requests[0]!);
    assert.match(first, /"event":"Purchase"/);
    assert.match(first, /"distinct_id":"007"/);
    assert.match(first, /"time":1769860800/);
    assert.match(first, /"order":"?9223372036854775807"?[,}]/);
    assert.match(first, /"from":"csv"/);
    assert.match(first, /"\$insert_id":"[0-9a-f]{36}"/);
    assert.match(second, /"distinct_id":"u-2"/);
  });

  it("takes events whose properties stand beside their names, and a JSON list", async () => {
    const flat = '{"event":"E","time":1780000000,"distinct_id":"u","$insert_id":"i","plan":"pro"}';
    for (
      const [name, content] of [["flat.jsonl", `${event(1)}\n${flat}\n`], [
        "list.json",
        `[${event(1)},\n${flat}]`,
      ]] as const
    ) {
      const { client, exitCode } = await runWithFakes(importCommand, [folder.write(name, content)], { respond: ok });
      assert.equal(exitCode, 0);
      assert.deepEqual(recordsOf(client.requests[0]!).map(({ properties }) => properties.distinct_id), ["u-1", "u"]);
      assert.equal(recordsOf(client.requests[0]!)[1]?.properties.plan, "pro");
    }
  });

  it("repairs with --fix only, and counts what it repaired", async () => {
    const lines = [
      event(1),
      event(2).replace("1780000000", '"2026-01-31T12:00:00Z"'),
      event(3).replace("i-3", "i.3"),
      event(4).replace('"event":"E"', '"event":""'),
    ];
    const path = folder.write("broken.jsonl", lines.join("\n"));
    const plain = await runWithFakes(importCommand, [path, "-f", "json"], { respond: ok });
    assert.deepEqual([plain.exitCode, linesOf(plain.client.requests[0]!).length], [8, 1]);
    const fixed = await runWithFakes(importCommand, [path, "--fix", "-f", "json"], { respond: ok });
    const { accepted, rejected, fixed: repairs } = fixed.printed[0] as Record<string, unknown>;
    assert.deepEqual([accepted, rejected, repairs], [3, 1, { time_text: 1, insert_id_characters: 1 }]);
    assert.equal(linesOf(fixed.client.requests[0]!)[0], event(1));
    assert.ok(fixed.notes.some((note) => /repaired: 1 times as text/.test(note)));
  });

  it("reports every problem with --check, and sends nothing", async () => {
    const path = folder.write("check.jsonl", `${event(1)}\n{"event":"","properties":{"distinct_id":"anon"}}\nbad\n`);
    const { client, exitCode, notes, printed } = await runWithFakes(importCommand, [path, "--check", "-f", "json"]);
    assert.deepEqual([exitCode, client.requests.length], [3, 0]);
    assert.equal(notes[0], "Checked 3 records: 1 can be sent, 2 cannot");
    const { problems } = printed[0] as { problems: { line: number; rule: string }[] };
    const rules = problems.filter(({ line }) => line === 2).map(({ rule }) => rule).sort();
    assert.deepEqual(rules, ["distinct_id_placeholder", "event_missing", "time_missing"]);
    assert.ok(problems.some(({ line, rule }) => line === 3 && rule === "not_json"));
    assert.equal((await runWithFakes(importCommand, [folder.write("fine.jsonl", event(1)), "--check"])).exitCode, 0);
  });
});

describe("mp import of rejected records", () => {
  it("takes the fixed ones in, and counts those again that are not fixed", async () => {
    const lines = [event(1), event(2).replace("1780000000", '"soon"'), "bad", event(4)];
    const rejects = folder.path("rejects.jsonl");
    const refuse: Responder = (request) => {
      const index = linesOf(request).indexOf(event(4));
      throw new RejectedRecordsError(
        "refused",
        { status: 400 },
        [{ index, message: "no" }],
        linesOf(request).length - 1,
      );
    };
    const path = folder.write("first.jsonl", lines.join("\n"));
    await runWithFakes(importCommand, [path, "--rejects", rejects], { respond: refuse });
    const entries = readFileSync(rejects, "utf8").trim().split("\n");
    assert.deepEqual(entries.map((entry) => JSON.parse(entry).line), [2, 3, 4]);

    const fixed = entries.join("\n").replace('"soon"', "9007199254740993e-7").replace('"bad"', '"still bad"');
    for (const argv of [[], ["--rejected"]]) {
      const again = [
        folder.write("fixed.jsonl", fixed),
        "--rejects",
        folder.path(`again-${argv.length}.jsonl`),
        ...argv,
      ];
      const { client, exitCode, notes } = await runWithFakes(importCommand, again, { respond: ok });
      assert.equal(exitCode, 8);
      assert.deepEqual(recordsOf(client.requests[0]!).map(({ properties }) => properties.distinct_id), ["u-2", "u-4"]);
      assert.equal(notes.at(-2), "  line 2: not valid JSON");
    }
  });

  it("says what an entry without a record stands for", async () => {
    const entry = { source: "a.jsonl", line: 1, last_line: 2000, count: 3, reason: "Mixpanel did not say why" };
    const path = folder.write("unnamed.jsonl", `${JSON.stringify(entry)}\n${event(1)}\n`);
    const { notes, exitCode } = await runWithFakes(importCommand, [path, "--rejected"], { respond: ok });
    assert.equal(exitCode, 3);
    assert.deepEqual(notes.slice(1), [
      "  line 1: the entry has no record",
      "  line 2: no rejected record: source, line and reason are missing",
      "  --rejects FILE keeps them all",
    ]);
  });
});

describe("mp import of what the project does not take", () => {
  it("sends the others again when identity events make Mixpanel refuse the whole request", async () => {
    const words = "identity events are not allowed when project is using simplified identity management";
    const respond: Responder = (request) => {
      if (recordsOf(request).some(({ event }) => event.startsWith("$"))) {
        throw new RejectedRecordsError("refused", { status: 400 }, [words], 0);
      }
      return ok(request, undefined);
    };
    const lines = [event(1), event(2).replace('"E"', '"$identify"'), event(3), event(4).replace('"u-4"', '"$merge"')];
    const path = folder.write("identity.jsonl", lines.join("\n"));
    const { client, notes, exitCode } = await runWithFakes(importCommand, [path], { respond });
    assert.equal(exitCode, 8);
    assert.deepEqual(linesOf(client.requests[1]!), [lines[0], lines[2], lines[3]]);
    assert.match(notes[0] ?? "", /^Imported 3 of 4 events.*; 1 rejected$/);
    assert.match(notes[1] ?? "", /^ {2}line 2: identity events are not allowed: .*simplified/);
  });

  it("counts as rejected what a server that says OK did not import", async () => {
    const path = folder.write("short.jsonl", `${event(1)}\n${event(2)}\n${event(3)}\n`);
    const respond: Responder = () => '{"code":200,"num_records_imported":2,"status":"OK"}';
    const { notes, exitCode } = await runWithFakes(importCommand, [path], { respond });
    assert.equal(exitCode, 8);
    assert.match(notes[0] ?? "", /^Imported 2 of 3 events.*; 1 rejected$/);
    assert.equal(notes[1], "  1 of lines 1 to 3: Mixpanel did not say why");
  });
});

describe("mp import of what a server that says OK did not take", () => {
  it("believes the reasons of records, whatever number it says was taken", async () => {
    const path = folder.write("counted.jsonl", `${event(1)}\n${event(2)}\n`);
    const respond: Responder = () =>
      '{"code":200,"num_records_imported":2,"status":"OK","failed_records":[{"index":1,"field":"event","message":"bad event"}]}';
    const { notes, exitCode } = await runWithFakes(importCommand, [path], { respond });
    assert.equal(exitCode, 8);
    assert.match(notes[0] ?? "", /^Imported 1 of 2 events.*; 1 rejected$/);
    assert.equal(notes[1], "  line 2: bad event");
  });

  it("names the record and the reason when the server does", async () => {
    const path = folder.write("named.jsonl", `${event(1)}\n${event(2)}\n${event(3)}\n`);
    const respond: Responder = () =>
      '{"code":200,"num_records_imported":2,"status":"OK","failed_records":[{"index":1,"field":"event","message":"bad event"}]}';
    const rejects = folder.path("named.rejects");
    const { notes, exitCode } = await runWithFakes(importCommand, [path, "--rejects", rejects], { respond });
    assert.equal(exitCode, 8);
    assert.equal(notes[1], "  line 2: bad event");
    assert.deepEqual(JSON.parse(readFileSync(rejects, "utf8")).record, JSON.parse(event(2)));
  });
});

describe("mp import of profiles and groups", () => {
  it("makes updates of rows, without a sign of life", async () => {
    const path = folder.write("users.csv", "id,plan,seats\n1,pro,3\n2,free,1\n");
    const argv = [path, "--kind", "profiles", "--map", "distinct_id=id"];
    const { client, exitCode, notes } = await runWithFakes(importCommand, argv, { respond: updated });
    assert.equal(exitCode, 0);
    assert.match(notes.at(-1) ?? "", /^Imported 2 profiles/);
    const [first] = recordsOf(client.requests[0]!) as unknown as Record<string, unknown>[];
    assert.deepEqual(first, {
      $token: "token-1",
      $distinct_id: "1",
      $ignore_time: true,
      $set: { plan: "pro", seats: 3 },
    });
    assert.equal(client.requests[0]?.path, "/engage");
  });

  it("tells of an id of which a spreadsheet has left digits out", async () => {
    const path = folder.write("short-ids.csv", "id,plan\n1.23457E+15,pro\nu-2,free\n");
    const argv = [path, "--kind", "profiles", "--map", "distinct_id=id"];
    const { notes } = await runWithFakes(importCommand, argv, { respond: updated });
    const told = notes.filter((note) => note.includes("warning"));
    assert.equal(told.length, 1, notes.join("\n"));
    assert.match(told[0] ?? "", /line 2: '\$distinct_id' is 1\.23457E\+15: .*left digits out/);
  });

  it("takes an export of profiles as it is", async () => {
    const path = folder.write(
      "profiles.jsonl",
      '{"$distinct_id":"u","$properties":{"plan":"pro","big":9223372036854775807}}\n',
    );
    const { client } = await runWithFakes(importCommand, [path, "--kind", "profiles"], { respond: updated });
    const { body } = client.requests[0]!;
    assert.match(body?.kind === "json" ? body.text : "", /"\$set":{"plan":"pro","big":9223372036854775807}/);
  });

  it("refuses changes that count twice when they are repeated, and deletions that are not confirmed", async () => {
    const updates = [
      '{"$distinct_id":"u","$add":{"n":1}}',
      '{"$distinct_id":"u","$delete":""}',
      '{"$distinct_id":"u","$unset":["n"]}',
    ];
    const path = folder.write("updates.jsonl", updates.join("\n"));
    const { client, notes, exitCode } = await runWithFakes(importCommand, [path, "--kind", "profiles"], {
      respond: updated,
    });
    assert.deepEqual([exitCode, recordsOf(client.requests[0]!).length], [8, 1]);
    assert.match(notes[1] ?? "", /line 1: \$add counts twice.*mp profiles batch/);
    assert.match(notes[2] ?? "", /line 2: .*--yes/);
  });

  it("makes updates of groups under a group key", async () => {
    const path = folder.write("companies.csv", "name,plan\nAcme,pro\n");
    const argv = [path, "--kind", "groups", "--group-key", "company", "--map", "group_id=name"];
    const { client, exitCode } = await runWithFakes(importCommand, argv, { respond: updated });
    assert.equal(exitCode, 0);
    assert.equal(client.requests[0]?.path, "/groups");
    const [first] = recordsOf(client.requests[0]!) as unknown as Record<string, unknown>[];
    assert.deepEqual(first, { $token: "token-1", $group_key: "company", $group_id: "Acme", $set: { plan: "pro" } });
  });
});

describe("mp import of a lookup table", () => {
  const id = "5a1c3f7e-2b4d-4e6f-8a90-b1c2d3e4f506";
  const table = ["--kind", "lookup-table", "--lookup-table", id];
  const sent = async (name: string, content: string, argv: string[] = []) => {
    const path = folder.write(name, content);
    const { client, exitCode, error } = await runWithFakes(importCommand, [path, ...table, ...argv], {
      respond: () => '{"code":200,"status":"OK"}',
    });
    const { body } = client.requests[0] ?? {};
    return { exitCode, error, csv: body?.kind === "raw" ? new TextDecoder().decode(body.bytes) : undefined };
  };

  it("sends CSV as it is, and other formats as CSV", async () => {
    const csv = 'sku,name\n007,Espresso\n008,"Filter, large"\n';
    assert.deepEqual((await sent("products.csv", csv)).csv, csv);
    const tsv = await sent("products.tsv", "sku\tname\n007\tEspresso\n008\tFilter, large\n");
    assert.equal(tsv.csv, csv);
    assert.equal(
      (await sent("long.jsonl", '{"sku":1,"weight":1234567890.12345678901}\n')).csv,
      "sku,weight\n1,1234567890.12345678901\n",
    );
    const lines = '{"sku":"007","name":"Espresso"}\n{"sku":"008","name":"Filter, large"}\n';
    assert.equal((await sent("products.jsonl", lines)).csv, csv);
    assert.equal(
      (await sent("semicolons.csv", csv.replaceAll(",", ";").replace("r; l", "r, l"), ["--delimiter", ";"])).csv,
      csv,
    );
  });

  it("is read as Excel writes it: with semicolons, a byte order mark and a line that says them", async () => {
    const csv = 'id;name;note\n1;"a, b";\n2;c;x\n';
    const plain = 'id,name,note\n1,"a, b",\n2,c,x\n';
    for (const text of [csv, `\ufeff${csv}`, `sep=;\r\n${csv}`, `\ufeffsep=;\n${csv.replaceAll("\n", "\r\n")}`]) {
      assert.equal((await sent("excel.csv", text)).csv, plain, JSON.stringify(text));
    }
    assert.equal((await sent("mark.csv", `\ufeff${plain}`)).csv, plain);
    assert.equal((await sent("null.csv", "id,name\n1,\\N\n2,n/a\n", ["--null", "n/a"])).csv, "id,name\n1,\n2,\n");
    // An empty field in the first row is a column all the same, whatever the way.
    assert.equal((await sent("first.tsv", "id\tname\n1\t\n2\tb\n")).csv, "id,name\n1,\n2,b\n");
    assert.equal((await sent("bare.csv", "1,\n2,b\n", ["--columns", "id,name"])).csv, "id,name\n1,\n2,b\n");
    const { error } = await sent("twice.csv", "sep=;\nid;name\n1;a\n1;b\n");
    assert.match(error?.message ?? "", /lines 3 and 4 have the same key "1"$/);
  });

  it("is refused whole when a row is wrong, before anything is sent", async () => {
    for (
      const [name, content, message] of [
        ["twice.jsonl", '{"sku":1}\n{"sku":1}\n', /lines 2 and 3 have the same key "1"$/],
        ["other.jsonl", '{"sku":1}\n{"sku":2,"x":1}\n', /line 2 of .*: the first record has no "x"$/],
        ["list.jsonl", '{"sku":1}\n[]\n', /it is no object$/],
        ["bad.jsonl", '{"sku":1}\nbad\n', /not valid JSON$/],
      ] as const
    ) {
      const { error, csv } = await sent(name, content);
      assert.match(error?.message ?? "", message);
      assert.equal(csv, undefined);
    }
  });

  it("is checked without being sent", async () => {
    const check = async (name: string, content: string, argv: string[] = []) => {
      const path = folder.write(name, content);
      const more = ["--kind", "lookup-table", "--check", ...argv];
      return await runWithFakes(importCommand, [path, ...more], { respond: () => assert.fail("it was sent") });
    };
    const good = await check("good.csv", "sku,name\n1,Espresso\n2,Filter\n", ["-f", "json"]);
    assert.equal(good.exitCode, 0);
    assert.match(good.notes[0] ?? "", /^Checked 2 rows of sku, name: the table can be imported$/);
    assert.deepEqual(good.printed, [{ rows: 2, columns: ["sku", "name"], bytes: 29 }]);
    assert.equal((await check("good.jsonl", '{"sku":1,"name":"x"}\n', ["--lookup-table", id])).exitCode, 0);
    for (
      const [content, message] of [
        ["sku,sku\n1,2\n", /has the column "sku" twice$/],
        ["sku,name\n1,a\n1,b\n", /lines 2 and 3 have the same key "1"$/],
        ["sku,name\n ,a\n", /line 2 has no key in its first field$/],
        ["sku,name\n1\n", /line 2 has 1 fields, and the header 2$/],
      ] as const
    ) {
      const { exitCode, error } = await check("bad.csv", content);
      assert.equal(exitCode, 3);
      assert.match(error?.message ?? "", message);
    }
  });

  it("says which flags belong together", async () => {
    for (
      const [argv, message] of [
        [["x.csv", "--kind", "lookup-table"], /no lookup table is named$/],
        [["x.csv", "--lookup-table", id], /--lookup-table names a lookup table$/],
        [["x.csv", "--group-key", "company"], /--group-key is of groups$/],
        [["x.csv", "--checkpoint-file", "y", "--no-checkpoint"], /contradict each other$/],
        [["x.csv", "--delimiter", ";;"], /--delimiter is one character$/],
      ] as const
    ) {
      const { error, exitCode } = await runWithFakes(importCommand, [...argv]);
      assert.match(error?.message ?? "", message);
      assert.equal(exitCode, 3);
    }
  });
});
