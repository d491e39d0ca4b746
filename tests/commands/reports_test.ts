/** Commands that are plain operations, as typed: `query segmentation|events|properties`, `events …`, lists. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import type { ProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { openQueryLab, PROJECT_ID } from "./query_lab.ts";

const folder = temporaryFolder();
const env = { HOME: folder.path("home"), NO_COLOR: "1" };
const project_id = String(PROJECT_ID);
const range = { from_date: "2026-11-21", to_date: "2026-11-23" };

let lab: ProgramLab;
before(() => void (lab = openQueryLab()));
after(() => lab.stop());
const mp = (...argv: string[]) => lab.sends([...argv, "--no-pacing"], { env });
const onTerminal = (...argv: string[]) => lab.sends([...argv, "--no-pacing"], { env, terminal: { columns: 100 } });

/** A command that must be refused without a request. */
async function refused(...argv: string[]): Promise<string> {
  const before = lab.requests.length;
  const { code, stdout, stderr } = await lab.mp(argv, { env });
  assert.deepEqual([code, stdout, lab.requests.length - before], [3, "", 0], argv.join(" "));
  return stderr;
}

describe("mp query segmentation", () => {
  it("says so when nothing passes a filter, which may name a property that is not there", async () => {
    const filter = ["--where", 'properties["contry"] == "DE"'];
    const { stderr } = await mp("query", "segmentation", "Sign Up", "--last", "3d", ...filter, "-f", "csv");
    assert.match(stderr, /^No 'Sign Up' in these days passed --where; 'mp events properties "Sign Up"' lists/);
    const found = await mp("query", "segmentation", "Sign Up", "--last", "3d", "--where", "true", "-f", "csv");
    assert.equal(found.stderr, "");
  });

  it("sends what was typed, and prints the server's JSON in a pipe", async () => {
    const sent = await mp(
      ...["query", "segmentation", "Sign Up", "--last", "3d", "--on", 'properties["country"]'],
      ...["--where", 'properties["country"] == "DE"', "--unit", "day", "--math", "unique", "--limit", "5"],
    );
    assert.equal(sent.path, "/api/query/segmentation");
    assert.deepEqual(sent.query, {
      project_id,
      event: "Sign Up",
      ...range,
      on: 'properties["country"]',
      where: 'properties["country"] == "DE"',
      unit: "day",
      type: "unique",
      limit: "5",
    });
    const { data } = JSON.parse(sent.stdout);
    assert.deepEqual(data.series, ["2026-11-21", "2026-11-22", "2026-11-23"]);
    assert.deepEqual(data.values, { DE: { "2026-11-21": 1, "2026-11-22": 1, "2026-11-23": 0 } });
    assert.equal(sent.stderr, "");
  });

  it("prints tidy rows as CSV, and one column for each segment as a table", async () => {
    const argv = ["query", "segmentation", "Sign Up", "--last", "3d", "--on", 'properties["country"]'];
    assert.equal(
      (await mp(...argv, "-f", "csv")).stdout,
      "date,segment,value\n2026-11-21,DE,1\n2026-11-21,US,1\n2026-11-22,DE,1\n2026-11-22,US,0\n" +
        "2026-11-23,DE,0\n2026-11-23,US,0\n",
    );
    const lines = (await mp(...argv, "-f", "table")).stdout.trimEnd().split("\n");
    assert.match(lines[0]!, /^date +DE +US$/);
    assert.match(lines.at(-2)!, /^2026-11-22 +1 +0$/);
    const first = JSON.parse((await mp(...argv, "-f", "jsonl")).stdout.split("\n")[0]!);
    assert.deepEqual(first, { date: "2026-11-21", segment: "DE", value: 1 });
  });

  it("draws a chart on a terminal", async () => {
    const { stdout } = await onTerminal("query", "segmentation", "Sign Up", "--last", "3d");
    assert.ok(stdout.split("\n").length > 5, stdout);
    for (const line of stdout.split("\n")) assert.ok(line.length <= 100);
  });

  it("writes a file by its ending", async () => {
    const path = folder.path("sign_ups.csv");
    const { stdout, stderr } = await mp("query", "segmentation", "Sign Up", "--from", "1d", "--to", "1d", "-o", path);
    assert.deepEqual([stdout, stderr], ["", `Wrote ${path}\n`]);
    assert.match(readFileSync(path, "utf8"), /^date,segment,value\n2026-11-22,Sign Up,1\n$/);
  });

  it("filters with jq", async () => {
    const argv = ["query", "segmentation", "Sign Up", "--last", "3d", "--jq"];
    assert.equal((await mp(...argv, "[.data.values[][]] | add")).stdout, "3\n");
    assert.equal((await lab.mp([...argv, "[", "--no-pacing"], { env })).code, 3);
  });

  it("refuses bad input before it is sent", async () => {
    const base = ["query", "segmentation", "Sign Up"];
    assert.match(await refused(...base, "--from", "2026-02-30", "--to", "2026-03-01"), /"2026-02-30": no such day/);
    assert.match(await refused(...base, "--from", "today", "--to", "7d"), /ends before it begins/);
    assert.match(await refused(...base), /--from and --to are missing\nhint: add --last 30d/);
    assert.match(await refused("query", "segmentation", "--last", "7d"), /<event> is missing/);
    assert.match(await refused(...base, "--last", "7d", "--unit", "wek"), /hint: did you mean --unit week\?/);
    assert.match(await refused(...base, "--last", "7d", "--limit", "0"), /--limit 0 is less than 1/);
    assert.match(await refused(...base, "--last", "7d", "Purchase"), /too many arguments/);
  });

  it("asks as whoever is named, about the project that is named", async () => {
    const { code, stderr } = await lab.mp(["events", "list", "-p", "99"], { env });
    assert.notEqual(code, 0);
    assert.match(stderr, /^mp: /);
    const wrong = await lab.mp(["events", "list"], { env: { ...env, MP_SECRET: "wrong-secret-value" } });
    assert.equal(wrong.code, 2);
    assert.doesNotMatch(wrong.stderr, /wrong-secret-value/);
  });

  it("traces requests with -v, without secrets", async () => {
    const { stderr } = await mp("query", "segmentation", "Sign Up", "--last", "1d", "-v");
    assert.match(stderr, /→ GET http:\/\/127\.0\.0\.1:\d+\/api\/query\/segmentation\?/);
    assert.match(stderr, /← 200 in /);
    assert.doesNotMatch(stderr, /sandbox-service-secret|Basic/);
  });
});

describe("mp query events", () => {
  it("sends the names as a JSON list, and the range or the interval", async () => {
    const sent = await mp("query", "events", "Sign Up", "Purchase", "--last", "3d", "-f", "csv");
    assert.deepEqual(sent.query, {
      project_id,
      event: '["Sign Up","Purchase"]',
      ...range,
      type: "general",
      unit: "day",
    });
    assert.match(sent.stdout, /^date,event,value\n/);
    assert.match(sent.stdout, /2026-11-22,Purchase,1\n/);
    const recent = await mp("query", "events", "Sign Up", "--periods", "2");
    assert.deepEqual([recent.query.interval, recent.query.from_date], ["2", undefined]);
  });

  it("needs one of them", async () => {
    assert.match(await refused("query", "events", "Sign Up"), /hint: add --last 30d, .* or --periods N/);
    assert.match(await refused("query", "events", "Sign Up", "--to", "today"), /hint: add --last 30d/);
  });
});

describe("mp query properties", () => {
  it("counts an event by the values of a property", async () => {
    const sent = await mp(
      ...["query", "properties", "Sign Up", "country", "--last", "3d", "--value", "DE", "--value", "US", "-f", "csv"],
    );
    assert.equal(sent.path, "/api/query/events/properties");
    assert.deepEqual([sent.query.event, sent.query.name, sent.query.values], ["Sign Up", "country", '["DE","US"]']);
    assert.match(sent.stdout, /2026-11-21,US,1\n/);
  });
});

describe("mp events", () => {
  it("lists names", async () => {
    const sent = await mp("events", "list", "--limit", "10");
    assert.equal(sent.path, "/api/query/events/names");
    assert.deepEqual(sent.query, { project_id, type: "general", limit: "10" });
    assert.deepEqual(JSON.parse(sent.stdout), ["Sign Up", "Purchase"]);
    assert.equal((await mp("events", "list", "-f", "csv")).stdout, "event\nSign Up\nPurchase\n");
  });

  it("shows today's top events", async () => {
    const sent = await mp("events", "top", "-f", "csv");
    assert.equal(sent.path, "/api/query/events/top");
    assert.match(sent.stdout, /^event,amount,percent_change\n/);
    assert.match(sent.stdout, /\nPurchase,1,/);
    assert.match((await onTerminal("events", "top")).stdout, /Purchase/);
  });

  it("shows an event's properties", async () => {
    const sent = await mp("events", "properties", "Purchase", "--limit", "3", "-f", "csv");
    assert.equal(sent.path, "/api/query/events/properties/top");
    assert.deepEqual([sent.query.event, sent.query.limit], ["Purchase", "3"]);
    assert.match(sent.stdout, /^property,count\n/);
    assert.match(sent.stdout, /\namount,2\n/);
  });

  it("shows a property's values, of an event or of any", async () => {
    const sent = await mp("events", "values", "Sign Up", "country", "-f", "csv");
    assert.equal(sent.path, "/api/query/events/properties/values");
    assert.deepEqual([sent.query.event, sent.query.name], ["Sign Up", "country"]);
    assert.equal(sent.stdout, "value\nDE\nUS\n");
    assert.equal((await mp("events", "values", "country")).query.event, undefined);
  });
});

describe("mp funnels list and mp projects list", () => {
  it("list what is saved, with ids that are not grouped as numbers are", async () => {
    const funnels = await onTerminal("funnels", "list");
    assert.equal(funnels.path, "/api/query/funnels/list");
    assert.match(funnels.stdout, /funnel_id +name/);
    assert.match(funnels.stdout, /7001 +To purchase/);
    const projects = await onTerminal("projects", "list");
    assert.equal(projects.path, "/api/app/me");
    assert.match(projects.stdout, /1000001 +Sandbox/);
  });

  it("show the organization's name beside a project's", async () => {
    const { stdout } = await mp("projects", "list", "-f", "csv");
    assert.match(stdout, /^id,name,organization,timezone\n1000001,Sandbox,Sandbox organization,UTC\n/);
  });
});

describe("mp profiles get", () => {
  it("shows a profile, in the form that its reader wants", async () => {
    const sent = await mp("profiles", "get", "ann");
    assert.deepEqual([sent.method, sent.path], ["POST", "/api/query/engage"]);
    assert.deepEqual(Object.fromEntries(new URLSearchParams(sent.text)), { distinct_id: "ann" });
    assert.equal(JSON.parse(sent.stdout).results[0].$properties.plan, "pro");
    assert.match((await onTerminal("profiles", "get", "ann")).stdout, /plan +pro/);
    assert.match((await mp("profiles", "get", "ann", "-f", "csv")).stdout, /^\$distinct_id,.*plan.*\nann,.*pro/);
    const path = folder.path("ann.csv");
    await mp("profiles", "get", "ann", "-o", path);
    assert.match(readFileSync(path, "utf8"), /^\$distinct_id,.*\nann,/);
  });

  it("says that there is none", async () => {
    const { code, stdout, stderr } = await lab.mp(["profiles", "get", "nobody"], { env });
    assert.deepEqual([code, stdout], [4, ""]);
    assert.equal(
      stderr,
      'mp: Cannot find a profile of "nobody"\n' +
        "hint: events alone make no profile; 'mp profiles list' shows who has one\n",
    );
    const byMail = await lab.mp(["profiles", "get", "ann@example.com"], { env });
    const hinted = 'mp profiles list --where \'properties["$email"] == "ann@example.com"\'';
    assert.equal(byMail.stderr, `mp: Cannot find a profile of "ann@example.com"\nhint: by e-mail: ${hinted}\n`);
  });
});

describe("mp profiles list", () => {
  it("filters, and chooses properties", async () => {
    const sent = await mp(
      ...["profiles", "list", "--where", 'properties["plan"] == "pro"', "--output-property", "plan", "-f", "csv"],
    );
    assert.deepEqual(Object.fromEntries(new URLSearchParams(sent.text)), {
      where: 'properties["plan"] == "pro"',
      output_properties: '["plan"]',
    });
    assert.equal(sent.stdout, "$distinct_id,plan\nann,pro\ncid,pro\n");
  });

  it("fetches pages up to the limit, and the whole list with 0", async () => {
    for (const [limit, pages, found] of [["1", 1, 1], ["2", 1, 2], ["3", 2, 3], ["0", 2, 3]] as const) {
      const before = lab.requests.length;
      const { code, stdout } = await lab.mp(["profiles", "list", "--page-size", "2", "-n", limit], { env });
      assert.equal(code, 0);
      assert.deepEqual([lab.requests.length - before, JSON.parse(stdout).results.length], [pages, found], limit);
      assert.equal(JSON.parse(stdout).total, 3);
    }
  });

  it("prints the server's body unchanged when one page is all", async () => {
    const { stdout } = await mp("profiles", "list");
    assert.ok("session_id" in JSON.parse(stdout));
  });

  it("says on a terminal when there are more", async () => {
    const some = await onTerminal("profiles", "list", "--limit", "2");
    assert.equal(some.stderr, "2 of 3; --limit 0 shows all\n");
    assert.equal((await onTerminal("profiles", "list")).stderr, "");
  });
});
