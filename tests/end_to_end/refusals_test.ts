import assert from "node:assert/strict";
import { chmodSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { temporaryFolder } from "../helpers/binary.ts";
import { startStubServer } from "../helpers/stub_server.ts";
import { assertFails, succeeded } from "./expectations.ts";
import { startSandboxProcess } from "./sandbox_process.ts";

const sandbox = await startSandboxProcess({ events: 300, days: 5 });
const host = new URL(sandbox.url).host;
const folder = temporaryFolder();
after(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

const EVENT = '{"event":"Seen","properties":{"time":1780000000,"distinct_id":"u-1","$insert_id":"one"}}\n';

describe("wrong credentials", () => {
  it("are told with the variables to check, for queries, exports and imports alike", async () => {
    const env = { MP_SECRET: "not-the-secret" };
    const hint = `hint: check MP_USERNAME and MP_SECRET; MP_API_BASE_URL sends everything to ${host}\n`;
    const [query, exported, imported] = await Promise.all([
      sandbox.mp(["events", "list"], { env }),
      sandbox.mp(["export", "events", "--last", "3d"], { env }),
      sandbox.mp(["import", "-"], { env, stdin: EVENT }),
    ]);
    const words = "server: Unable to authenticate request\n";
    const refused = (method: string, path: string) =>
      `mp: Cannot ${method} ${host}${path}: the credentials were refused\n`;
    assertFails(query!, 2, refused("GET", "/api/query/events/names") + words + hint);
    assertFails(exported!, 2, refused("GET", "/api/2.0/export") + words + hint);
    const invalid = "server: Invalid service account credentials\n";
    const [account, ...error] = imported!.stderr.split("\n");
    assert.match(account!, /^Imported 0 of 1 event, 0 B in \d+ ms; 1 not sent$/);
    assertFails({ ...imported!, stderr: error.join("\n") }, 2, refused("POST", "/import") + invalid + hint);
  });

  it("are told as JSON with the server's words and status", async () => {
    const result = await sandbox.mp(["events", "list", "-f", "json"], { env: { MP_SECRET: "not-the-secret" } });
    assert.equal(result.code, 2);
    const { error } = JSON.parse(result.stderr);
    assert.deepEqual([error.category, error.code, error.status], ["auth", "refused_credentials", 401]);
    assert.equal(error.server_message, "Unable to authenticate request");
  });

  it("that are half a pair fail before anything is sent", async () => {
    const result = await sandbox.mp(["events", "list"], { env: { MP_SECRET: "" } });
    assertFails(
      result,
      2,
      "mp: Cannot use MP_USERNAME without MP_SECRET: the environment holds one of the two\nhint: set MP_SECRET too\n",
    );
  });

  it("that are missing are told with what would do, and where it is made", async () => {
    const none = { MP_USERNAME: "", MP_SECRET: "", MP_OAUTH_TOKEN: "", MP_TOKEN: "" };
    const query = await sandbox.mp(["events", "list"], { env: none });
    assertFails(
      query,
      2,
      /^mp: Cannot call GET \S*\/events\/names: no credentials are set\nhint: 'mp login' stores credentials; or set MP_USERNAME and /,
    );
    assert.match(
      query.stderr,
      /Organization Settings → Service Accounts.*MP_OAUTH_TOKEN.*MP_API_SECRET would do as well/,
    );
    const track = await sandbox.mp(["track", "Seen", "--distinct-id", "u-1"], { env: none });
    assertFails(
      track,
      2,
      /^mp: Cannot call POST \/track: no project token is set\nhint: set MP_TOKEN; .*Access Keys\n$/,
    );
  });

  it("of a kind that the endpoint does not take are told as such", async () => {
    const env = { MP_USERNAME: "", MP_SECRET: "", MP_OAUTH_TOKEN: "" };
    const result = await sandbox.mp(["projects", "list"], { env });
    assertFails(
      result,
      2,
      /it needs a service account or an OAuth token, and only a project token is set\nhint: 'mp login' stores credentials; or set MP_/,
    );
  });
});

describe("a project", () => {
  it("that is missing is told, with how to name one", async () => {
    for (const args of [["events", "list"], ["export", "events", "--last", "2d"], ["import", "-"]]) {
      const result = await sandbox.mp(args, { env: { MP_PROJECT_ID: "" }, stdin: EVENT });
      assertFails(
        result,
        3,
        /^(Imported 0 of 1 event, .*; 1 not sent\n)?mp: Cannot call [A-Z]+ \/\S+: no project is set\nhint: add --project ID or set MP_PROJECT_ID; 'mp projects list' shows what you can see\n$/,
      );
    }
  });

  it("that the credentials do not see is told, with those that they see", async () => {
    const env = { MP_PROJECT_ID: "77" };
    const query = await sandbox.mp(["events", "list"], { env });
    assertFails(
      query,
      2,
      /: this is not allowed\nserver: You do not have permission to access this project\nhint: .*77\?/,
    );
    const imported = await sandbox.mp(["import", "-"], { env, stdin: EVENT });
    assertFails(
      imported,
      2,
      /: the service account does not belong to the project\nserver: not a project member\nhint: /,
    );
    const check = await sandbox.mp(["whoami", "--verify"], { env });
    assertFails(
      check,
      2,
      "mp: Cannot use project 77: these credentials don't see it\nhint: they see 1000001 (Sandbox)\n",
    );
  });

  it("whose id is no number is refused at once", async () => {
    const result = await sandbox.mp(["events", "list", "--project", "coffee"]);
    assertFails(result, 3, /^mp: Cannot use --project "coffee": not a numeric id\nhint: .*'mp projects list'/);
  });
});

describe("bad input", () => {
  // Nothing of this may reach a server: the stub fails the test when it does.
  const cases: { args: string[]; env?: Record<string, string>; message: string | RegExp }[] = [
    {
      args: ["export", "events", "--from", "2026-02-30", "--to", "2026-03-01"],
      message: 'mp: Cannot use --from "2026-02-30": no such day\n' +
        "hint: days are written 2026-01-31, today, yesterday or 7d (seven days ago)\n",
    },
    {
      args: ["query", "segmentation", "Purchase", "--from", "2026-01-01", "--to", "2026-13-01"],
      message: /^mp: Cannot use --to "2026-13-01": no such day\nhint: /,
    },
    {
      args: ["query", "segmentation", "Purchase", "--from", "soon"],
      message: /^mp: Cannot use --from "soon": not a day\nhint: /,
    },
    {
      args: ["export", "events", "--from", "2026-03-01", "--to", "2026-02-01"],
      message: "mp: Cannot use --from 2026-03-01 with --to 2026-02-01: it ends before it begins\n" +
        "hint: swap the two days\n",
    },
    {
      args: ["query", "events", "Purchase", "--from", "today", "--to", "yesterday"],
      message: /^mp: Cannot use --from \S+ with --to \S+: it ends before it begins\nhint: swap the two days\n$/,
    },
    { args: ["query", "segmentation", "Purchase"], message: /--from and --to are missing\nhint: add --last 30d, or / },
    {
      args: ["query", "segmentation", "Purchase", "--last", "0d"],
      message: 'mp: Cannot use --last "0d": not a span of days\nhint: write --last 30d or --last 4w\n',
    },
    { args: ["query", "segmentation", "Purchase", "--last", "3d", "--unit", "fortnight"], message: /--unit.*"?week"?/ },
    { args: ["import", "nowhere.jsonl"], message: 'mp: Cannot read "nowhere.jsonl": no such file\n' },
    {
      args: ["export", "events", "--last", "2d", "-o", "no/such/folder/events.jsonl"],
      message: 'mp: Cannot write "no/such/folder/events.jsonl": no such folder\n',
    },
    { args: ["export", "events", "--last", "2d", "--jq", "."], message: /^mp: Cannot filter an export with --jq: / },
    { args: ["events", "list", "--region", "mars"], message: /--region.*us.*eu.*in/ },
    {
      args: ["events", "list"],
      env: { MP_REGION: "mars" },
      message: 'mp: Cannot use MP_REGION "mars": no such region\nhint: use us, eu or in\n',
    },
    { args: ["events", "list", "-a", "nobody"], message: /"?nobody"?: no such account\nhint: / },
    { args: ["api", "GET", "/nowhere"], message: /^mp: Cannot call \/nowhere: no such family of endpoints\nhint: / },
    { args: ["api", "POST", "/api/app/x", "--data", "{"], message: /^mp: Cannot use --data "\{": not JSON .*\nhint: / },
  ];
  for (const { args, env = {}, message } of cases) {
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value} `).join("");
    it(`is refused before anything is sent: ${variables}mp ${args.join(" ")}`, async () => {
      const server = await startStubServer();
      const result = await sandbox.mp(args, { env: { MP_API_BASE_URL: server.url, ...env } });
      await server.finish();
      assertFails(result, 3, message);
    });
  }

  it("is refused when the base URL is none", async () => {
    const result = await sandbox.mp(["events", "list"], { env: { MP_API_BASE_URL: "mars" } });
    assertFails(
      result,
      3,
      /^mp: Cannot use MP_API_BASE_URL: it is not an http or https address\nhint: for example http/,
    );
  });
});

describe("what is not there", () => {
  it("is told for a profile, an endpoint and a path outside of all APIs", async () => {
    const [profile, endpoint] = await Promise.all([
      sandbox.mp(["profiles", "get", "nobody"]),
      sandbox.mp(["api", "GET", "/api/app/nothing"]),
    ]);
    assertFails(profile!, 4, /^mp: Cannot find a profile of "nobody"\nhint: .*'mp profiles list' shows who has one\n$/);
    assertFails(
      endpoint!,
      4,
      /^mp: Cannot GET \S+\/api\/app\/nothing: no such endpoint\nserver: .*\nhint: is Mixpanel's /,
    );
  });
});

describe("the config file", () => {
  it("gives away no secret where others can read it, and is not read where they can change it", async () => {
    const path = join(folder, "open.toml");
    writeFileSync(path, '[accounts.one]\nusername = "ana"\nsecret = "kept-to-myself"\n');
    const run = (mode: number) => {
      chmodSync(path, mode);
      return sandbox.mp(["projects", "list", "-a", "one"], { env: { MP_CONFIG_PATH: path } });
    };
    assertFails(
      await run(0o644),
      3,
      `mp: Cannot use the secret of account 'one' in ${path}: other users of this machine can read it (mode 644)\n` +
        `hint: chmod 600 ${path}, or keep the secret in a variable (secret_env) or with a password manager\n`,
    );
    assertFails(
      await run(0o666),
      3,
      `mp: Cannot read ${path}: other users of this machine can change it (mode 666)\nhint: chmod 600 ${path}\n`,
    );
  });

  it("is named with line and column when it is damaged, and not quoted", async () => {
    const path = join(folder, "damaged.toml");
    writeFileSync(path, '[accounts.one]\nsecret = "kept-to-myself\n', { mode: 0o600 });
    const result = await sandbox.mp(["whoami"], { env: { MP_CONFIG_PATH: path } });
    assertFails(result, 3, /^mp: Cannot read \S+damaged\.toml: line 2, column \d+: .*\nhint: /);
    assert.ok(!result.stderr.includes("kept-to"));
  });
});

describe("a batch with bad records", () => {
  const GOOD = EVENT.trim();
  const NO_TIME = '{"event":"Seen","properties":{"distinct_id":"u-2","$insert_id":"two"}}';

  it("is imported in part: every record is accounted for, and the exit code says so", async () => {
    const path = join(folder, "mixed.jsonl");
    writeFileSync(path, [GOOD, NO_TIME, "not json", ""].join("\n"));
    const rejects = join(folder, "rejects.jsonl");
    const result = await sandbox.mp(["import", path, "--rejects", rejects, "-f", "json"]);
    assert.equal(result.code, 8);
    assert.match(result.stderr, /^Imported 1 of 3 events, .*; 2 rejected\n {2}line 2: .*time.*\n {2}line 3: .*JSON/);
    const { read, accepted, rejected, not_sent } = JSON.parse(result.stdout);
    assert.deepEqual({ read, accepted, rejected, not_sent }, { read: 3, accepted: 1, rejected: 2, not_sent: 0 });
    assert.ok(existsSync(rejects));
  });

  it("that are all bad is bad input", async () => {
    const result = await sandbox.mp(["import"], { stdin: `${NO_TIME}\n` });
    assert.equal(result.code, 3);
    assert.match(result.stderr, /1 rejected\n {2}line 1: .*time/);
    assert.equal(result.stdout, "");
  });

  it("can be sent in full, and again, and counts once", async () => {
    const lines = Array.from(
      { length: 30 },
      (_, index) =>
        JSON.stringify({ event: "Twice", properties: { time: 1780000000 + index, distinct_id: `twice-${index}` } }),
    );
    for (let round = 0; round < 2; round++) {
      succeeded(await sandbox.mp(["import"], { stdin: lines.join("\n") }));
    }
    const days = ["--from", "2026-05-28", "--to", "2026-05-29"];
    // A raw export shows each copy, as Mixpanel's does; every report counts them once.
    const report = await sandbox.mp(["query", "segmentation", "Twice", ...days, "-f", "json"]);
    const { data } = JSON.parse(succeeded(report));
    assert.equal(Object.values<number>(data.values.Twice).reduce((sum, count) => sum + count), 30);
  });
});
