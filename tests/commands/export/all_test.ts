import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { after, before, beforeEach, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";
import { openProgramLab, type ProgramLab } from "../../helpers/program_lab.ts";
import { NOW_MS } from "../../helpers/world.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { addFaults } from "../../helpers/sandbox_faults.ts";

const folder = temporaryFolder();
const clock = fakeClock(NOW_MS);
let lab: ProgramLab;
let path = "";
let runs = 0;

before(async () => {
  lab = openProgramLab({ profilePageSize: 2 }, clock);
  const { profiles } = lab.store;
  for (const id of ["a", "b", "c"]) profiles.put(SANDBOX.projectId, "", id, { n: 1 });
  profiles.put(SANDBOX.projectId, "company", "Acme", {});
  profiles.dataGroupId(SANDBOX.projectId, "company");
  const events = [20, 21, 21].map((day, index) => ({
    event: "E",
    properties: { time: Date.UTC(2026, 10, day) + index, distinct_id: "a", $insert_id: `i-${index}` },
  }));
  const answer = await fetch(`${lab.url}/import?strict=1&project_id=${SANDBOX.projectId}`, {
    method: "POST",
    headers: {
      "content-type": "application/x-ndjson",
      authorization: `Basic ${btoa(`${SANDBOX.username}:${SANDBOX.serviceSecret}`)}`,
    },
    body: events.map((one) => JSON.stringify(one) + "\n").join(""),
  });
  assert.equal(answer.status, 200, await answer.text());
});
after(() => lab.stop());
beforeEach(async () => {
  await fetch(`${lab.url}/sandbox/faults`, { method: "DELETE" });
  path = folder.path(`backup-${++runs}`);
});

const days = ["--from", "2026-11-20", "--to", "2026-11-21"];
const mp = (...argv: string[]) =>
  lab.mp(["export", "all", path, ...argv], { env: { XDG_STATE_HOME: folder.path("state") } });
const addFault = (fault: Record<string, unknown>) => addFaults(lab.url, fault);
const filesOf = (place: string) => readdirSync(place).filter((name) => !name.startsWith(".")).sort();
const manifest = () => JSON.parse(readFileSync(`${path}/_mp_backup.json`, "utf8"));
const states = () => manifest().parts.map(({ name, state }: { name: string; state: string }) => `${name} ${state}`);

describe("mp export all", () => {
  it("puts each part of a project into a file, the events into a folder", async () => {
    const { code, stdout, stderr } = await mp(...days, "--group-key-id", "1000000000000000001");
    assert.equal(code, 0, stderr);
    assert.deepEqual(filesOf(path), [
      "_mp_backup.json",
      "annotations.jsonl",
      "cohorts.jsonl",
      "events",
      "groups_1000000000000000001.jsonl.gz",
      "lexicon.jsonl",
      "lookup_tables.jsonl",
      "profiles.jsonl.gz",
    ]);
    assert.deepEqual(filesOf(`${path}/events`), [
      "_mp_manifest.json",
      "events_2026-11-20.jsonl.gz",
      "events_2026-11-21.jsonl.gz",
    ]);
    assert.equal(gunzipSync(readFileSync(`${path}/profiles.jsonl.gz`)).toString().split("\n").length, 4);
    const { parts } = JSON.parse(stdout);
    assert.deepEqual(parts.map(({ name, records }: { name: string; records: number }) => [name, records]), [
      ["lexicon", 0],
      ["annotations", 0],
      ["cohorts", 0],
      ["lookup_tables", 1],
      ["profiles", 3],
      ["groups_1000000000000000001", 1],
      ["events", 3],
    ]);
  });

  it("is verified as a whole", async () => {
    await mp(...days);
    const verify = () => lab.mp(["export", "verify", path, "-f", "json"]);
    const whole = await verify();
    assert.equal(whole.code, 0, whole.stderr);
    assert.deepEqual(JSON.parse(whole.stdout), {
      complete: true,
      missing: [],
      files: 7,
      events: 3,
      faults: 0,
      problems: [],
    });
    writeFileSync(`${path}/cohorts.jsonl`, "{}\n{}\n");
    writeFileSync(`${path}/profiles.jsonl.gz`, readFileSync(`${path}/profiles.jsonl.gz`).subarray(0, -4));
    rmSync(`${path}/events/events_2026-11-20.jsonl.gz`);
    rmSync(`${path}/lexicon.jsonl`);
    const broken = await verify();
    assert.equal(broken.code, 1);
    const { faults, problems } = JSON.parse(broken.stdout);
    assert.equal(faults, 4);
    assert.deepEqual(problems.map((one: { path: string; problem: string }) => `${one.path} ${one.problem}`), [
      "lexicon.jsonl missing",
      "cohorts.jsonl wrong_count",
      "profiles.jsonl.gz damaged",
      "events/events_2026-11-20.jsonl.gz missing",
    ]);
  });

  it("keeps the milliseconds of events", async () => {
    await mp(...days);
    const text = gunzipSync(readFileSync(`${path}/events/events_2026-11-21.jsonl.gz`)).toString();
    assert.match(text, new RegExp(`"time":${Date.UTC(2026, 10, 21) + 2}\\b`));
  });

  it("says what is not included", async () => {
    const { stderr } = await mp(...days);
    assert.match(stderr, /Not included: dashboards and reports, .* \(profiles of groups: add --group-key-id\)/);
    assert.ok(manifest().not_included.includes("profiles of groups"));
  });

  it("reports a part that is not allowed, fetches the others, and ends with its exit code", async () => {
    await addFault({
      kind: "answer",
      status: 403,
      path: "/api/query/cohorts/list",
      times: 9,
      body: { error: "no cohorts" },
    });
    const { code, stdout } = await mp(...days);
    assert.equal(code, 2);
    const failed = JSON.parse(stdout).parts.filter(({ state }: { state: string }) => state !== "done");
    assert.deepEqual(failed.map(({ name }: { name: string }) => name), ["cohorts"]);
    assert.match(failed[0].reason, /no cohorts/);
    assert.equal(manifest().complete, false);
  });

  it("ends with the exit code of the worst part", async () => {
    await addFault({ kind: "answer", status: 403, path: "/api/app/*", times: 9 });
    await addFault({ kind: "answer", status: 500, path: "/api/query/cohorts/list", times: 99 });
    assert.equal((await mp(...days)).code, 6);
  });

  it("continues where it stopped: what is there is not fetched again", async () => {
    await addFault({ kind: "answer", status: 403, path: "/api/query/engage" });
    await mp(...days);
    assert.deepEqual(states().filter((one: string) => !one.endsWith("done")), ["profiles failed"]);
    const seen = lab.requests.length;
    const { code, stderr } = await mp(...days);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^lexicon: there since an earlier run\n/);
    assert.deepEqual([...new Set(lab.requests.slice(seen).map((one) => one.path))], ["/api/query/engage"]);
    assert.equal(manifest().complete, true);
  });

  it("renews a backup that was complete, and fetches no day of events again", async () => {
    await mp(...days);
    const seen = lab.requests.length;
    assert.equal((await mp(...days)).code, 0);
    const paths = new Set(lab.requests.slice(seen).map((one) => one.path));
    assert.ok(paths.has("/api/query/engage"));
    assert.equal(paths.has("/api/2.0/export"), false);
  });

  it("is renewed on another day: earlier days stay and are not fetched again, the days between are not left out", async () => {
    await mp("--from", "2026-11-18", "--to", "2026-11-18");
    const seen = lab.requests.length;
    const { code, stderr } = await mp("--from", "2026-11-20", "--to", "2026-11-21");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^Days: 2026-11-18 to 2026-11-21\n/);
    const asked = lab.requests.slice(seen).filter(({ path }) => path === "/api/2.0/export").map(({ query }) => [
      query.from_date,
      query.to_date,
    ]);
    assert.equal(asked.flat().sort()[0], "2026-11-19");
    assert.equal(asked.flat().sort().at(-1), "2026-11-21");
    const { complete, from_date, to_date, parts } = manifest();
    assert.deepEqual([complete, from_date, to_date], [true, "2026-11-18", "2026-11-21"]);
    assert.equal(parts.at(-1).records, 3);
    assert.equal(filesOf(`${path}/events`).length, 5);
    // A range within the one that is there makes nothing of it less.
    assert.equal((await mp(...days)).code, 0);
    assert.deepEqual([manifest().complete, manifest().from_date], [true, "2026-11-18"]);
  });

  it("goes on to yesterday from its first day where no days are given", async () => {
    const without = await mp();
    assert.equal(without.code, 3);
    assert.match(without.stderr, /it has no backup yet, and no days are given\n.*--from DAY/);
    await mp("--from", "2026-11-19", "--to", "2026-11-19");
    const { code, stderr } = await mp();
    assert.equal(code, 0, stderr);
    const yesterday = new Date(NOW_MS - 86_400_000).toISOString().slice(0, 10);
    assert.deepEqual([manifest().from_date, manifest().to_date], ["2026-11-19", yesterday]);
    const late = await mp("--from", "2027-11-19");
    assert.equal(late.code, 3);
    assert.match(late.stderr, /it ends before it begins/);
  });

  it("has the days that are asked for alone when it starts over", async () => {
    await mp("--from", "2026-11-18", "--to", "2026-11-19");
    assert.equal((await mp(...days, "--restart")).code, 0);
    assert.deepEqual([manifest().from_date, manifest().to_date], ["2026-11-20", "2026-11-21"]);
    assert.equal(filesOf(`${path}/events`).length, 3);
  });

  it("does not mix projects in a folder, and refuses what it cannot read", async () => {
    await mp(...days);
    rmSync(`${path}/events`, { recursive: true });
    const other = await mp(...days, "--project", "2");
    assert.equal(other.code, 3);
    assert.match(other.stderr, /it is the backup of project 1000001/);
  });

  it("is refused where a file is", async () => {
    path = folder.write("a-file", "");
    const { code, stderr } = await mp(...days);
    assert.equal(code, 3);
    assert.match(stderr, /Cannot back up to ".*a-file": it is a file/);
  });

  it("stops at once when nothing can be written", async () => {
    const seen = lab.requests.length;
    path = "/dev/null/backup";
    const { code, stderr } = await mp(...days);
    assert.equal(code, 3, stderr);
    assert.match(stderr, /Cannot write/);
    assert.equal(lab.requests.length, seen);
  });
});
