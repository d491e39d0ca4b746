/** Changes whose answer is missing, odd, or cannot be printed: nothing is lost, and nobody is told to do them again. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { afterEach, beforeEach, describe, it } from "node:test";
import { loadOperations } from "../../src/api/catalog.ts";
import { isChange } from "../../src/client/doubt.ts";
import { run } from "../../src/program.ts";
import { sandboxEnvironment } from "../../src/commands/sandbox/shared/sandbox_environment.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { testWorld } from "../helpers/world.ts";
import { openStubbed, type Stubbed } from "./stubbed.ts";

const files = temporaryFolder();
const PROJECT = "/api/app/projects/1000001";
const ACCOUNT = { status: "ok", results: { id: 7, username: "bot", token: "told-once-4711" } };
const CREATE = ["service-accounts", "create", "bot", "--organization", "1"];
const ACCOUNTS = "/api/app/organizations/1/service-accounts";
let stub: Stubbed;
beforeEach(async () => void (stub = await openStubbed()));
afterEach(() => stub.server.finish());

/** Each change with its request, and where to look. */
const CHANGES: { argv: string[]; method: string; path: string; look: string; attempts?: number }[] = [
  {
    argv: ["annotations", "create", "x", "--date", "2026-11-01"],
    method: "POST",
    path: `${PROJECT}/annotations`,
    look: "mp annotations list",
  },
  {
    argv: ["annotations", "update", "5", "--description", "a b"],
    method: "PATCH",
    path: `${PROJECT}/annotations/5`,
    look: "mp annotations get 5",
    attempts: 5,
  },
  {
    argv: ["annotations", "delete", "5", "--yes"],
    method: "DELETE",
    path: `${PROJECT}/annotations/5`,
    look: "mp annotations get 5",
  },
  { argv: CREATE, method: "POST", path: ACCOUNTS, look: "mp service-accounts list" },
  {
    argv: ["cohorts", "create", "x", "--where", 'properties["a"] == 1'],
    method: "POST",
    path: "/api/query/cohorts",
    look: "mp cohorts list",
  },
  {
    argv: ["lexicon", "events", "update", "a b", "--hidden"],
    method: "PATCH",
    path: `${PROJECT}/data-definitions/events/`,
    look: "mp lexicon events get 'a b'",
    attempts: 5,
  },
  {
    argv: ["lexicon", "deletions", "create", "E", "--from", "2026-11-01", "--to", "2026-11-02", "--yes"],
    method: "POST",
    path: `${PROJECT}/data-definitions/events/deletion-requests/`,
    look: "mp lexicon deletions list",
  },
  { argv: ["projects", "create", "x"], method: "POST", path: "/api/app/projects", look: "mp projects list" },
  { argv: ["profiles", "add", "u 1", "n=1"], method: "POST", path: "/engage", look: "mp profiles get 'u 1'" },
  {
    argv: ["api", "POST", "/api/app/projects/1/x", "--data", "{}"],
    method: "POST",
    path: "/api/app/projects/1/x",
    look: "mp api GET /api/app/projects/1/x",
  },
];

describe("a change whose answer is lost", () => {
  for (const { argv, method, path, look, attempts = 1 } of CHANGES) {
    it(`is looked for, and not made again: mp ${argv.slice(0, 2).join(" ")}`, async () => {
      stub.server.on(method, path, { status: 502, body: "bad gateway" }, attempts);
      const failed = await stub.mp([...argv, "--format", "json"]);
      const { error } = JSON.parse(failed.stderr.trim().split("\n").at(-1)!);
      assert.deepEqual([failed.code, error.in_doubt], [6, true]);
      assert.ok(error.hint.endsWith(look), error.hint);
      assert.doesNotMatch(error.hint, /again/);
      // A runtime may try what is repeatable again by itself.
      if (attempts > 1) return;
      stub.server.on(method, path, { raw: [], then: "reset" });
      const reset = await stub.mp(argv);
      assert.equal(reset.code, 7);
      assert.ok(reset.stderr.includes(look), reset.stderr);
    });
  }

  it("is told elsewhere when --jq chooses nothing of it", async () => {
    for (const program of [".token", ".results.secret", "empty"]) {
      stub.server.on("POST", ACCOUNTS, { json: ACCOUNT });
      const { code, stdout, stderr } = await stub.mp([...CREATE, "--jq", program, "-q"]);
      assert.deepEqual([code, stdout.trim()], [0, program === "empty" ? "" : "null"]);
      assert.match(stderr, /^What was asked for has been done; --jq chose nothing of its answer:\n.*told-once-4711/);
    }
    stub.server.on("POST", ACCOUNTS, { json: ACCOUNT });
    const right = await stub.mp([...CREATE, "--jq", ".results.token", "-q"]);
    assert.deepEqual([right.stdout, right.stderr], ["told-once-4711\n", ""]);
  });

  it("is in doubt when Ctrl-C comes before its answer", async () => {
    const controller = new AbortController();
    stub.server.on("POST", `${PROJECT}/annotations`, () => {
      setTimeout(() => controller.abort(), 10);
      return { raw: [], then: "hang" };
    });
    const argv = ["annotations", "create", "x", "--date", "2026-11-01"];
    const { code, stderr } = await stub.mp(argv, { signal: controller.signal });
    assert.equal(code, 130);
    assert.equal(stderr, "mp: Interrupted\nhint: look whether it was done: mp annotations list\n");
  });

  it("is none where the server was never reached, or has said no", async () => {
    stub.server.on("POST", `${PROJECT}/annotations`, { status: 400, json: { error: "no", status: "error" } });
    const { stderr } = await stub.mp(["annotations", "create", "x", "--date", "2026-11-01", "-f", "json"]);
    assert.equal(JSON.parse(stderr).error.in_doubt, undefined);
  });

  it("can be looked for, whatever it is: every declared change says where, or may be made twice", async () => {
    const unseen = [...(await loadOperations()).values()].filter(({ routes: [{ method, family }], repeatable, look }) =>
      isChange({ method, family, repeatable: repeatable ?? method === "GET" }) && !repeatable && look === undefined
    );
    // Mixpanel has no list of tasks, and tests save nothing; the others say it where they are sent.
    assert.deepEqual(unseen.map(({ id }) => id).sort(), [
      "alerts.test",
      "gdpr.delete",
      "gdpr.retrieve",
      "groups.batch",
      "ingestion.track",
      "pipelines.sync",
      "report_links.create",
      "webhooks.test",
    ]);
  });
});

describe("an answer of another shape", () => {
  const odd = { status: "ok", results: { number: 5 } };

  it("is shown as it came, and the change is done", async () => {
    stub.server.on("POST", `${PROJECT}/annotations`, { json: odd }, 2);
    const asJson = await stub.mp(["annotations", "create", "x", "--date", "2026-11-01"]);
    assert.deepEqual([asJson.code, JSON.parse(asJson.stdout)], [0, odd]);
    assert.match(asJson.stderr, /unexpected shape at id; it is shown as it came/);
    const asTable = await stub.mp(["annotations", "create", "x", "--date", "2026-11-01", "-f", "table"]);
    assert.match(asTable.stdout, /number +5/);
  });

  it("is shown for commands of every kind, also through jq", async () => {
    stub.server.on("POST", ACCOUNTS, { json: odd }, 2);
    for (const flags of [[], ["--jq", ".results.number"]]) {
      const { code, stdout, stderr } = await stub.mp([...CREATE, ...flags]);
      assert.deepEqual([code, stdout], [0, flags.length === 0 ? JSON.stringify(odd) + "\n" : "5\n"]);
      assert.match(stderr, /has been done/);
      assert.doesNotMatch(stderr, /again|--format/);
    }
  });

  it("is shown for questions too: they cost one of sixty an hour", async () => {
    for (
      const [argv, method, path] of [
        [["annotations", "get", "5", "-f", "csv"], "GET", `${PROJECT}/annotations/5`],
        [["lexicon", "list", "-f", "csv"], "GET", `${PROJECT}/schemas`],
        [["query", "jql", "--code", "function main() {}", "-f", "csv"], "POST", "/api/query/jql"],
      ] as const
    ) {
      stub.server.on(method, path, { json: odd });
      const { code, stdout, stderr } = await stub.mp([...argv]);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /number/);
      assert.match(stderr, /it is shown as it came/);
    }
  });

  it("is shown for tasks that are made in several requests, which all are sent", async () => {
    const env = { MP_OAUTH_TOKEN: "gdpr" };
    stub.server.on("POST", "/api/app/data-deletions/v3.0/", { json: odd }, 2);
    const { code, stdout, stderr } = await stub.mp(["gdpr", "delete", "a", "b", "--batch", "1", "--yes"], { env });
    assert.deepEqual([code, JSON.parse(stdout)], [0, [odd, odd]]);
    assert.match(stderr, /the answer names no task/);
  });

  it("that is no JSON at all leaves the change in doubt", async () => {
    stub.server.on("POST", `${PROJECT}/annotations`, { body: "<html>Log in to the hotel's network</html>" });
    const { code, stderr } = await stub.mp(["annotations", "create", "x", "--date", "2026-11-01"]);
    assert.equal(code, 6);
    assert.match(stderr, /hint: look whether it was done: mp annotations list/);
  });
});

describe("an answer that cannot be printed", () => {
  const env = () => ({ ...sandboxEnvironment(stub.server.url), XDG_STATE_HOME: files.path("state") });

  it("goes to standard error when jq fails on it", async () => {
    stub.server.on("POST", ACCOUNTS, { json: ACCOUNT });
    const { code, stdout, stderr } = await stub.mp([...CREATE, "--jq", '.results | error("x")']);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /told-once-4711.*\nmp: Cannot apply the jq program .*; what was asked for has been done/);
    assert.match(stderr, /hint: do not run the same command again/);
  });

  it("goes there too when nobody reads standard output", async () => {
    stub.server.on("POST", ACCOUNTS, { json: ACCOUNT });
    const world = testWorld({ env: env() });
    world.stdout.close();
    assert.equal(await run(CREATE, world), 0);
    assert.match(world.stderr.text(), /told-once-4711/);
  });

  it("goes to a file of this user alone when that cannot be written either", async () => {
    stub.server.on("POST", ACCOUNTS, { json: ACCOUNT });
    const world = testWorld({ env: env() });
    world.stdout.close();
    world.stderr.close();
    assert.equal(await run(CREATE, world), 1);
    const folder = files.path("state/mp/answers");
    const [name = ""] = readdirSync(folder);
    assert.equal(statSync(`${folder}/${name}`).mode & 0o777, 0o600);
    assert.deepEqual(JSON.parse(readFileSync(`${folder}/${name}`, "utf8")), ACCOUNT);
  });

  it("is kept when the place for the secret has gone meanwhile", async () => {
    mkdirSync(files.path("gone"));
    stub.server.on("POST", ACCOUNTS, () => {
      rmSync(files.path("gone"), { recursive: true });
      return { json: ACCOUNT };
    });
    const { code, stderr } = await stub.mp([...CREATE, "--secret-file", files.path("gone/new.secret")]);
    assert.equal(code, 1);
    assert.match(stderr, /^told-once-4711\nmp: Cannot write .*no such folder; what was asked for has been done/);
  });

  it("of a question is no change: nothing is said to be done", async () => {
    stub.server.on("POST", "/api/query/cohorts/list", { json: [] });
    const { code, stderr } = await stub.mp(["cohorts", "list", "--jq", 'error("x")']);
    assert.equal(code, 3);
    assert.doesNotMatch(stderr, /done/);
  });
});

describe("what may be sent twice", () => {
  it("is one event that has its time and its id: mp track EVENT", async () => {
    const seen: string[] = [];
    stub.server.on("POST", "/track", ({ text }) => {
      seen.push(text);
      return seen.length < 3 ? { status: 503, body: "" } : { json: { status: 1, error: null } };
    }, 3);
    const { code } = await stub.mp(["track", "E", "--distinct-id", "u"]);
    assert.deepEqual([code, new Set(seen).size], [0, 1]);
    assert.match(seen[0]!, /"\$insert_id":"[0-9a-f-]{36}"/);
  });

  it("and after the last attempt the words that make it count once are said", async () => {
    stub.server.on("POST", "/track", { status: 503, body: "" }, 5);
    const { code, stderr } = await stub.mp([
      "track",
      "E",
      "--distinct-id",
      "u",
      "--insert-id",
      "i-1",
      "--time",
      "1795400000",
    ]);
    assert.equal(code, 6);
    assert.match(stderr, /with --time 1795400000 --insert-id i-1 it counts once/);
  });

  it("are updates that leave what they leave, as profiles set and as profiles batch", async () => {
    const set = { $distinct_id: "u", $set: { a: 1 } };
    stub.server.on("POST", "/engage", { status: 502, body: "" });
    stub.server.on("POST", "/engage", { json: { status: 1, error: null } });
    const { code, stdout } = await stub.mp(["profiles", "batch", "-", "-f", "json"], { stdin: JSON.stringify(set) });
    assert.deepEqual([code, JSON.parse(stdout).accepted, JSON.parse(stdout).in_doubt], [0, 1, 0]);
  });

  it("are no sums: those are in doubt, and it is said which lines they are", async () => {
    const lines = [{ $distinct_id: "u", $set: { a: 1 } }, { $distinct_id: "u", $add: { n: 1 } }];
    stub.server.on("POST", "/engage", { status: 502, body: "" });
    const { code, stdout, stderr } = await stub.mp(["profiles", "batch", "-", "-f", "json"], {
      stdin: lines.map((line) => JSON.stringify(line)).join("\n"),
    });
    const { read, accepted, in_doubt, not_sent } = JSON.parse(stdout);
    assert.deepEqual([code, read, accepted, in_doubt, not_sent], [6, 2, 0, 2, 0]);
    assert.match(stderr, /2 in doubt: sent, and not answered/);
    assert.match(stderr, /updates of lines 1 to 2 were carried out; --skip-lines 2 goes on after them/);
  });

  it("are events of an import; what is not answered is in doubt, and no more", async () => {
    const event = (n: number) =>
      JSON.stringify({ event: "E", properties: { time: 1795400000, distinct_id: "u", $insert_id: `i-${n}` } });
    stub.server.on("POST", "/import", { status: 502, body: "" }, 10);
    const { code, stdout } = await stub.mp(["import", "-", "-f", "json", "--batch-size", "2"], {
      stdin: [1, 2].map(event).join("\n"),
    });
    const { accepted, in_doubt, not_sent } = JSON.parse(stdout);
    assert.deepEqual([code, accepted, in_doubt, not_sent], [6, 0, 2, 0]);
  });
});

const CUT = { raw: ["HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"], then: "close" as const };

describe("mp flags evaluate", () => {
  for (const status of [401, 404, 500, 502]) {
    it(`shows what was decided when the definitions answer ${status}`, async () => {
      stub.server.on("GET", "/flags", { json: { flags: { dark: { variant_key: "on", variant_value: true } } } });
      stub.server.on("GET", "/flags/definitions", { status, json: { error: "no", status: "error" } });
      const { code, stdout, stderr } = await stub.mp(["flags", "evaluate", "u-1", "-f", "csv"]);
      assert.deepEqual([code, stdout], [0, "flag,variant,value,why\ndark,on,true,\n"]);
      assert.match(stderr, /Nothing is known about why/);
    });
  }

  it("shows it when the definitions are of another shape, or their connection breaks", async () => {
    for (const reply of [{ json: { what: 1 } }, { body: "<html>" }, CUT]) {
      stub.server.on("GET", "/flags", { json: { flags: { dark: { variant_key: "on", variant_value: true } } } });
      stub.server.on("GET", "/flags/definitions", reply);
      const { code, stdout } = await stub.mp(["flags", "evaluate", "u-1", "-f", "csv"]);
      assert.deepEqual([code, stdout], [0, "flag,variant,value,why\ndark,on,true,\n"]);
    }
  });
});

describe("a question before a deletion", () => {
  const asked = async (...argv: string[]) => (await stub.mp(argv)).stderr;

  it("names project, ids and count", async () => {
    assert.match(await asked("annotations", "delete", "5"), /Project 1000001: Delete annotation 5\?/);
    assert.match(
      await asked("profiles", "delete", "a", "b", "c", "d", "e", "f", "g"),
      /Project 1000001, .*token.*: Delete the 7 profiles of "a", "b", "c", "d", "e" and 2 more\?/,
    );
    assert.match(
      await asked("events", "delete", "E", "--from", "2026-11-01", "--to", "2026-11-02"),
      /Project 1000001: Delete all "E" events/,
    );
    assert.match(await asked("lexicon", "delete", "event", "E"), /Project 1000001: Delete the schema of event "E"\?/);
    const account = "/api/app/organizations/1/service-accounts/3";
    const remove = ["service-accounts", "delete", "3", "--organization", "1"];
    stub.server.on("GET", account, { json: { status: "ok", results: { id: 3, username: "nightly" } } });
    assert.match(await asked(...remove), /: Organization 1: Delete service account 3 \(nightly\)\?/);
    stub.server.on("GET", account, { status: 404, json: { status: "error", error: "no such account" } });
    assert.match(await asked(...remove), /: Organization 1: Delete service account 3\?/);
  });
});
