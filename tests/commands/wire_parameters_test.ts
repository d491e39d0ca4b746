/** Parameters of the reference that few people need: what is typed stands on the wire, and the answer is understood. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { allCommands } from "../../src/commands/api/shared/list.ts";
import { tree } from "../../src/commands/tree.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { openStubbed, type Stubbed } from "./stubbed.ts";

const folder = temporaryFolder();
const OK = { json: { status: 1, error: null } };

let stubbed: Stubbed;
beforeEach(async () => void (stubbed = await openStubbed()));
afterEach(() => stubbed.server.finish());

const mp = (line: string[], stdin?: string) =>
  stubbed.mp([...line, "--no-pacing"], { stdin, env: { HOME: folder.path("home") } });
const sent = () => stubbed.server.requests.at(-1)!;
const query = () => Object.fromEntries(sent().query);
/** The records of a form whose field `data` has them in base64. */
const dataField = () => {
  const form = new URLSearchParams(sent().text);
  assert.deepEqual([...form.keys()], ["data"]);
  return JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(form.get("data")!)));
};

describe("mp track", () => {
  const EVENT = ["track", "Visit", "--distinct-id", "u-1"];

  it("asks for a redirect, which is then a success, and to another address is not", async () => {
    stubbed.server.on("POST", "/track", {
      status: 302,
      headers: { location: "https://example.com/next?a=b" },
      body: "",
    }, 2);
    const done = await mp([...EVENT, "--redirect", "https://example.com/next?a=b"]);
    assert.deepEqual([done.code, done.stderr], [0, 'Tracked "Visit" for u-1\n']);
    assert.equal(query().redirect, "https://example.com/next?a=b");
    const other = await mp([...EVENT, "--redirect", "https://example.com/other"]);
    assert.equal(other.code, 7);
    assert.match(other.stderr, /redirected to https:\/\/example\.com/);
  });

  it("asks for a callback, prints the script, and finds a refusal in it", async () => {
    stubbed.server.on("POST", "/track", { body: 'done({"status": 1, "error": null});' });
    const { code, stdout } = await mp([...EVENT, "--callback", "done", "-f", "json"]);
    assert.deepEqual([code, stdout], [0, 'done({"status": 1, "error": null});\n']);
    assert.deepEqual(query(), { verbose: "1", ip: "0", callback: "done" });
    stubbed.server.on("POST", "/track", { body: 'done({"status": 0, "error": "token, missing or empty"});' });
    const refused = await mp([...EVENT, "--callback", "done"]);
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /token, missing or empty/);
  });

  it("asks for a picture, for a bare answer, and for the queue that is looked at at once", async () => {
    stubbed.server.on("POST", "/track", { headers: { "content-type": "image/gif" }, body: "GIF89a\x01\x00\x01" });
    const picture = await mp([...EVENT, "--img", "--test", "--strict", "-f", "json"]);
    assert.deepEqual([picture.code, picture.stdout], [0, ""]);
    assert.deepEqual(query(), { verbose: "1", ip: "0", strict: "1", test: "1", img: "1" });
    stubbed.server.on("POST", "/track", { body: "1" });
    const bare = await mp([...EVENT, "--no-verbose-answer", "-f", "json"]);
    assert.deepEqual([bare.code, bare.stdout, query().verbose], [0, "1\n", "0"]);
    stubbed.server.on("POST", "/track", { body: "0" });
    assert.equal((await mp([...EVENT, "--no-verbose-answer"])).code, 3);
  });

  it("needs no id with --ip, from flags, a pipe or --data", async () => {
    stubbed.server.on("POST", "/track", OK, 3);
    assert.equal((await mp(["track", "Visit", "--ip"])).code, 0);
    assert.equal(JSON.parse(sent().text)[0].properties.distinct_id, undefined);
    assert.equal(query().ip, "1");
    assert.equal((await mp(["track", "-", "--ip"], '{"event":"Visit","properties":{}}\n')).code, 0);
    assert.equal(
      (await mp(["track", "--ip", "--data", '[{"event":"A","properties":{}},{"event":"B","properties":{}}]'])).code,
      0,
    );
    assert.deepEqual(JSON.parse(sent().text).map((one: { event: string }) => one.event), ["A", "B"]);
    const without = await mp(["track", "Visit"]);
    assert.equal(without.code, 3);
    assert.match(without.stderr, /hint: .*--ip/);
  });

  it("takes --data in place of an event, and of nothing else", async () => {
    for (const argv of [["track", "A", "--data", "{}"], ["track", "--data", "{}", "--property", "a=b"]]) {
      assert.equal((await mp(argv)).code, 3, argv.join(" "));
    }
  });
});

describe("profiles and groups", () => {
  it("send updates as a form in base64 when asked to", async () => {
    stubbed.server.on("POST", "/engage", OK, 2);
    stubbed.server.on("POST", "/groups", OK);
    await mp(["profiles", "set", "u-1", "plan=pro", "--encoding", "form"]);
    assert.deepEqual(
      dataField(),
      [{ $token: "0123456789abcdef0123456789abcdef", $distinct_id: "u-1", $set: { plan: "pro" } }]
        .map((one) => ({ ...one, $token: dataField()[0].$token })),
    );
    await mp(["groups", "delete", "company", "Acme", "--encoding", "form", "--yes"]);
    assert.equal(dataField()[0].$delete, "");
    await mp(["profiles", "batch", "--encoding", "form"], '{"$distinct_id": "u-2", "$unset": ["plan"]}\n');
    assert.deepEqual(dataField()[0].$unset, ["plan"]);
  });

  it("answer with a callback, or bare", async () => {
    stubbed.server.on("POST", "/engage", { body: 'cb({"status": 1});' });
    const answered = await mp(["profiles", "set", "u-1", "plan=pro", "--callback", "cb", "-f", "json"]);
    assert.deepEqual([answered.code, answered.stdout], [0, 'cb({"status": 1});\n']);
    stubbed.server.on("POST", "/engage", { body: "1" });
    const bare = await mp(["profiles", "set", "u-1", "plan=pro", "--no-verbose-answer", "-f", "json"]);
    assert.deepEqual([bare.code, bare.stdout, query().verbose], [0, "1\n", "0"]);
  });

  it("take the whole body as --data, one update or a list, in place of arguments", async () => {
    stubbed.server.on("POST", "/engage", OK, 2);
    stubbed.server.on("POST", "/groups", OK);
    const one = await mp([
      "profiles",
      "set",
      "--data",
      '{"$distinct_id": "u", "$set": {"a": 12345678901234567890}, "$ip": "0"}',
    ]);
    assert.deepEqual([one.code, one.stderr], [0, "Sent 1 update\n"]);
    assert.match(sent().text, /"\$distinct_id":"u","\$set":\{"a":12345678901234567890\},"\$ip":"0"/);
    const list = await mp([
      "groups",
      "union",
      "--data",
      '[{"$group_key": "c", "$group_id": "A", "$union": {"t": ["x"]}}]',
    ]);
    assert.equal(list.code, 0);
    const gone = await mp(["profiles", "delete", "--yes", "--data", '[{"$distinct_id": "u", "$delete": ""}]']);
    assert.deepEqual([gone.code, gone.stderr], [0, "Deleted 1 profile\n"]);
    for (
      const [argv, words] of [
        [["profiles", "set", "u", "--data", "{}"], /Cannot use --data together with <distinct-id>/],
        [["profiles", "set", "--data", '{"$distinct_id": "u", "$unset": ["a"]}'], /\$set is missing/],
        [["profiles", "set"], /<distinct-id> is missing/],
        [["profiles", "set", "--data", "[1]"], /neither a JSON object nor a list/],
      ] as const
    ) {
      const { code, stderr } = await mp([...argv]);
      assert.equal(code, 3);
      assert.match(stderr, words);
    }
  });

  it("list one page of a session", async () => {
    const page = {
      results: [{ $distinct_id: "u", $properties: { a: 1 } }],
      page: 2,
      page_size: 1000,
      session_id: "s",
      total: 2001,
    };
    stubbed.server.on("POST", "/api/query/engage", { json: page });
    const { code, stdout } = await mp(["profiles", "list", "--session-id", "s", "--page", "2", "-f", "csv"]);
    assert.deepEqual([code, stdout], [0, "$distinct_id,a\nu,1\n"]);
    assert.deepEqual(Object.fromEntries(new URLSearchParams(sent().text)), { session_id: "s", page: "2" });
    assert.match((await mp(["profiles", "list", "--page", "2"])).stderr, /Cannot ask for page 2 alone/);
  });
});

describe("mp import", () => {
  const LINES = '{"event":"A","properties":{"distinct_id":"ü","time":1793000000,"$insert_id":"i-1"}}\n' +
    '{"event":"B","properties":{"distinct_id":"u","time":1793000001,"$insert_id":"i-2"}}\n';

  it("sends events as a form in base64, and without strict, when asked to", async () => {
    stubbed.server.on("POST", "/import", OK);
    const { code } = await mp(["import", "-", "--encoding", "form", "--no-strict"], LINES);
    assert.equal(code, 0);
    assert.deepEqual(dataField().map((one: { event: string }) => one.event), ["A", "B"]);
    assert.equal(dataField()[0].properties.distinct_id, "ü");
    assert.deepEqual([query().strict, query().verbose], ["0", "1"]);
    const refused = {
      code: 200,
      error: "some data points in the request failed validation",
      num_records_imported: 1,
      status: 0,
    };
    stubbed.server.on("POST", "/import", { json: refused });
    const part = await mp(["import", "-", "--no-strict"], LINES);
    assert.equal(part.code, 8, part.stderr);
    assert.match(part.stderr, /Imported 1 of 2 events/);
    stubbed.server.on("POST", "/import", { body: "1" });
    const bare = await mp(["import", "-", "--no-strict"], LINES);
    assert.deepEqual([bare.code, /Imported 2 events/.test(bare.stderr)], [0, true], bare.stderr);
    const dry = await mp(["import", "-", "--encoding", "form", "--no-strict", "--dry-run"], LINES);
    assert.match(dry.stdout, /strict=0/);
    assert.match(dry.stdout, /data=\$\(printf/);
  });

  it("takes --data in place of files", async () => {
    stubbed.server.on("POST", "/import", { json: { code: 200, num_records_imported: 2, status: "OK" } });
    const { code, stderr } = await mp(["import", "--data", `[${LINES.trim().replace("\n", ",")}]`]);
    assert.deepEqual([code, /Imported 2 events/.test(stderr)], [0, true], stderr);
    assert.equal((await mp(["import", "x.jsonl", "--data", "[]"])).code, 3);
  });
});

describe("queries", () => {
  it("of events take a filter and a time zone", async () => {
    stubbed.server.on("GET", "/api/query/events", { json: { data: { series: [], values: {} } } });
    const where = 'properties["plan"] == "pro"';
    await mp([
      "query",
      "events",
      "A",
      "--from",
      "2026-11-01",
      "--to",
      "2026-11-02",
      "--where",
      where,
      "--timezone",
      "+02:00",
    ]);
    assert.deepEqual([query().where, query().timezone], [where, "+02:00"]);
  });

  it("print the server's own CSV as it came, and filter nothing that is no JSON", async () => {
    const csv = "date,A\n2026-11-01,3\n";
    for (const [command, path] of [["events", "events"], ["segmentation", "segmentation"]] as const) {
      stubbed.server.on("GET", `/api/query/${path}`, { headers: { "content-type": "text/csv" }, body: csv });
      const argv = ["query", command, "A", "--from", "2026-11-01", "--to", "2026-11-02", "--server-format", "csv"];
      const { code, stdout } = await mp(argv);
      assert.deepEqual([code, stdout, query().format], [0, csv, "csv"]);
      assert.equal((await mp([...argv, "--jq", "."])).code, 3);
    }
  });

  it("ask for an event's properties in the data view of the query", async () => {
    stubbed.server.on("GET", "/api/query/events/properties/top", { json: { plan: 3 } });
    stubbed.server.on("GET", "/api/query/segmentation", { json: { data: { series: [], values: {} }, legend_size: 0 } });
    const where = 'properties["plan"] == "pro"';
    const days = ["--from", "2026-11-01", "--to", "2026-11-02"];
    await mp(["query", "segmentation", "A", ...days, "--where", where, "--check-properties", "-w", "77"]);
    assert.deepEqual(stubbed.server.requests.map((one) => one.query.get("workspace_id")), ["77", "77"]);
  });

  it("carry a project secret as api_key when asked to, and the command shows its variable", async () => {
    stubbed.server.on("GET", "/api/query/events/names", { json: ["A"] });
    const env = {
      HOME: folder.path("home"),
      MP_USERNAME: "",
      MP_SECRET: "",
      MP_OAUTH_TOKEN: "",
      MP_API_SECRET: "s3cret-of-a-project",
    };
    const asked = ["events", "list", "--secret-in", "query", "--no-pacing"];
    const { code, stderr } = await stubbed.mp([...asked, "-v"], { env });
    assert.deepEqual([code, query().api_key, sent().headers.get("authorization")], [0, "s3cret-of-a-project", null]);
    assert.doesNotMatch(stderr, /s3cret/);
    const { stdout } = await stubbed.mp([...asked, "--dry-run"], { env });
    assert.match(stdout, /api_key='"\$MP_API_SECRET"/);
    assert.doesNotMatch(stdout, /s3cret|-u /);
  });
});

describe("annotations", () => {
  it("have the day alone on the reference's endpoint", async () => {
    const made = { json: { status: "ok", results: { id: 1, date: "2026-11-01", description: "x" } } };
    stubbed.server.on("POST", "/api/app/projects/1000001/annotations", { status: 404, body: "Not Found" }, 2);
    stubbed.server.on("POST", "/api/app/annotations", made, 2);
    await mp(["annotations", "create", "x", "--date", "2026-11-01"]);
    assert.deepEqual(stubbed.server.requests.map(({ text }) => JSON.parse(text).date), [
      "2026-11-01 00:00:00",
      "2026-11-01",
    ]);
    await mp(["annotations", "create", "x", "--date", "2026-11-01 12:30"]);
    assert.equal(JSON.parse(sent().text).date, "2026-11-01 12:30:00");
  });
});

describe("writes", () => {
  it("have --data, all that send a body", async () => {
    /**
     * Copies what it reads, logs in, or sends ids alone; questions have --params or ask about what is saved, and 'boards update' has the whole body of a
     * board's contents.
     */
    const others = [
      ...["copy", "login", "reports run", "reports delete", "boards delete", "boards copy", "boards apply"],
      ...["replays find", "replays sign", "replays download", "alerts delete", "cohorts delete"],
      ...["address", "flows", "funnel", "insights", "retention"].map((one) => `query ${one}`),
      ...["check", "watch"],
    ];
    const without = (await allCommands(tree)).filter(({ name, command: { operations = [], input } }) =>
      !others.includes(name) && !/^boards contents /.test(name) && !("data" in (input?.shape ?? {})) &&
      operations.some(({ routes: [{ method }], body, repeatable }) =>
        ["POST", "PUT", "PATCH"].includes(method) && !(body?.kind === "form" && repeatable)
      )
    );
    assert.deepEqual(without.map(({ name }) => name), []);
  });

  it("take their whole body as --data", async () => {
    const { server } = stubbed;
    const ok = (results: unknown) => ({ json: { status: "ok", results } });
    const uuid = "6f1c3a52-8d0e-4b7a-9c55-1f2e3d4c5b6a";
    const cases: [string[], string, string, unknown, unknown][] = [
      [["identity", "identify"], "/track", "POST", OK, {
        event: "$identify",
        properties: { $identified_id: "u", $anon_id: uuid },
      }],
      [["identity", "alias"], "/track", "POST", OK, {
        event: "$create_alias",
        properties: { distinct_id: "u", alias: "a" },
      }],
      [["identity", "merge", "--yes"], "/import", "POST", { json: { code: 200, num_records_imported: 1 } }, [
        { event: "$merge", properties: { $distinct_ids: ["a", "b"] } },
      ]],
      [["cohorts", "create"], "/api/query/cohorts", "POST", ok({ id: 7, name: "C" }), {
        name: "C",
        project_id: 5,
        filter: { type: "user", selector: {} },
      }],
      [["projects", "create"], "/api/app/projects", "POST", ok({ id: 1, name: "P" }), { name: "P", timezone: "UTC" }],
      [
        ["service-accounts", "create", "--organization", "9"],
        "/api/app/organizations/9/service-accounts",
        "POST",
        ok({
          id: 1,
          username: "s",
          token: "t",
        }),
        { username: "s", role: "analyst" },
      ],
      [
        ["service-accounts", "add-to-project", "--organization", "9"],
        "/api/app/organizations/9/service-accounts/add-to-project",
        "POST",
        ok({}),
        { service_account_ids: [1], projects: [{ id: 5, role: "analyst" }] },
      ],
      [
        ["service-accounts", "remove-from-project", "--organization", "9", "--yes"],
        "/api/app/organizations/9/service-accounts/remove-from-project",
        "POST",
        ok({}),
        { projects: [{ id: 5, service_account_ids: [1] }] },
      ],
      [["lexicon", "upload"], "/api/app/projects/1000001/schemas", "POST", ok({ added: 1, deleted: 0 }), {
        entries: [{ entityType: "event", name: "E", schemaJson: { description: "d" } }],
        truncate: false,
      }],
    ];
    for (const [argv, path, method, reply, body] of cases) {
      server.on(method, path, reply as { json: unknown });
      const { code, stderr } = await mp([...argv, "--data", JSON.stringify(body)]);
      assert.equal(code, 0, `${argv.join(" ")}: ${stderr}`);
      const form = new URLSearchParams(sent().text).get("data");
      const text = form ?? sent().text;
      const seen = JSON.parse(text, (key, value) => key === "token" || key === "$token" ? undefined : value);
      const { truncate: _truncate, ...rest } = body as Record<string, unknown>;
      assert.deepEqual(seen, Array.isArray(body) ? body : rest, argv.join(" "));
    }
  });
});
