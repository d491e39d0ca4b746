import assert from "node:assert/strict";
import { type Fault } from "../../../src/sandbox/faults.ts";
import { NOW_MS, NOW_SECONDS, record } from "../lab.ts";
import { type Fact, facts } from "./facts.ts";

const DAY = { from_date: "2026-11-23", to_date: "2026-11-23" };
const many = (count: number, name?: string) =>
  Array.from({ length: count }, (_, n) => record({ n, $insert_id: `i-${n}`, time: NOW_SECONDS - n }, name));
const lines = (text: string) => text.split("\n").filter((line) => line !== "");

/** A stream that goes wrong. */
function broken(says: string, fault: Fault, holds: (text: string, whole: string) => void): Fact {
  return {
    says,
    async holds(lab) {
      lab.load(many(20));
      const whole = (await lab.export(DAY)).text;
      const { status } = await lab.send("/sandbox/faults", {
        method: "POST",
        auth: "",
        body: JSON.stringify({ path: "/api/2.0/export", ...fault }),
        headers: { "content-type": "application/json" },
      });
      assert.equal(status, 200);
      const answer = await lab.export(DAY);
      assert.equal(answer.status, 200);
      holds(answer.text, whole);
    },
  };
}

facts("4", "the raw export", {
  "4-1": {
    says: "it is JSON Lines as text/plain, an object with event and properties a line, compact",
    async holds(lab) {
      lab.load([record({ plan: "pro" })]);
      const { status, headers, text } = await lab.export(DAY);
      assert.equal(status, 200);
      assert.match(headers.get("content-type")!, /^text\/plain/);
      assert.equal(
        text,
        `{"event":"Signup","properties":{"time":${
          NOW_SECONDS - 60
        },"distinct_id":"u-1","$insert_id":"i-1","plan":"pro"}}\n`,
      );
    },
  },
  "4-2": {
    says: "only more than 1400 bytes are compressed, for those who accept gzip",
    async holds(lab) {
      const gzip = { headers: { "accept-encoding": "gzip" } };
      lab.load(many(5));
      assert.equal((await lab.export(DAY, gzip)).headers.get("content-encoding"), null);
      lab.load(many(50, "Login"));
      assert.equal((await lab.export(DAY, gzip)).headers.get("content-encoding"), "gzip");
      assert.equal((await lab.export(DAY)).headers.get("content-encoding"), null);
    },
  },
  "4-3": {
    says: "event is a JSON list of names",
    async holds(lab) {
      lab.load([record(), record({}, "Login"), record({}, "Other")]);
      const { text } = await lab.export({ ...DAY, event: '["Signup","Login"]' });
      assert.deepEqual(lines(text).map((line) => JSON.parse(line).event).sort(), ["Login", "Signup"]);
    },
  },
  "4-4": {
    says: "where on $time cuts finer than days",
    async holds(lab) {
      lab.load(many(20));
      const where = `properties["$time"]>=datetime(${NOW_SECONDS - 4})`;
      assert.equal(lines((await lab.export({ ...DAY, where })).text).length, 5);
      const iso = new Date(NOW_MS - 4000).toISOString().slice(0, 19);
      assert.equal(lines((await lab.export({ ...DAY, where: `event["$time"] >= datetime("${iso}")` })).text).length, 5);
    },
  },
  "4-5": {
    says: "time is in seconds, or in milliseconds with time_in_ms",
    async holds(lab) {
      lab.load([record({ time: NOW_MS - 60_000 + 123 })]);
      const timeOf = async (parameters = {}) =>
        JSON.parse((await lab.export({ ...DAY, ...parameters })).text).properties.time;
      assert.equal(await timeOf(), NOW_SECONDS - 60);
      assert.equal(await timeOf({ time_in_ms: "true" }), NOW_MS - 60_000 + 123);
    },
  },
  "4-6": {
    says: "limit is the most events, up to 100000",
    async holds(lab) {
      lab.load(many(20));
      assert.equal(lines((await lab.export({ ...DAY, limit: "7" })).text).length, 7);
      assert.equal((await lab.export({ ...DAY, limit: "100001" })).status, 400);
    },
  },
  "4-7": {
    says: "three exports a second, then 429",
    settings: { quotas: { export: { perHour: 60, perSecond: 3 } } },
    async holds(lab) {
      for (let n = 0; n < 3; n++) assert.equal((await lab.export(DAY)).status, 200);
      const { status, json } = await lab.export(DAY);
      assert.deepEqual([status, json.error], [429, "too many export requests in progress for this project"]);
      lab.clock.advance(1000);
      assert.equal((await lab.export(DAY)).status, 200);
    },
  },
  "4-8": {
    says: "it has no CORS headers",
    async holds(lab) {
      const { headers } = await lab.export(DAY);
      assert.equal(headers.get("access-control-allow-origin"), null);
    },
  },
});

facts("4.1", "exports that go wrong", {
  "4.1-1": broken(
    "the last words may come alone",
    { kind: "last_words", afterLines: 0, text: "export terminated early" },
    (text) => assert.equal(text.trim(), "export terminated early"),
  ),
  "4.1-2": broken("or after whole lines", { kind: "last_words", afterLines: 5 }, (text, whole) => {
    assert.deepEqual(lines(text), [...lines(whole).slice(0, 5), "terminated early"]);
  }),
  "4.1-3": broken("a line may be cut", { kind: "half_line", afterLines: 3 }, (text, whole) => {
    const [a, b, c, cut] = lines(text);
    assert.deepEqual([a, b, c], lines(whole).slice(0, 3));
    assert.ok(cut!.length > 0 && lines(whole)[3]!.startsWith(cut!) && cut!.length < lines(whole)[3]!.length);
  }),
  "4.1-4": broken("the body may end anywhere", { kind: "cut", afterBytes: 100 }, (text, whole) => {
    assert.equal(text, whole.slice(0, 100));
  }),
  "4.1-5": {
    says: "separators of other alphabets are data, no ends of lines",
    async holds(lab) {
      const text = "a\u2028b\u2029c\u0085d\u001ce";
      await lab.import([record({ text })]);
      const exported = (await lab.export(DAY)).text;
      assert.equal(exported.split("\n").length, 2);
      assert.equal(JSON.parse(exported).properties.text, text);
    },
  },
});

facts("4.2", "days of an export", {
  "4.2-1": {
    says: "an empty day is 200 with an empty body",
    async holds(lab) {
      const { status, text } = await lab.export(DAY);
      assert.deepEqual([status, text], [200, ""]);
    },
  },
  "4.2-2": {
    says: "a day to come is 400 in the server's words",
    async holds(lab) {
      const { status, text } = await lab.export({ from_date: "2026-11-20", to_date: "2026-11-24" });
      assert.equal(status, 400);
      assert.match(text, /to_date cannot be later than today/);
    },
  },
  "4.2-3": {
    says: "a range that ends before it begins is 400",
    async holds(lab) {
      assert.equal((await lab.export({ from_date: "2026-11-22", to_date: "2026-11-21" })).status, 400);
    },
  },
  "4.2-4": {
    says: "both days are included, and days are those of UTC on newer projects",
    async holds(lab) {
      const at = (iso: string) => record({ time: Date.parse(iso) / 1000, $insert_id: iso.replaceAll(/\W/g, "") });
      lab.load([
        at("2026-11-19T23:59:59Z"),
        at("2026-11-20T00:00:00Z"),
        at("2026-11-21T23:59:59Z"),
        at("2026-11-22T00:00:00Z"),
      ]);
      assert.equal(lines((await lab.export({ from_date: "2026-11-20", to_date: "2026-11-21" })).text).length, 2);
    },
  },
  "0.6-1": {
    says: "on older projects events are stored on the project's clock, and exported by its days",
    async holds(lab) {
      const project = lab.addProject({ timeZone: "US/Pacific", storesLocalTime: true });
      const time = Date.UTC(2026, 10, 21, 5) / 1000;
      await lab.send(`/import?strict=1&project_id=${project.id}`, {
        method: "POST",
        body: JSON.stringify([record({ time })]),
        headers: { "content-type": "application/json" },
      });
      const day = async (from: string) =>
        (await lab.send(`/api/2.0/export?project_id=${project.id}&from_date=${from}&to_date=${from}`)).text;
      // 21:00 of the day before, in Los Angeles.
      assert.equal(await day("2026-11-21"), "");
      assert.equal(JSON.parse(await day("2026-11-20")).properties.time, time - 8 * 3600);
    },
  },
});
