import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { Lab, record } from "../lab.ts";

const at = (iso: string) => Date.parse(`${iso}Z`) / 1000;
const days = { from_date: "2026-11-20", to_date: "2026-11-22" };

describe("/api/2.0/export", () => {
  it("gives the events of whole UTC days in the order of time, copies included", async () => {
    const lab = new Lab();
    const records = ["2026-11-19T23:59:59", "2026-11-20T00:00:00", "2026-11-22T23:59:59", "2026-11-23T00:00:00"]
      .map((iso) => record({ time: at(iso) }));
    lab.load([...records.toReversed(), records[1]]);
    const exported = await lab.exported(days);
    assert.deepEqual(exported, [records[1], records[1], records[2]]);
  });

  it("gives an empty body for a day without events", async () => {
    const reply = await new Lab().export(days);
    assert.deepEqual([reply.status, reply.text], [200, ""]);
    assert.match(reply.headers.get("content-type")!, /^text\/plain/);
  });

  it("compresses only what is larger than 1400 bytes, and only for those who accept it", async () => {
    const lab = new Lab();
    lab.load([record({ time: at("2026-11-21T00:00:00"), pad: "x".repeat(1300) })]);
    const gzip = { headers: { "accept-encoding": "gzip, br" } };
    const length = (await lab.export(days)).text.length;
    assert.ok(length <= 1400, String(length));
    assert.equal((await lab.export(days, gzip)).headers.get("content-encoding"), null);
    lab.load([record({ time: at("2026-11-21T00:00:01") })]);
    const zipped = await lab.export(days, gzip);
    assert.equal(zipped.headers.get("content-encoding"), "gzip");
    const plain = await lab.export(days);
    assert.equal(plain.headers.get("content-encoding"), null);
    assert.equal(zipped.text, plain.text);
    const refused = await lab.export(days, { headers: { "accept-encoding": "gzip;q=0" } });
    assert.equal(refused.headers.get("content-encoding"), null);
  });

  it("filters by names, as a JSON list or one by itself", async () => {
    const lab = new Lab();
    const time = at("2026-11-21T00:00:00");
    lab.load([record({ time }, "A"), record({ time }, "B"), record({ time }, "C d")]);
    const names = async (event: string) => (await lab.exported({ ...days, event })).map(({ event }) => event);
    assert.deepEqual(await names('["A","C d"]'), ["A", "C d"]);
    assert.deepEqual(await names("B"), ["B"]);
    assert.deepEqual(await names('["nothing"]'), []);
  });

  it("filters by an expression, on properties, on time, and on the user's profile", async () => {
    const lab = new Lab();
    const [early, late] = [at("2026-11-21T00:00:00"), at("2026-11-21T12:00:00")];
    lab.load([record({ time: early, n: 1 }), record({ time: late, n: 2, distinct_id: "u-2" })]);
    await lab.post("/engage", { $token: SANDBOX.token, $distinct_id: "u-2", $set: { $email: "a@x.io" } });
    const found = async (where: string) =>
      (await lab.exported({ ...days, where })).map(({ properties }) => (properties as { n: number }).n);
    assert.deepEqual(await found('properties["n"] > 1'), [2]);
    assert.deepEqual(await found(`properties["$time"]>=datetime(${late})`), [2]);
    assert.deepEqual(await found('event["$time"] < datetime("2026-11-21T12:00:00")'), [1]);
    assert.deepEqual(await found('user["$email"] == "a@x.io"'), [2]);
    assert.deepEqual(await found('properties["missing"] == 1'), []);
  });

  it("stops after as many events as it is asked for, page by page", async () => {
    const lab = new Lab();
    lab.load(Array.from({ length: 7 }, (_, n) => record({ time: at("2026-11-21T00:00:00") + n, n })));
    const found = async (limit: string, page?: string) =>
      (await lab.exported({ ...days, limit, ...(page ? { page } : {}) }))
        .map(({ properties }) => (properties as { n: number }).n);
    assert.deepEqual(await found("3"), [0, 1, 2]);
    assert.deepEqual(await found("3", "2"), [6]);
    assert.deepEqual(await found("3", "3"), []);
    assert.equal((await lab.export({ ...days, limit: "100001" })).status, 400);
  });

  it("refuses days that are none, in the wrong order, or yet to come", async () => {
    const lab = new Lab();
    const error = async (from_date: string, to_date: string) => {
      const reply = await lab.export({ from_date, to_date });
      return [reply.status, reply.json.error];
    };
    assert.deepEqual(await error("2026-02-30", "2026-03-01"), [400, "Error in from_date: invalid date"]);
    assert.deepEqual(await error("2026-11-1", "2026-11-02"), [400, "Error in from_date: invalid date"]);
    assert.deepEqual(await error("0226-11-01", "2026-11-02"), [400, "Error in from_date: invalid date, bad year"]);
    assert.deepEqual(await error("2026-11-22", "2026-11-21"), [400, "to_date cannot be before from_date"]);
    assert.deepEqual(await error("2026-11-22", "2026-11-24"), [400, "to_date cannot be later than today"]);
    assert.equal((await lab.export({ from_date: "2026-11-22", to_date: "2026-11-23" })).status, 200);
    assert.equal((await lab.export({ to_date: "2026-11-22" })).json.error, "Missing required parameter: from_date");
  });

  it("knows today in the project's time zone", async () => {
    const lab = new Lab();
    const { id } = lab.addProject({ timeZone: "Pacific/Auckland" });
    const export23 = () => lab.send(`/api/2.0/export?project_id=${id}&from_date=2026-11-23&to_date=2026-11-24`);
    assert.equal((await export23()).status, 200);
    lab.clock.advance(-2 * 3_600_000);
    assert.equal((await export23()).status, 400);
  });

  it("says where an expression is wrong, also one that is only found to be so by an event", async () => {
    const lab = new Lab();
    lab.load([record({ time: at("2026-11-21T00:00:00"), n: 1 })]);
    for (const where of ["properties[", 'properties["n"] and true']) {
      const reply = await lab.export({ ...days, where });
      assert.equal(reply.status, 400, reply.text);
      assert.match(reply.json.error, /^invalid expression at character \d+: /);
    }
  });

  it("gives many pages of events without losing or repeating one", async () => {
    const lab = new Lab();
    const records = Array.from({ length: 6000 }, (_, n) => record({ time: at("2026-11-21T00:00:00") + (n >> 4), n }));
    lab.load(records);
    const exported = await lab.exported(days);
    assert.equal(exported.length, records.length);
    assert.deepEqual(exported, records);
  });
});
