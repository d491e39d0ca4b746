import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { copyProject, type CopySummary } from "../../../src/jobs/copy/copy_project.ts";
import type { WantedCopy } from "../../../src/jobs/copy/projects.ts";
import { copyFolder } from "../../../src/jobs/copy/projects.ts";
import { addDays } from "../../../src/jobs/export/days.ts";
import { MpError } from "../../../src/errors.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";
import { type FakeClient, fakeClient, recordsOf } from "../fake_client.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { SILENT_PROGRESS } from "../../../src/jobs/progress.ts";

const folder = temporaryFolder();
const NOW_MS = Date.UTC(2026, 10, 23);
const EVENTS = 5000;
const wanted: WantedCopy = {
  events: { from: "2026-11-01", to: "2026-11-01" },
  profiles: false,
  groups: [],
  lexicon: false,
  annotations: false,
};
let runs = 0;

const eventOn = (day: string, id: string) =>
  `{"event":"E","properties":{"time":${Date.parse(day)},"distinct_id":"u","$insert_id":"${id}"}}\n`;

/** Events of a day; each hundredth has no time that could be imported. */
function dayWithRejects(day: string, count: number): string {
  return Array.from({ length: count }, (_, index) => {
    const time = index % 100 === 99 ? -10 * 365 * 86_400_000 * 6 : Date.parse(day) + index;
    return `{"event":"E","properties":{"time":${time},"distinct_id":"u","$insert_id":"${day}-${index}","$import":true}}\n`;
  }).join("");
}

function daysOf(query: readonly (readonly [string, string])[]): string[] {
  const { from_date, to_date } = Object.fromEntries(query) as Record<string, string>;
  const days: string[] = [];
  for (let day = from_date as string; day <= (to_date as string); day = addDays(day, 1)) days.push(day);
  return days;
}

const dayOf = (query: readonly (readonly [string, string])[]) => daysOf(query)[0] as string;

function source(): FakeClient {
  return fakeClient(() => dayWithRejects("2026-11-01", EVENTS), { projectId: "1" });
}

/** A project that takes so many requests, and then refuses. */
function target(mostRequests = Infinity): FakeClient {
  let requests = 0;
  return fakeClient((request) => {
    if (++requests > mostRequests) throw new MpError("refused", { category: "auth", status: 403 });
    const count = recordsOf(request).length;
    return JSON.stringify({ code: 200, num_records_imported: count, status: "OK" });
  }, { projectId: "2" });
}

const idsOf = (client: FakeClient) =>
  client.requests.flatMap(recordsOf).map(({ properties }) => properties.$insert_id as string);

async function run(
  own: string,
  from: FakeClient,
  to: FakeClient,
  options: { restart?: boolean; wanted?: WantedCopy; nowMs?: number; rejectsPath?: string } = {},
) {
  const shown: string[] = [];
  const notes: string[] = [];
  const summary: CopySummary = await copyProject({
    source: from,
    target: to,
    folder: own,
    restart: options.restart ?? false,
    rejectsPath: options.rejectsPath,
    sendConcurrency: 1,
    clock: fakeClock(options.nowMs ?? NOW_MS),
    progress: SILENT_PROGRESS,
    onReject: ({ reason }) => void shown.push(reason),
    onNote: (line) => Promise.resolve(void notes.push(line)),
  }, options.wanted ?? wanted);
  return { ...summary, shown, notes };
}

const newFolder = () => folder.path(`copy-${++runs}`);
const rejectsOf = (path: string | undefined) =>
  readFileSync(path ?? "", "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));

describe("a copy of events", () => {
  it("leaves a file alone that holds something else than its rejects, unless it is told to start over", async () => {
    const own = newFolder();
    const rejectsPath = folder.path(`theirs-${runs}.txt`);
    writeFileSync(rejectsPath, "precious\n");
    await assert.rejects(run(own, source(), target(), { rejectsPath }), /there is something in it/);
    assert.equal(readFileSync(rejectsPath, "utf8"), "precious\n");
    await run(own, source(), target(), { rejectsPath, restart: true });
    assert.equal(rejectsOf(rejectsPath).length, 50);
  });

  it("names a lock that was damaged", async () => {
    const own = newFolder();
    mkdirSync(own, { recursive: true });
    writeFileSync(`${own}/.mp.lock`, "garbage");
    const { notes } = await run(own, source(), target());
    assert.ok(notes.includes(`The lock ${own}/.mp.lock was damaged; it was replaced`), notes.join("\n"));
  });

  it("accounts for each event, and says where in its part each rejected one was", async () => {
    const to = target();
    const { parts, failure, rejectsPath, shown } = await run(newFolder(), source(), to);
    assert.equal(failure, undefined);
    assert.deepEqual(parts, [{
      name: "events of 2026-11-01",
      from: "2026-11-01",
      to: "2026-11-01",
      exported: EVENTS,
      accepted: EVENTS - 50,
      rejected: 50,
      leftOut: 0,
    }]);
    assert.equal(new Set(idsOf(to)).size, EVENTS - 50);
    assert.ok(to.requests.flatMap(recordsOf).every(({ properties }) => !("$import" in properties)));
    const rejects = rejectsOf(rejectsPath);
    assert.deepEqual(rejects.map(({ line }) => line), Array.from({ length: 50 }, (_, index) => index * 100 + 100));
    assert.equal(shown.length, 50);
  });

  it("goes on within a part, fetches nothing again, and rejects nothing twice", async () => {
    const own = newFolder();
    const first = await run(own, source(), target(1));
    assert.equal(first.failure?.message, "refused");
    assert.match(first.failure?.hint ?? "", /run the same command again/);
    const [stopped] = first.parts;
    assert.equal(stopped?.exported, EVENTS);
    assert.equal(stopped?.accepted, 2000);
    const [from, to] = [source(), target()];
    const second = await run(own, from, to);
    assert.equal(second.failure, undefined);
    assert.equal(from.requests.length, 0);
    assert.equal(idsOf(to).length, EVENTS - 50 - 2000);
    assert.deepEqual([second.parts[0]?.accepted, second.parts[0]?.rejected], [EVENTS - 50, 50]);
    assert.equal(rejectsOf(second.rejectsPath).length, 50);
  });

  it("cuts off rejects that a killed run had written and not counted", async () => {
    const own = newFolder();
    await run(own, source(), target(1));
    writeFileSync(`${own}/rejects.jsonl`, '{"killed":true}\n', { flag: "a" });
    const { rejectsPath } = await run(own, source(), target());
    const rejects = rejectsOf(rejectsPath);
    assert.deepEqual([rejects.length, rejects.some(({ killed }) => killed)], [50, false]);
  });

  it("is not mixed with another; it can be started over", async () => {
    const own = newFolder();
    await run(own, source(), target(1));
    const other = { ...wanted, events: { from: "2026-11-01", to: "2026-11-01", skipIdentity: true } };
    await assert.rejects(run(own, source(), target(), { wanted: other }), { category: "input", code: "other_copy" });
    writeFileSync(`${own}/state.json`, "{");
    await assert.rejects(run(own, source(), target()), /it is damaged, or not of a copy/);
    const { parts, failure } = await run(own, source(), target(), { restart: true });
    assert.deepEqual([failure, parts[0]?.accepted], [undefined, EVENTS - 50]);
  });

  it("leaves no state behind when everything is there, and no file where nothing was rejected", async () => {
    const own = newFolder();
    const clean = fakeClient(
      () => '{"event":"E","properties":{"time":1793577600000,"distinct_id":"u","$insert_id":"i"}}\n',
      { projectId: "1" },
    );
    const { rejectsPath } = await run(own, clean, target());
    assert.equal(rejectsPath, undefined);
    assert.deepEqual(readdirSync(own).filter((name) => !name.startsWith(".")), []);
  });

  it("keeps what is settled of a day when a list is added", async () => {
    const own = newFolder();
    await run(own, source(), target(1));
    const withList = (client: FakeClient): FakeClient =>
      fakeClient((request) => {
        if (request.path.endsWith("/annotations")) return '{"status":"ok","results":[]}';
        return client.send(request).then((answer) => answer.text());
      }, client.connection);
    const [from, to] = [source(), target()];
    const { failure, parts, rejectsPath } = await run(own, withList(from), withList(to), {
      wanted: { ...wanted, annotations: true },
    });
    assert.equal(failure, undefined);
    assert.deepEqual([from.requests.length, idsOf(to).length], [0, EVENTS - 50 - 2000]);
    assert.deepEqual(parts.map(({ name }) => name), ["annotations", "events of 2026-11-01"]);
    assert.equal(rejectsOf(rejectsPath).length, 50);
  });

  it("delivers nothing that an earlier run had fetched when it starts over", async () => {
    const own = newFolder();
    await run(own, source(), target(0));
    writeFileSync(`${own}/profiles.jsonl.gz`, "the user's own");
    const fresh = fakeClient(() => eventOn("2026-11-01", "fresh"), { projectId: "1" });
    const to = target();
    const { parts } = await run(own, fresh, to, { restart: true });
    assert.deepEqual([parts[0]?.exported, idsOf(to)], [1, ["fresh"]]);
    assert.deepEqual(readdirSync(own).filter((name) => !name.startsWith(".")), ["profiles.jsonl.gz"]);
  });

  it("rejects nothing twice when a day that was not over is fetched again", async () => {
    const own = newFolder();
    const today: WantedCopy = { ...wanted, events: { from: "2026-11-23", to: "2026-11-23" } };
    const withTime = (count: number) => fakeClient(() => dayWithRejects("2026-11-23", count), { projectId: "1" });
    const first = await run(own, withTime(5000), target(1), { wanted: today });
    assert.equal(first.failure?.message, "refused");
    const second = await run(own, withTime(5100), target(), { wanted: today });
    assert.deepEqual([second.parts[0]?.exported, second.parts[0]?.rejected], [5100, 51]);
    assert.deepEqual(
      rejectsOf(second.rejectsPath).map(({ line }) => line),
      Array.from({ length: 51 }, (_, index) => index * 100 + 100),
    );
  });

  it("keeps the rejects of other parts when a day is fetched again", async () => {
    const own = newFolder();
    const days: WantedCopy = { ...wanted, events: { from: "2026-11-22", to: "2026-11-23" } };
    const of = (count: number) =>
      fakeClient(
        ({ query }) => dayWithRejects(dayOf(query), dayOf(query) === "2026-11-23" ? count : 100),
        { projectId: "1" },
      );
    await run(own, of(5000), target(2), { wanted: days });
    const { rejectsPath } = await run(own, of(5100), target(), { wanted: days });
    const sources = rejectsOf(rejectsPath).map(({ source }) => source);
    assert.deepEqual([sources.length, sources.filter((one) => one === "events of 2026-11-22").length], [52, 1]);
  });
});

describe("a copy whose days move on", () => {
  const last = (from: string, to: string): WantedCopy => ({
    ...wanted,
    events: { from, to, named: "--last 3d" },
  });
  const daily = () =>
    fakeClient(({ query }) => daysOf(query).map((day) => eventOn(day, day)).join(""), { projectId: "1" });

  it("has the same folder on each day, and another for other days", () => {
    const folderOf = (one: WantedCopy) => copyFolder("state", daily(), target(), one);
    assert.equal(folderOf(last("2026-11-20", "2026-11-22")), folderOf(last("2026-11-21", "2026-11-23")));
    assert.notEqual(
      folderOf({ ...wanted, events: { from: "2026-11-20", to: "2026-11-22" } }),
      folderOf({ ...wanted, events: { from: "2026-11-21", to: "2026-11-23" } }),
    );
  });

  it("goes on with the days of the first run, and adds the new ones", async () => {
    const own = newFolder();
    const first = await run(own, daily(), target(1), { wanted: last("2026-11-20", "2026-11-22") });
    assert.equal(first.failure?.message, "refused");
    const to = target();
    const second = await run(own, daily(), to, {
      wanted: last("2026-11-22", "2026-11-24"),
      nowMs: NOW_MS + 86_400_000,
    });
    assert.equal(second.failure, undefined);
    assert.deepEqual(idsOf(to), ["2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24"]);
    assert.match(second.notes.join("\n"), /days of the run that stopped are copied too: 2026-11-20 to 2026-11-22/);
  });

  it("leaves out the days between two runs that are far apart", async () => {
    const own = newFolder();
    await run(own, daily(), target(0), { wanted: last("2026-11-01", "2026-11-03") });
    const to = target();
    const later = { wanted: last("2026-11-21", "2026-11-23") };
    const { failure, parts } = await run(own, daily(), to, later);
    assert.equal(failure, undefined);
    assert.deepEqual(
      idsOf(to),
      ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-21", "2026-11-22", "2026-11-23"],
    );
    assert.equal(parts.reduce((sum, { exported }) => sum + exported, 0), 6);
  });
});
