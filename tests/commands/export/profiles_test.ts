import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import process from "node:process";
import { after, before, beforeEach, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { openProgramLab, type ProgramLab } from "../../helpers/program_lab.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";
import { NOW_MS } from "../../helpers/world.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { itUnless } from "../../helpers/needs.ts";
import { addFaults } from "../../helpers/sandbox_faults.ts";

const folder = temporaryFolder();
const clock = fakeClock(NOW_MS);
let lab: ProgramLab;

const profile = (number: number) => ({
  $distinct_id: `u-${String(number).padStart(3, "0")}`,
  $properties: { $name: `N ${number}`, plan: number % 2 === 0 ? "pro" : "free", account: 10n ** 18n + BigInt(number) },
});

before(() => {
  lab = openProgramLab({ profilePageSize: 10 }, clock);
  const { profiles } = lab.store;
  for (let number = 0; number < 35; number++) {
    const { $distinct_id, $properties } = profile(number);
    profiles.put(SANDBOX.projectId, "", $distinct_id, $properties);
  }
  profiles.put(SANDBOX.projectId, "company", "Acme", { plan: "pro" });
  profiles.dataGroupId(SANDBOX.projectId, "company");
});
after(() => lab.stop());
beforeEach(async () => void await fetch(`${lab.url}/sandbox/faults`, { method: "DELETE" }));

const mp = (...argv: string[]) => lab.mp(["export", ...argv], { env: { XDG_STATE_HOME: folder.path("state") } });
const addFault = (fault: Record<string, unknown>) => addFaults(lab.url, fault);
const pagesSince = (before: number) =>
  lab.requests.slice(before).map(({ text }) => new URLSearchParams(text).get("page") ?? "0").sort();

describe("mp export profiles", () => {
  it("prints a profile a line, with integers of any length as they were sent", async () => {
    const { code, stdout, stderr } = await mp("profiles");
    assert.equal(code, 0, stderr);
    const lines = stdout.split("\n");
    assert.equal(lines.length, 36);
    assert.match(lines[7]!, /^\{"\$distinct_id":"u-007","\$properties":\{.*"account":1000000000000000007.*\}\}$/);
    assert.match(stderr, /^Exported 35 profiles in 4 pages, \d.* in \d+ ms\n$/);
  });

  it("begins CSV with a byte order mark where --bom says so", async () => {
    const path = folder.path("marked.csv");
    await mp("profiles", "--columns", "$distinct_id,plan", "--bom", "-o", path);
    const marked = readFileSync(path, "utf8");
    assert.match(marked, /^\ufeff\$distinct_id,plan\nu-000,pro\n/);
    assert.equal((await mp("profiles", "--columns", "$distinct_id,plan", "-f", "csv")).stdout, marked.slice(1));
  });

  it("asks for what was typed, on each page", async () => {
    const seen = lab.requests.length;
    const argv = ["--where", 'properties["plan"] == "pro"', "--output-property", "plan,$name", "--page-size", "5"];
    const { stdout } = await mp("profiles", ...argv, "--cohort", "8001", "--no-include-all-users", "--no-check");
    assert.equal(stdout, "");
    assert.deepEqual(Object.fromEntries(new URLSearchParams(lab.requests[seen]!.text)), {
      filter_by_cohort: '{"id":8001}',
      include_all_users: "false",
      where: 'properties["plan"] == "pro"',
      output_properties: '["plan","$name"]',
      page_size: "5",
    });
  });

  it("writes the form that the file's name says", async () => {
    const path = folder.path("profiles.csv.gz");
    const { code, stdout, stderr } = await mp("profiles", "-o", path, "--columns", "$distinct_id,plan");
    assert.deepEqual([code, stdout], [0, ""], stderr);
    const [header, first] = gunzipSync(readFileSync(path)).toString().split("\n");
    assert.deepEqual([header, first], ["$distinct_id,plan", "u-000,pro"]);
    assert.match(stderr, / to .*profiles\.csv\.gz\n$/);
  });

  it("continues where it stopped when the same command is typed again", async () => {
    const path = folder.path("resumed.jsonl");
    await addFault({ kind: "answer", status: 403, path: "/api/query/engage", skip: 2 });
    const first = await mp("profiles", "-o", path, "--concurrency", "1");
    assert.equal(first.code, 2, first.stderr);
    assert.equal(existsSync(path), false);
    assert.deepEqual(readdirSync(`${path}.mp-export`).sort(), ["locks", "profiles.part", "state.json"]);
    const seen = lab.requests.length;
    const second = await mp("profiles", "-o", path);
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stderr, /^Going on after 2 pages\nExported 35 profiles in 4 pages/);
    assert.deepEqual(pagesSince(seen), ["2", "3"]);
    assert.equal(readFileSync(path, "utf8"), (await mp("profiles")).stdout);
    assert.equal(existsSync(`${path}.mp-export`), false);
  });

  it("outlasts rate limits, broken connections and bodies that are cut", async () => {
    await addFault({ kind: "rate_limit", path: "/api/query/engage", skip: 1, retryAfterSeconds: 90 });
    await addFault({ kind: "reset", path: "/api/query/engage", skip: 1, afterBytes: 30 });
    await addFault({ kind: "answer", status: 503, path: "/api/query/engage", skip: 1 });
    const { code, stdout, stderr } = await mp("profiles", "--concurrency", "2");
    assert.equal(code, 0, stderr);
    assert.equal(stdout.split("\n").length, 36);
    assert.match(stderr, /^rate limited; .* 1 m 30 s\n/);
  });

  it("sums up in an object for programs", async () => {
    const { stderr } = await mp("profiles", "--progress", "json");
    const summary = JSON.parse(stderr.trimEnd().split("\n").at(-1)!);
    assert.deepEqual({ ...summary, bytes: 0, elapsed_ms: 0 }, {
      type: "summary",
      records: 35,
      pages: 4,
      bytes: 0,
      total_records: 35,
      repeated: 0,
      complete: true,
      elapsed_ms: 0,
    });
  });

  it("leaves no state folder behind where nothing came", async () => {
    const path = folder.path("refused.jsonl");
    const { code } = await mp("profiles", "-o", path, "--behaviors", "[]", "--cohort", "8001");
    assert.equal(code, 3);
    assert.equal(existsSync(`${path}.mp-export`), false);
  });

  it("shows its first request in a dry run, and makes nothing", async () => {
    const path = folder.path("dry.csv");
    const seen = lab.requests.length;
    const { code, stdout } = await mp("profiles", "-o", path, "--dry-run", "--where", "true");
    assert.equal(code, 0);
    assert.match(stdout, /^curl -X POST .*\/engage.*where=true/s);
    assert.deepEqual([lab.requests.length, existsSync(path), existsSync(`${path}.mp-export`)], [seen, false, false]);
  });

  it("is refused before anything is sent when the output cannot be", async () => {
    mkdirSync(folder.path("is-folder"));
    const seen = lab.requests.length;
    for (
      const [argv, message] of [
        [["-o", folder.path("is-folder")], /it is a folder/],
        [["-o", folder.path("absent/x.jsonl")], /no such folder/],
        [["-f", "table"], /Cannot export records as table/],
        [["-f", "html"], /Cannot export records as html/],
        [["-o", folder.path("x.html")], /nothing is known of the ending \.html/],
        [["--bom"], /Cannot use --bom for jsonl/],
        [["--jq", "."], /Cannot filter an export with --jq/],
        [["--columns", "a"], /Cannot choose columns of JSON Lines/],
        [["--columns", "plan,properties.plan", "-f", "csv"], /"plan" and "properties.plan" are the same/],
        [["--columns", ",", "-f", "csv"], /--columns: it names none/],
        [["--output-property", ","], /Cannot use --output-property: it names none/],
      ] as const
    ) {
      const { code, stderr } = await mp("profiles", ...argv);
      assert.equal(code, 3, stderr);
      assert.match(stderr, message);
    }
    assert.equal(lab.requests.length, seen);
  });
});

describe("mp export groups", () => {
  it("prints the profiles of a type of group, whose id keeps its 19 digits", async () => {
    const seen = lab.requests.length;
    const { code, stdout, stderr } = await mp("groups", "--group-key-id", "1000000000000000001");
    assert.equal(code, 0, stderr);
    assert.equal(stdout, '{"$distinct_id":"Acme","$properties":{"plan":"pro"}}\n');
    assert.match(lab.requests[seen]!.text, /data_group_id=1000000000000000001/);
    assert.match(stderr, /^Exported 1 group in 1 page/);
  });

  it("needs to be told which", async () => {
    const { code, stderr } = await mp("groups");
    assert.equal(code, 3);
    assert.match(stderr, /--group-key-id/);
    assert.equal((await mp("groups", "--group-key-id", "company")).code, 3);
  });
});

describe("the folder beside an output", () => {
  itUnless(
    process.platform === "win32" && "not on Windows",
    "is not believed when somebody else has put it there",
    async () => {
      for (const argv of [["profiles"], ["events", "--from", "2026-11-20", "--to", "2026-11-20"]]) {
        const path = folder.path(`planted-${argv[0]}.jsonl`);
        mkdirSync(folder.path(`theirs-${argv[0]}`));
        symlinkSync(folder.path(`theirs-${argv[0]}`), `${path}.mp-export`);
        const { code, stderr } = await mp(...argv, "-o", path);
        assert.equal(code, 3);
        assert.match(stderr, /Cannot go on with what is in ".*\.mp-export": it is a link\nhint: remove it/);
        assert.deepEqual(readdirSync(folder.path(`theirs-${argv[0]}`)), []);
      }
    },
  );
});
