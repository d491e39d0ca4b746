import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { copyProject, type CopySummary, type WantedCopy } from "../../../src/jobs/copy/copy_project.ts";
import { MpError } from "../../../src/errors.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";
import { type FakeClient, fakeClient, recordsOf } from "../fake_client.ts";
import { temporaryFolder } from "../temporary_folder.ts";

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

/** A day of events; each hundredth has no time that could be imported. */
function source(): FakeClient {
  const lines = Array.from({ length: EVENTS }, (_, index) => {
    const time = Date.UTC(2026, 10, 1) + (index % 100 === 99 ? -10 * 365 * 86_400_000 * 6 : index);
    return `{"event":"E","properties":{"time":${time},"distinct_id":"u","$insert_id":"i-${index}","$import":true}}\n`;
  });
  return fakeClient(() => lines.join(""), { projectId: "1" });
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
  options: { restart?: boolean; wanted?: WantedCopy } = {},
) {
  const shown: string[] = [];
  const summary: CopySummary = await copyProject({
    source: from,
    target: to,
    folder: own,
    restart: options.restart ?? false,
    sendConcurrency: 1,
    clock: fakeClock(NOW_MS),
    onReject: ({ reason }) => void shown.push(reason),
    onNote: () => Promise.resolve(),
  }, options.wanted ?? wanted);
  return { ...summary, shown };
}

const newFolder = () => folder.path(`copy-${++runs}`);
const rejectsOf = (path: string | undefined) =>
  readFileSync(path ?? "", "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));

describe("a copy of events", () => {
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

  it("is not mixed with another; it can be begun anew", async () => {
    const own = newFolder();
    await run(own, source(), target(1));
    const other = { ...wanted, events: { from: "2026-11-01", to: "2026-11-01", skipIdentity: true } };
    await assert.rejects(run(own, source(), target(), { wanted: other }), { category: "input", code: "other_copy" });
    writeFileSync(`${own}/state.json`, "{");
    await assert.rejects(run(own, source(), target()), /it cannot be read/);
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
    for (const name of ["state.json", "rejects.jsonl", "spool"]) {
      assert.equal(existsSync(`${own}/${name}`), false, name);
    }
  });
});
