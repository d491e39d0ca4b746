import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { after, before, beforeEach, describe, it } from "node:test";
import { runCommand } from "../../src/cli/run_command.ts";
import copyCommand from "../../src/commands/copy.ts";
import { MpError } from "../../src/errors.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { type FakeClock, fakeClock } from "../helpers/fake_clock.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { NOW_MS, testWorld } from "../helpers/world.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { addFaults } from "../helpers/sandbox_faults.ts";

interface Event {
  event: string;
  properties: Record<string, unknown>;
}

const folder = temporaryFolder();
const clock = fakeClock(NOW_MS);
const authorization = `Basic ${btoa(`${SANDBOX.username}:${SANDBOX.serviceSecret}`)}`;
const range = ["--from", "2026-11-01", "--to", "2026-11-20"];
let lab: ProgramLab;
let target = 0;
let runs = 0;

before(async () => {
  lab = openProgramLab({ profilePageSize: 2, addServerProperties: true }, clock);
  const events: Event[] = Array.from({ length: 60 }, (_, index) => ({
    event: index % 2 === 0 ? "Visit" : "Purchase",
    properties: {
      time: Date.UTC(2026, 10, 1 + index % 20, 12, 0, 0, index),
      distinct_id: `u-${index % 7}`,
      $insert_id: `i-${index}`,
      order: 1234567890123456000 + index,
    },
  }));
  const lines = events.map((one) => JSON.stringify(one).replace(/(\d{16})\d{3}/, "$1789"));
  await send(lines);
  await send([JSON.stringify({
    event: "$identify",
    properties: {
      time: Date.UTC(2026, 10, 3),
      distinct_id: "u-1",
      $insert_id: "link",
      $identified_id: "u-1",
      $anon_id: "x",
    },
  })]);
  for (const id of ["a", "b", "c"]) {
    lab.store.profiles.put(SANDBOX.projectId, "", id, { org: 10n ** 18n + 7n, $last_seen: "2026-01-01T00:00:00" });
  }
  lab.store.profiles.put(SANDBOX.projectId, "company", "Acme", { plan: "pro" });
  lab.store.profiles.dataGroupId(SANDBOX.projectId, "company");
});
after(() => lab.stop());

/** A new project to copy into, and accounts for both. */
beforeEach(async () => {
  await fetch(`${lab.url}/sandbox/faults`, { method: "DELETE" });
  const answer = await fetch(`${lab.url}/api/app/projects`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({ name: `Target ${++runs}` }),
  });
  const { id, token } = await answer.json() as { id: number; token: string };
  target = id;
  const common = `username = "${SANDBOX.username}"\nsecret = "${SANDBOX.serviceSecret}"\nbase_url = "${lab.url}"`;
  const path = folder.write(
    "config.toml",
    `[accounts.from]\n${common}\nproject_id = "${SANDBOX.projectId}"\nproject_token = "${SANDBOX.token}"\n` +
      `[accounts.to]\n${common}\nproject_id = "${id}"\nproject_token = "${token}"\n` +
      `[accounts.tokenless]\n${common}\nproject_id = "${id}"\n`,
  );
  chmodSync(path, 0o600);
});

async function send(lines: string[]): Promise<void> {
  const answer = await fetch(`${lab.url}/import?strict=1&project_id=${SANDBOX.projectId}`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson", authorization },
    body: lines.map((line) => line + "\n").join(""),
  });
  assert.equal(answer.status, 200, await answer.text());
}

const copy = (...argv: string[]) => copyAt(clock, ...argv);

async function copyAt(clock: FakeClock, ...argv: string[]) {
  const stateHome = folder.path(`state-${target}`);
  const world = testWorld({ clock, env: { XDG_STATE_HOME: stateHome, MP_CONFIG_PATH: config() } });
  const accounts = argv.some((one) => one === "--target") ? [] : ["--target", "to"];
  let error: MpError | undefined;
  const code = await runCommand("copy", copyCommand, ["--source", "from", ...accounts, ...argv], world)
    .catch((cause) => {
      if (!(cause instanceof MpError)) throw cause;
      error = cause;
      return cause.exitCode;
    });
  return { code, error, stdout: world.stdout.text(), stderr: world.stderr.text(), copies: `${stateHome}/mp/copies` };
}

function config(): string {
  return folder.path("config.toml");
}

const addFault = (fault: Record<string, unknown>) => addFaults(lab.url, fault);

/** The events of a project, as text. */
async function exported(project: number): Promise<string[]> {
  const search = `project_id=${project}&from_date=2026-10-01&to_date=2026-11-23&time_in_ms=true`;
  const answer = await fetch(`${lab.url}/api/2.0/export?${search}`, { headers: { authorization } });
  return (await answer.text()).split("\n").filter((line) => line !== "");
}

const idsOf = (lines: string[]) => lines.map((line) => JSON.parse(line).properties.$insert_id as string).sort();
const sentTo = (project: number, path: string, from: number) =>
  lab.requests.slice(from).filter((one) => one.path === path && one.query.project_id === String(project));

describe("mp copy", () => {
  it("copies events with milliseconds, long integers and their $insert_ids, without what servers had added", async () => {
    const seen = lab.requests.length;
    const { code, stderr } = await copy(...range, "--skip-identity");
    assert.equal(code, 0, stderr);
    const copied = await exported(target);
    assert.deepEqual(idsOf(copied), Array.from({ length: 60 }, (_, index) => `i-${index}`).sort());
    const sent = sentTo(target, "/import", seen).map(({ text }) => text).join("");
    assert.match(sent, new RegExp(`"time":${Date.UTC(2026, 10, 8, 12, 0, 0, 7)},`));
    assert.match(sent, /"order":1234567890123456789[,}]/);
    assert.doesNotMatch(sent, /\$import|\$mp_api|mp_processing_time_ms/);
    assert.match(stderr, /Copied 61 records in .*: 60 accepted, 1 left out/);
  });

  it("says beforehand what is copied, and what becomes of identity events", async () => {
    const { stderr } = await copy(...range, "--profiles", "--event", "Visit");
    assert.match(
      stderr,
      new RegExp(
        `^Copying profiles, events \\(2026-11-01 to 2026-11-20\\) from project ${SANDBOX.projectId} on .* to ${target} on `,
      ),
    );
    assert.match(
      stderr,
      /\$identify, \$create_alias and \$merge go along, and are refused by projects with simplified/,
    );
  });

  it("accounts for identity events that the target refuses, in a file of rejects", async () => {
    const { code, stderr, copies } = await copy(...range);
    assert.equal(code, 8, stderr);
    assert.match(stderr, /Copied 61 records in .*: 60 accepted, 1 rejected\n/);
    const [, path = ""] = /Rejected records with their reasons: (.*)\n/.exec(stderr) ?? [];
    assert.ok(path.startsWith(copies));
    const reject = JSON.parse(readFileSync(path, "utf8"));
    assert.match(reject.reason, /identity events are not allowed/);
    assert.equal(reject.record.properties.$insert_id, "link");
    assert.match(reject.source, /^events of /);
    assert.equal((await exported(target)).length, 60);
  });

  it("copies what the filters let through", async () => {
    await copy(...range, "--event", "Purchase");
    assert.ok((await exported(target)).every((line) => JSON.parse(line).event === "Purchase"));
    assert.equal((await exported(target)).length, 30);
  });

  it("copies profiles of users and groups, with long integers, and leaves $last_seen as it was", async () => {
    const { code, stderr } = await copy("--profiles", "--groups", "company=1000000000000000001");
    assert.equal(code, 0, stderr);
    const { profiles } = lab.store;
    assert.deepEqual(profiles.get(target, "", "b"), { org: 10n ** 18n + 7n, $last_seen: "2026-01-01T00:00:00" });
    assert.deepEqual(profiles.get(target, "company", "Acme"), { plan: "pro" });
    assert.deepEqual(await exported(target), []);
  });

  it("copies the dictionary and the notes, and notes that are there already only once", async () => {
    const mp = (...argv: string[]) => lab.mp(argv);
    await mp("annotations", "create", `Launch ${runs}`, "--date", "2026-10-01");
    const entry = { entityType: "event", name: "Visit", schemaJson: { description: "Came by", properties: {} } };
    await lab.mp(["lexicon", "upload", "-"], { stdin: JSON.stringify([entry]) });
    for (let run = 0; run < 2; run++) {
      const { code, stderr } = await copy("--lexicon", "--annotations");
      assert.equal(code, 0, stderr);
    }
    const env = { MP_PROJECT_ID: String(target) };
    const notes = JSON.parse((await lab.mp(["annotations", "list"], { env })).stdout).results;
    assert.deepEqual(notes.map(({ description }: { description: string }) => description), [`Launch ${runs}`]);
    assert.match((await lab.mp(["export", "lexicon"], { env })).stdout, /"Came by"/);
  });

  it("continues where it stopped: what the target has is not sent again", async () => {
    // The first day is a slice of its own.
    await addFault({ kind: "answer", status: 403, path: "/import", skip: 1, times: 1 });
    const first = await copy(...range, "--skip-identity");
    assert.equal(first.code, 2, first.stderr);
    assert.match(first.error?.hint ?? "", /run the same command again: it continues where this one stopped/);
    assert.match(first.stderr, /Stopped after \d+ records in .*: 3 accepted, .*not sent/);
    const seen = lab.requests.length;
    const second = await copy(...range, "--skip-identity");
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stderr, /Copied 61 records in .*: 60 accepted, 1 left out/);
    const again = sentTo(target, "/import", seen).map(({ text }) => text).join("");
    assert.doesNotMatch(again, /"i-0"/);
    assert.equal(idsOf(await exported(target)).length, 60);
  });

  it("says which days could not be read, and copies them when it is typed again", async () => {
    await addFault({ kind: "answer", status: 500, path: "/api/2.0/export", skip: 1, times: 500 });
    const first = await copy(...range, "--skip-identity");
    assert.equal(first.code, 6, first.stderr);
    assert.match(first.error?.message ?? "", /could not be fetched/);
    await fetch(`${lab.url}/sandbox/faults`, { method: "DELETE" });
    assert.equal((await copy(...range, "--skip-identity")).code, 0);
    assert.equal((await exported(target)).length, 60);
  });

  it("leaves no state behind when everything is there", async () => {
    const { copies } = await copy(...range, "--skip-identity");
    const [own = ""] = readdirSync(copies);
    assert.deepEqual(readdirSync(`${copies}/${own}`).filter((name) => !name.startsWith(".")), []);
  });

  it("sums up each part for programs", async () => {
    const { stdout } = await copy(...range, "--skip-identity", "-f", "json");
    const { exported, accepted, rejected, left_out, in_doubt, not_sent, parts } = JSON.parse(stdout);
    assert.deepEqual([exported, accepted, rejected, left_out, in_doubt, not_sent], [61, 60, 0, 1, 0, 0]);
    assert.equal(parts[0].from, "2026-11-01");
    assert.equal(parts.at(-1).to, "2026-11-20");
  });

  it("counts as in doubt what was sent and not answered, and copies it when it is typed again", async () => {
    await addFault({ kind: "answer", status: 502, path: "/import", times: 500 });
    const first = await copy(...range, "--skip-identity", "-f", "json");
    assert.equal(first.code, 6, first.stderr);
    const { exported: read, accepted, left_out, in_doubt, not_sent } = JSON.parse(first.stdout);
    assert.ok(in_doubt > 0);
    assert.equal(read, accepted + left_out + in_doubt + not_sent);
    assert.match(first.stderr, /in doubt: sent, and not answered/);
    await fetch(`${lab.url}/sandbox/faults`, { method: "DELETE" });
    assert.equal((await copy(...range, "--skip-identity")).code, 0);
    assert.equal(idsOf(await exported(target)).length, 60);
  });

  it("says without a terminal that it waits for long, and for what", async () => {
    await addFault({ kind: "rate_limit", path: "/api/2.0/export", retryAfterSeconds: 120, times: 1 });
    const { code, stderr } = await copy(...range, "--skip-identity");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^rate limited; again in 2 m 00 s$/m);
  });

  it("shows its first request in a dry run, and makes nothing", async () => {
    const seen = lab.requests.length;
    const { code, stdout, copies } = await copy(...range, "--dry-run");
    assert.equal(code, 0);
    assert.match(stdout, /^curl .*\/export\?.*from_date=2026-11-01.*time_in_ms=true/s);
    assert.deepEqual([lab.requests.length, existsSync(copies)], [seen, false]);
  });

  it("counts the local times of an old project in its zone", async () => {
    const seen = lab.requests.length;
    await copy(...range, "--skip-identity", "--timezone", "Europe/Berlin");
    const sent = sentTo(target, "/import", seen).map(({ text }) => text).join("");
    assert.match(sent, new RegExp(`"time":${Date.UTC(2026, 10, 8, 11, 0, 0, 7)},`));
  });

  it("is refused before anything is sent when it makes no sense", async () => {
    const seen = lab.requests.length;
    for (
      const [argv, message] of [
        [["--target", "from", ...range], /Cannot copy project 1000001 to itself/],
        [["--to", "2026-11-01"], /the first of the days is missing/],
        [[], /nothing is named to be copied/],
        [[...range, "--project", "5"], /Cannot use --project with a copy/],
        [["--groups", "company"], /it is no KEY=ID/],
        [["--target", "nobody", ...range], /"nobody": no such account \(for the target\)/],
        [["--target", "tokenless", "--profiles"], /the project token of the target is not known/],
        [["--target", "to", "--target-project", "5", "--profiles"], /the project token of the target is not known/],
        [[...range, "--timezone", "Mars/Base"], /Mars\/Base/],
      ] as const
    ) {
      const { code, error } = await copy(...argv);
      assert.ok(code === 3 || code === 2, `${argv}: ${code}`);
      assert.match(error?.message ?? "", message);
    }
    assert.equal(lab.requests.length, seen);
  });

  it("does not go on with the state of another copy", async () => {
    const state = folder.path(`own-state-${target}`);
    await addFault({ kind: "answer", status: 403, path: "/import", skip: 1 });
    await copy(...range, "--state", state);
    const other = await copy(...range, "--state", state, "--event", "Visit");
    assert.equal(other.error?.code, "other_copy");
    assert.equal((await copy(...range, "--state", state, "--event", "Visit", "--restart")).code, 0);
  });

  it("says which side refused, and which account its credentials come from", async () => {
    for (const [path, side] of [["/import", "target"], ["/api/2.0/export", "source"]] as const) {
      await addFault({ kind: "answer", status: 401, path, times: 1 });
      const { code, error } = await copy(...range, "--skip-identity", "--restart");
      assert.equal(code, 2);
      assert.match(error?.message ?? "", new RegExp(`: the credentials were refused \\(for the ${side}\\)$`));
      const account = side === "target" ? "to" : "from";
      const host = new URL(lab.url).host;
      assert.equal(
        error?.hint?.split("; then ")[0],
        `check the service account of account '${account}'; base_url of account '${account}' sends everything to ${host}`,
      );
    }
  });

  it("still reads which records a target refuses", async () => {
    const { code, stderr } = await copy(...range);
    assert.equal(code, 8);
    assert.match(stderr, /60 accepted, 1 rejected/);
  });

  it("ends today when only the first day is given", async () => {
    const { code, stderr } = await copy("--from", "2026-11-01", "--skip-identity");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^Copying events \(2026-11-01 to 2026-11-23\)/);
  });

  it("goes on after midnight with days that were named by today", async () => {
    const own = fakeClock(Date.UTC(2026, 10, 20, 23));
    let folders = 0;
    for (const days of [["--last", "20d"], ["--from", "2026-11-01"], ["--from", "19d", "--to", "today"]]) {
      await fetch(`${lab.url}/sandbox/faults`, { method: "DELETE" });
      await addFault({ kind: "answer", status: 403, path: "/import", skip: 1, times: 1 });
      const argv = [...days, "--skip-identity", "--event", "Visit", "--rejects", folder.path(`${days.join("")}.jsonl`)];
      const first = await copyAt(own, ...argv);
      assert.equal(first.code, 2, first.stderr);
      const seen = lab.requests.length;
      const second = await copyAt(fakeClock(own.now() + 2 * 3_600_000), ...argv);
      assert.equal(second.code, 0, second.stderr);
      assert.match(second.stderr, /Copied 30 records in .*: 30 accepted/);
      assert.doesNotMatch(sentTo(target, "/import", seen).map(({ text }) => text).join(""), /"i-0"/);
      assert.equal(readdirSync(second.copies).length, ++folders);
    }
  });

  it("does the lists once in a copy, and counts them once", async () => {
    const entry = { entityType: "event", name: "Visit", schemaJson: { description: "Came by", properties: {} } };
    await lab.mp(["lexicon", "upload", "-"], { stdin: JSON.stringify([entry]) });
    const argv = [...range, "--skip-identity", "--lexicon", "--annotations", "-f", "json"];
    await addFault({ kind: "answer", status: 403, path: "/import", times: 1 });
    const first = await copy(...argv);
    assert.equal(first.code, 2, first.stderr);
    const seen = lab.requests.length;
    const { stdout, stderr } = await copy(...argv);
    const names = JSON.parse(stdout).parts.map(({ name }: { name: string }) => name);
    assert.deepEqual(
      names.slice(0, 3).filter((name: string) => !name.startsWith("events")),
      ["lexicon", "annotations"],
      stderr,
    );
    const paths = lab.requests.slice(seen).map(({ path }) => path);
    assert.deepEqual(paths.filter((path) => /schemas|annotations/.test(path)), []);
  });

  it("copies groups whose id has been corrected", async () => {
    const other = lab.store.profiles.dataGroupId(SANDBOX.projectId, "brand");
    await addFault({ kind: "answer", status: 403, path: "/import", times: 2 });
    const wrong = await copy(...range, "--skip-identity", "--groups", `company=${other}`);
    assert.equal(wrong.code, 2, wrong.stderr);
    assert.equal(lab.store.profiles.get(target, "company", "Acme"), undefined);
    await copy(...range, "--skip-identity", "--groups", "company=1000000000000000001");
    assert.deepEqual(lab.store.profiles.get(target, "company", "Acme"), { plan: "pro" });
  });

  it("fetches profiles again when it starts over", async () => {
    await addFault({ kind: "answer", status: 403, path: "/engage", times: 1 });
    const first = await copy("--profiles");
    assert.equal(first.code, 2, first.stderr);
    lab.store.profiles.put(SANDBOX.projectId, "", "a", { org: 5 });
    try {
      assert.equal((await copy("--profiles", "--restart")).code, 0);
      assert.deepEqual(lab.store.profiles.get(target, "", "a"), { org: 5 });
    } finally {
      lab.store.profiles.put(SANDBOX.projectId, "", "a", { org: 10n ** 18n + 7n, $last_seen: "2026-01-01T00:00:00" });
    }
  });
});
