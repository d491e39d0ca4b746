import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { afterEach, beforeEach, describe, it } from "node:test";
import { loadOperations } from "../../src/api/catalog.ts";
import { globalInput } from "../../src/cli/globals.ts";
import { allCommands } from "../../src/commands/api/shared/list.ts";
import { tree } from "../../src/commands/tree.ts";
import { runProgram } from "../helpers/world.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { openStubbed, type Stubbed } from "./stubbed.ts";

const folder = temporaryFolder();
const HOME = folder.path("home");

describe("mp api", () => {
  let stubbed: Stubbed;
  beforeEach(async () => void (stubbed = await openStubbed()));
  afterEach(() => stubbed.server.finish());
  const mp = (argv: string[], stdin?: string) => stubbed.mp(["api", ...argv], { env: { HOME }, stdin });
  const sent = () => stubbed.server.requests.at(-1)!;

  it("asks any endpoint with the account's credentials, and prints the answer as it came", async () => {
    stubbed.server.on("GET", "/api/app/unheard/of", { body: '{"id": 1234567890123456789}\n' }, 3);
    for (const argv of [["GET", "/api/app/unheard/of"], ["/api/app/unheard/of"], ["get", "api/app/unheard/of"]]) {
      assert.deepEqual(await mp(argv), { code: 0, stdout: '{"id": 1234567890123456789}\n', stderr: "" });
      assert.match(sent().headers.get("authorization") ?? "", /^Basic /);
      assert.equal(sent().target, "/api/app/unheard/of");
    }
  });

  it("puts fields into the query string of a GET, and the project where the family has it", async () => {
    stubbed.server.on("GET", "/api/query/events/names", { json: [] });
    const argv = [
      "GET",
      "/api/query/events/names?a=b?c&d=1+2",
      "-F",
      "type=general",
      "-F",
      "limit:=10",
      "-F",
      "on=x",
      "-F",
    ];
    assert.equal((await mp([...argv, "on=y=z"])).code, 0);
    assert.deepEqual([...sent().query], [
      ["project_id", "1000001"],
      ["a", "b?c"],
      ["d", "1 2"],
      ["type", "general"],
      ["limit", "10"],
      ["on", "x"],
      ["on", "y=z"],
    ]);
  });

  it("does not name the project twice", async () => {
    stubbed.server.on("GET", "/api/query/events/names", { json: [] });
    await mp(["GET", "/api/query/events/names?project_id=7"]);
    assert.deepEqual(sent().query.getAll("project_id"), ["7"]);
  });

  it("sends fields as JSON or as a form, beside a query string", async () => {
    stubbed.server.on("POST", "/api/app/x", { json: {} }, 2);
    const argv = ["POST", "/api/app/x", "-F", "name=Ann", "-F", "ids:=[1234567890123456789]", "--query", "dry=1"];
    await mp(argv);
    assert.deepEqual([sent().text, sent().query.get("dry")], ['{"name":"Ann","ids":[1234567890123456789]}', "1"]);
    assert.equal(sent().headers.get("content-type"), "application/json");
    await mp([...argv, "--form"]);
    assert.equal(sent().text, "name=Ann&ids=%5B1234567890123456789%5D");
    assert.equal(sent().headers.get("content-type"), "application/x-www-form-urlencoded");
  });

  it("sends a body that is typed, in a file or piped in, by POST unless another method is named", async () => {
    const path = folder.write("body.json", '{"from": "file"}');
    stubbed.server.on("POST", "/api/app/x", { json: {} }, 2);
    stubbed.server.on("PATCH", "/api/app/x", { json: {} });
    await mp(["/api/app/x", "--data", "[9007199254740993]"]);
    assert.equal(sent().text, "[9007199254740993]");
    await mp(["/api/app/x", "--data", `@${path}`]);
    assert.equal(sent().text, '{"from":"file"}');
    await mp(["patch", "/api/app/x", "--data", "-"], "null");
    assert.equal(sent().text, "null");
  });

  it("fills in the project, and sends headers", async () => {
    stubbed.server.on("GET", "/api/app/projects/1000001/x", { json: {} });
    await mp(["GET", "/api/app/projects/{project_id}/x", "-H", "X-Trace: a: b"]);
    assert.equal(sent().headers.get("x-trace"), "a: b");
  });

  it("shows rows as a table, and answers that are no JSON as they are", async () => {
    stubbed.server.on("GET", "/api/app/x", { json: { status: "ok", results: [{ id: 1, name: "a" }] } });
    assert.equal((await mp(["/api/app/x", "-f", "csv"])).stdout, "id,name\n1,a\n");
    stubbed.server.on("GET", "/api/app/y", { body: "plain" });
    assert.equal((await mp(["/api/app/y"])).stdout, "plain\n");
    stubbed.server.on("GET", "/api/app/z", { status: 204 });
    assert.deepEqual(await mp(["/api/app/z"]), { code: 0, stdout: "", stderr: "" });
  });

  it("hands streams on as they are, into a file too", async () => {
    const lines = '{"event":"A","properties":{}}\n{"event":"B","properties":{}}\n';
    stubbed.server.on("GET", "/api/2.0/export", { body: lines }, 3);
    assert.equal((await mp(["/api/2.0/export", "-F", "from_date=2026-01-01"])).stdout, lines);
    const path = folder.path("events.jsonl");
    assert.deepEqual(await mp(["/api/2.0/export", "-o", path]), { code: 0, stdout: "", stderr: `Wrote ${path}\n` });
    assert.equal(readFileSync(path, "utf8"), lines);
    assert.equal((await mp(["/api/2.0/export", "--jq", ".event"])).stdout, "A\nB\n");
  });

  it("writes what may hold a secret to a file that nobody else can read", async () => {
    const modes: [method: string, path: string, mode: number][] = [
      ["POST", "/api/app/organizations/1/service-accounts", 0o600],
      ["POST", "/oauth/token", 0o600],
      ["POST", "/api/app/not-declared", 0o600],
      ["GET", "/api/app/not-declared", 0o644],
      ["POST", "/api/app/projects/1/annotations", 0o644],
    ];
    for (const [method, path, mode] of modes) {
      stubbed.server.on(method, path, { json: { ok: 1 } });
      const file = folder.path(`${method}${path.replaceAll("/", "-")}.json`);
      assert.equal((await mp([method, path, "-F", "a=1", "-o", file])).code, 0);
      assert.equal(statSync(file).mode & 0o644, mode & 0o644, path);
    }
  });

  it("leaves trackers without credentials, and keeps the account's for all else", async () => {
    stubbed.server.on("POST", "/track", { body: '{"status":1,"error":null}' });
    stubbed.server.on("POST", "/track/x", { body: "1" });
    await mp(["POST", "/track", "--data", '[{"event":"A"}]']);
    assert.equal(sent().headers.get("authorization"), null);
    await mp(["POST", "/track/x", "--data", "[]"]);
    assert.equal(sent().headers.get("authorization"), null);
  });

  it("ends with the code of what the server answers", async () => {
    stubbed.server.on("GET", "/api/app/x", { status: 404, json: { status: "error", error: "no such thing" } });
    const { code, stderr, stdout } = await mp(["/api/app/x"]);
    assert.deepEqual([code, stdout], [4, ""]);
    assert.match(stderr, /no such thing/);
  });

  it("refuses what makes no request, and sends nothing", async () => {
    const cases: [string[], RegExp][] = [
      [[], /no path is given\nhint: mp api GET/],
      [["GET"], /Cannot call GET: no path is given/],
      [["FETCH", "/api/app/x"], /Cannot use method FETCH: not one of GET, POST/],
      [
        ["GET", "https://mixpanel.com/api/app/me"],
        /Cannot call https:\/\/mixpanel\.com\/api\/app\/me: give the path alone/,
      ],
      [["GET", "/nowhere"], /Cannot call \/nowhere: no such family of endpoints/],
      [["GET", "/api/app/x", "--data", "{}"], /Cannot use --data with GET/],
      [["GET", "/api/app/x", "--form"], /Cannot use --form with GET/],
      [["POST", "/api/app/x", "--data", "{}", "-F", "a=1"], /Cannot use --data together with --field/],
      [["POST", "/api/app/x", "--data", "{}", "--form"], /Cannot use --data with --form/],
      [["POST", "/api/app/x", "--data", "{"], /Cannot use --data "\{": not JSON/],
      [["/api/app/x", "-F", "a"], /Cannot use "a": not NAME=TEXT/],
      [["/api/app/x", "-H", "novalue"], /Cannot use --header "novalue": not NAME: VALUE/],
      [["/api/app/w/{workspace_id}"], /Cannot fill in \{workspace_id\}: it is not set/],
      [["/api/app/../oauth"], /cannot stand in a path/],
    ];
    for (const [argv, words] of cases) {
      const { code, stderr, stdout } = await mp(argv);
      assert.deepEqual([code, stdout], [3, ""], argv.join(" "));
      assert.match(stderr, words);
    }
  });
});

describe("mp api --list", () => {
  it("has every declared operation, with the command that uses it", async () => {
    const { code, stdout } = await runProgram(["api", "--list"], { env: { HOME } });
    assert.equal(code, 0);
    const listed = JSON.parse(stdout) as Record<string, unknown>[];
    assert.deepEqual(listed.map((one) => one.id), [...(await loadOperations()).keys()]);
    assert.deepEqual(listed.find((one) => one.id === "query.segmentation"), {
      id: "query.segmentation",
      method: "GET",
      path: "/api/query/segmentation",
      alternatives: [],
      credentials: ["service_account", "oauth", "project_secret"],
      quota: "query",
      command: "mp query segmentation",
      unpublished: null,
      summary: "count one event over time, split by a property",
    });
    const annotations = listed.find((one) => one.id === "annotations.list");
    assert.deepEqual(annotations?.alternatives, [{ method: "GET", path: "/api/app/annotations" }]);
    const track = listed.find((one) => one.id === "ingestion.track");
    assert.deepEqual([track?.path, track?.credentials, track?.command], ["/track", ["project_token"], "mp track"]);
  });

  it("names the command that is there for an operation, among those that use it", async () => {
    const { stdout } = await runProgram(["api", "--list"], { env: { HOME } });
    const commands = Object.fromEntries(
      JSON.parse(stdout).map((one: { id: string; command: string }) => [one.id, one.command]),
    );
    for (
      const id of [
        "profiles.batch",
        "groups.batch",
        "lookup_tables.replace",
        "annotations.create",
        "annotations.list",
        "lexicon.list",
        "lexicon.upload",
        "flags.definitions",
        "flags.evaluate",
        "export.events",
      ]
    ) {
      assert.equal(commands[id], `mp ${id.replaceAll("_", "-").replace(".", " ")}`);
    }
    assert.deepEqual(
      [commands["query.engage"], commands["gdpr.deletion_status"], commands["lexicon.delete_type"]],
      ["mp profiles list", "mp gdpr status", "mp lexicon delete"],
    );
  });

  it("is a table on a terminal, and rows for programs", async () => {
    const terminal = await runProgram(["api", "--list"], { env: { HOME }, terminal: { columns: 200 } });
    assert.match(terminal.stdout, /id.*method.*path.*credentials.*command/);
    const { stdout } = await runProgram(["api", "--list", "-f", "csv"], { env: { HOME } });
    assert.match(stdout, /^id,method,path,credentials,command\n/);
  });
});

describe("every command", () => {
  it("has no input that is called like a global one, whose value it would take", async () => {
    const global = Object.keys(globalInput.shape);
    for (const { name, command } of await allCommands(tree)) {
      assert.deepEqual(Object.keys(command.input.shape).filter((key) => global.includes(key)), [], name);
    }
  });

  it("can be parsed: its flags do not collide with each other or with global ones", async () => {
    for (const { name } of await allCommands(tree)) {
      const { stderr, code } = await runProgram([...name.split(" "), "--no-such-flag"], { env: { HOME } });
      assert.equal(code, 3, `${name}: ${stderr}`);
      assert.match(stderr, /unknown option '--no-such-flag'/, name);
    }
  });

  it("has help with a summary, and an example that begins with its name", async () => {
    for (const { name, command } of await allCommands(tree)) {
      const { stdout, code } = await runProgram([...name.split(" "), "--help"]);
      assert.equal(code, 0);
      assert.match(stdout, /^\S.*[^.]\.\n\nUsage: mp /, name);
      assert.ok(command.examples.length > 0, `${name} has no example`);
      for (const { run } of command.examples) assert.ok(run.includes(`mp ${name}`), `${name}: ${run}`);
      for (const line of stdout.split("\nExamples:\n")[0]!.split("\n")) {
        assert.ok(line.length <= 140, `${name}: ${line}`);
      }
    }
  });
});
