import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { temporaryFolder } from "../helpers/binary.ts";
import { startStubServer } from "../helpers/stub_server.ts";
import { assertFails, succeeded } from "./expectations.ts";
import { lastDays, startSandboxProcess } from "./sandbox_process.ts";
import { makePrograms, runShell } from "./shell.ts";

const sandbox = await startSandboxProcess({ events: 3000, days: 10 });
const folder = temporaryFolder();
const programs = makePrograms(folder);
after(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

const segmentation = ["query", "segmentation", "Page View", ...lastDays(3)];
const shell = (script: string) => runShell(script, programs, { env: sandbox.env, cwd: folder });

describe("a closed pipe", () => {
  for (
    const [what, command] of [
      ["an export", "mp export events --last 10d"],
      ["a JSON answer", "mp profiles list --limit 0 -f json"],
      ["a table", "mp profiles list --limit 0 -f table"],
      ["--help", "mp --help"],
    ]
  ) {
    it(`ends ${what} silently, and is no error`, async () => {
      const result = await shell(`{ ${command}; echo "exit code $?" >&2; } | head -1`);
      assert.equal(succeeded(result).trimEnd().split("\n").length, 1);
      assert.equal(result.stderr, "exit code 0\n");
    });
  }

  it("that nobody reads from at all is no error either", async () => {
    const result = await shell('{ mp export events --last 10d; echo "exit code $?" >&2; } | head -c 0');
    assert.equal(result.stderr, "exit code 0\n");
  });
});

describe("--output", () => {
  it("writes the result to a file, in the format of its name", async () => {
    const run = (...args: string[]) => sandbox.mp([...segmentation, ...args], { cwd: folder });
    const printed = succeeded(await run("-f", "json"));
    for (const [name, expected] of [["a.json", printed], ["a.csv", succeeded(await run("-f", "csv"))]] as const) {
      const result = await run("-o", name);
      assert.equal(succeeded(result), "");
      assert.equal(result.stderr, `Wrote ${name}\n`);
      assert.equal(readFileSync(join(folder, name), "utf8"), expected);
    }
    assert.match(readFileSync(join(folder, "a.csv"), "utf8"), /^\w+,\w+,\w+\n/);
    assert.equal(succeeded(await run("-o", "-")), printed);
  });

  it("leaves nothing behind when the command fails", async () => {
    const result = await sandbox.mp([...segmentation, "-o", "never.json"], {
      cwd: folder,
      env: { MP_SECRET: "wrong" },
    });
    assert.equal(result.code, 2);
    assert.deepEqual(readdirSync(folder).filter((name) => name.startsWith("never")), []);
  });

  it("compresses an export whose name ends in .gz, and says what it wrote", async () => {
    const days = lastDays(10);
    const run = (name: string) => sandbox.mp(["export", "events", ...days, "-o", name], { cwd: folder });
    const result = await run("events.jsonl");
    assert.equal(succeeded(result), "");
    assert.match(result.stderr, /^Exported [\d,]+ events \(\S+ to \S+\), .* in .* to events\.jsonl\n$/);
    succeeded(await run("events.jsonl.gz"));
    const plain = readFileSync(join(folder, "events.jsonl"), "utf8");
    assert.equal(gunzipSync(readFileSync(join(folder, "events.jsonl.gz"))).toString(), plain);
    assert.ok(!existsSync(join(folder, "events.jsonl.part")));
  });
});

describe("--jq", () => {
  it("filters the answer and prints texts without quotes", async () => {
    const result = await sandbox.mp(["projects", "list", "--jq", ".results.projects | map(.name)[]"]);
    assert.equal(succeeded(result), "Sandbox\n");
  });

  it("keeps integers that a number cannot hold", async () => {
    const server = await startStubServer();
    server.on("GET", "/api/query/events/names", { body: "[1234567890123456789]" }, 2);
    const env = { MP_API_BASE_URL: server.url };
    assert.equal(succeeded(await sandbox.mp(["api", "/api/query/events/names"], { env })), "[1234567890123456789]\n");
    const filtered = await sandbox.mp(["api", "/api/query/events/names", "--jq", ".[0]"], { env });
    assert.equal(succeeded(filtered), "1234567890123456789\n");
    await server.finish();
  });

  it("that is no program is bad input", async () => {
    assertFails(await sandbox.mp(["projects", "list", "--jq", ".["]), 3, /^mp: Cannot compile the jq program "\.\[": /);
  });
});

describe("formats", () => {
  it("are JSON in a pipe, as the server sent it", async () => {
    const [json, piped] = await Promise.all([sandbox.mp([...segmentation, "-f", "json"]), sandbox.mp(segmentation)]);
    assert.equal(succeeded(piped!), succeeded(json!));
    const direct = await fetch(
      `${sandbox.url}/api/query/events/names?project_id=${sandbox.env.MP_PROJECT_ID}&type=general`,
      { headers: { authorization: `Basic ${btoa(`${sandbox.env.MP_USERNAME}:${sandbox.env.MP_SECRET}`)}` } },
    );
    assert.equal(succeeded(await sandbox.mp(["events", "list"])), `${(await direct.text()).trimEnd()}\n`);
  });

  it("are each what they are called", async () => {
    const [table, chart, jsonl, csv, tsv] = await Promise.all(
      ["table", "chart", "jsonl", "csv", "tsv"].map(async (format) =>
        succeeded(await sandbox.mp([...segmentation, "-f", format]))
      ),
    );
    assert.match(table!, /Page View/);
    assert.match(chart!, /[⠀-⣿]/);
    assert.equal(jsonl!.trimEnd().split("\n").map((line) => JSON.parse(line)).length, 3);
    assert.equal(csv!.trimEnd().split("\n").length, 4);
    assert.equal(tsv!.replaceAll("\t", ","), csv);
  });

  it("are coloured only where colour is wanted", async () => {
    const run = (env: Record<string, string>, ...flags: string[]) =>
      sandbox.mp([...segmentation, "-f", "chart", ...flags], { env });
    const [plain, forced, refused, flagged] = await Promise.all([
      run({}),
      run({ FORCE_COLOR: "1" }),
      run({ FORCE_COLOR: "1", NO_COLOR: "1" }),
      run({ FORCE_COLOR: "1" }, "--no-color"),
    ]);
    assert.ok(succeeded(forced!).includes("\x1b["));
    for (const result of [plain!, refused!, flagged!]) assert.ok(!succeeded(result).includes("\x1b"));
    assert.equal(refused!.stdout, plain!.stdout);
  });

  it("carry no escape sequence of the server to a table", async () => {
    const server = await startStubServer();
    server.on("GET", "/api/query/events/names", { json: ["\x1b]0;owned\x07Purchase\x1b[2J"] });
    const result = await sandbox.mp(["events", "list", "-f", "table"], { env: { MP_API_BASE_URL: server.url } });
    await server.finish();
    assert.match(succeeded(result), /Purchase/);
    assert.ok(!result.stdout.includes("\x1b"));
  });
});

describe("-v and -q", () => {
  it("trace requests on standard error, and leave standard output as it is", async () => {
    const [plain, verbose] = await Promise.all([sandbox.mp(segmentation), sandbox.mp([...segmentation, "-v"])]);
    assert.equal(verbose!.stdout, succeeded(plain!));
    assert.equal(plain!.stderr, "");
    assert.match(
      verbose!.stderr,
      /^→ GET http\S+\/segmentation\?\S+ \(service account \S+\)\n← 200 in \d+ ms, \d.* k?B\n$/,
    );
  });

  it("silence what is neither result nor error", async () => {
    const loud = await sandbox.mp(["track", "Seen", "--distinct-id", "u-1"]);
    assert.equal(succeeded(loud), "");
    assert.equal(loud.stderr, 'Tracked "Seen" for u-1\n');
    const quiet = await sandbox.mp(["track", "Seen", "--distinct-id", "u-1", "-q"]);
    assert.deepEqual([quiet.code, quiet.stdout, quiet.stderr], [0, "", ""]);
  });
});

describe("whoami", () => {
  it("says where each value comes from, and sends nothing", async () => {
    const server = await startStubServer();
    const args = ["whoami", "--region", "eu", "-f", "json"];
    const result = await sandbox.mp(args, { env: { MP_API_BASE_URL: server.url } });
    await server.finish();
    const facts = JSON.parse(succeeded(result));
    assert.deepEqual(facts.region, { value: "eu", source: "--region" });
    assert.deepEqual(facts.project, { value: sandbox.env.MP_PROJECT_ID, source: "MP_PROJECT_ID" });
    assert.equal(facts.service_account.source, "MP_USERNAME, MP_SECRET");
    assert.deepEqual(facts.timeout, { value: "500 s", source: "default" });
  });

  it("knows whom the credentials belong to when it asks", async () => {
    const facts = JSON.parse(succeeded(await sandbox.mp(["whoami", "--verify", "-f", "json"])));
    assert.deepEqual(facts.project_name, { value: "Sandbox", source: "Mixpanel" });
    assert.equal(facts.user.value, sandbox.env.MP_USERNAME);
  });
});
