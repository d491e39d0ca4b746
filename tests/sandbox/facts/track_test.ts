import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { type Lab, NOW_MS, NOW_SECONDS, record } from "../lab.ts";
import { type Fact, facts } from "./facts.ts";

const event = (changes: Record<string, unknown> = {}) => ({
  event: "E",
  properties: { token: SANDBOX.token, distinct_id: "u", time: NOW_SECONDS, $insert_id: "i", ...changes },
});
const text = JSON.stringify(event());
const base64 = (value: string) => btoa(String.fromCharCode(...new TextEncoder().encode(value)));
const form = (body: string) => ({
  method: "POST",
  auth: "",
  body,
  headers: { "content-type": "application/x-www-form-urlencoded" },
});
const verbose = async (lab: Lab, body: unknown, path = "/track?verbose=1") => (await lab.post(path, body)).json;

/** A form in which an event was sent, which must arrive as it was. */
function arrives(says: string, send: (lab: Lab) => Promise<{ text: string }>, answer = "1"): Fact {
  return {
    says: `/track takes ${says}`,
    async holds(lab) {
      assert.equal((await send(lab)).text, answer);
      const [{ event: name, properties }] = await lab.exported() as { event: string; properties: unknown }[];
      assert.deepEqual([name, properties], ["E", { time: NOW_SECONDS, distinct_id: "u", $insert_id: "i" }]);
    },
  };
}

facts("1.1", "forms of /track", {
  "1.1-1": arrives("a JSON array", (lab) => lab.post("/track", [event()])),
  "1.1-2": arrives("a JSON object", (lab) => lab.post("/track", event())),
  "1.1-3": arrives(
    "one event by GET, as base64 in the query string (Node)",
    (lab) => lab.send(`/track?ip=0&verbose=0&data=${encodeURIComponent(base64(text))}`, { auth: "" }),
  ),
  "1.1-4": arrives("base64 that is not percent-encoded (Node's batches)", (lab) => {
    // The pluses of it arrive as spaces.
    const padded = JSON.stringify([event()]).replace("[", `[${" ".repeat(3)}`).replace('"E"', '"E" ');
    return lab.send("/track", form(`data=${base64(padded)}`));
  }),
  "1.1-5": arrives(
    "raw JSON in a form, with its switches beside it (Python)",
    (lab) => lab.send("/track", form(`data=${encodeURIComponent(text)}&verbose=1&ip=0`)),
    '{"error":null,"status":1}',
  ),
  "1.1-6": arrives(
    "base64 in a form (Ruby, PHP, curl)",
    (lab) => lab.send("/track", form(`data=${encodeURIComponent(base64(text))}`)),
  ),
  "1.1-7": arrives(
    "a form with strict in it (the documentation of identity)",
    (lab) => lab.send("/track", form(`data=${encodeURIComponent(text)}&strict=1`)),
  ),
  "1.1-8": arrives("gzip", async (lab) => {
    const body = await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
    return await lab.send("/track", {
      method: "POST",
      auth: "",
      body,
      headers: { "content-encoding": "gzip", "content-type": "application/json" },
    });
  }),
  "1.1-9": {
    says: "img=1 answers a transparent pixel, callback=fn calls a function, verbose=1 answers JSON",
    async holds(lab) {
      const path = `/track?data=${encodeURIComponent(base64(text))}`;
      const image = await lab.send(`${path}&img=1`, { auth: "" });
      assert.match(image.headers.get("content-type")!, /^image\//);
      const script = await lab.send(`${path}&callback=fn`, { auth: "" });
      assert.match(script.headers.get("content-type")!, /^text\/javascript/);
      assert.match(script.text, /^fn\(.*1.*\);?$/);
      assert.deepEqual((await lab.send(`${path}&verbose=1`, { auth: "" })).json, { error: null, status: 1 });
    },
  },
  "1.1-10": {
    says: "ip=1 makes an id of the sender's address where there is none, and nothing does so without it",
    async holds(lab) {
      await lab.post("/track?ip=1", [event({ distinct_id: undefined })]);
      await lab.post("/track", [event({ distinct_id: undefined, $insert_id: "j" })]);
      const ids = (await lab.exported()).map(({ properties }) => (properties as Record<string, unknown>).distinct_id);
      assert.match(String(ids[0]), /^[0-9a-f]+$/);
      assert.equal(ids[1], undefined);
    },
  },
});

facts("1.2", "answers of /track, /engage and /groups", {
  "1.2-1": {
    says: "without verbose the body is exactly 1 or 0, as text, with status 200",
    async holds(lab) {
      const good = await lab.post("/track", [event()]);
      const bad = await lab.post("/track", [{ event: "E", properties: {} }]);
      for (const { status, headers } of [good, bad]) {
        assert.equal(status, 200);
        assert.match(headers.get("content-type")!, /^text\/plain/);
      }
      assert.deepEqual([good.text, bad.text], ["1", "0"]);
    },
  },
  "1.2-2": {
    says: "with verbose=1 the body is JSON, and what is rejected has status 200 too",
    async holds(lab) {
      assert.deepEqual(await verbose(lab, [event()]), { error: null, status: 1 });
      const { status, json } = await lab.post("/track?verbose=1", [{ event: "E", properties: {} }]);
      assert.deepEqual([status, json.status, typeof json.error], [200, 0, "string"]);
    },
  },
  "1.2-3": {
    says: "a wrong token is accepted, and its events are dropped",
    async holds(lab) {
      assert.deepEqual(await verbose(lab, [event({ token: "no-such-token" })]), { error: null, status: 1 });
      assert.deepEqual(await lab.exported(), []);
    },
  },
  "1.2-4": {
    says: "reasons are 'field, problem'",
    async holds(lab) {
      const reasons: [path: string, body: unknown, error: string][] = [
        ["/track", [{ properties: { token: SANDBOX.token } }], "event, missing"],
        ["/track", [{ event: "E", properties: {} }], "token, missing or empty"],
        ["/engage", [{ $distinct_id: "u", $set: { a: 1 } }], "$token, missing or empty"],
        ["/engage", [{ $token: SANDBOX.token, $set: { a: 1 } }], "$distinct_id, missing or empty"],
      ];
      for (const [path, body, error] of reasons) {
        assert.deepEqual(await verbose(lab, body, `${path}?verbose=1`), { error, status: 0 }, path);
      }
      const empty = await lab.send("/track?verbose=1", form("data="));
      assert.deepEqual(empty.json, { error: "data, missing or empty", status: 0 });
    },
  },
  "1.2-5": {
    says: "/engage and /groups ignore the Authorization header",
    async holds(lab) {
      const { json } = await lab.send(`/engage?verbose=1&project_id=${SANDBOX.projectId}`, {
        method: "POST",
        body: JSON.stringify([{ $distinct_id: "u", $set: { a: 1 } }]),
        headers: { "content-type": "application/json" },
      });
      assert.deepEqual(json, { error: "$token, missing or empty", status: 0 });
    },
  },
  "1.2-6": {
    says: "a refused rate is 429 with status 0",
    settings: { faults: [{ kind: "rate_limit", path: "/track" }] },
    async holds(lab) {
      const { status, json } = await lab.post("/track", [event()]);
      assert.deepEqual([status, json.status], [429, 0]);
      assert.match(json.error, /^Project exceeded rate limits/);
    },
  },
});

facts("1.3", "rules of events", {
  "1.3-1": {
    says: "a request to /track or /import has at most 2000 events",
    async holds(lab) {
      const many = (count: number) => Array.from({ length: count }, (_, n) => record({ $insert_id: `i-${n}` }));
      assert.equal((await lab.import(many(2000))).status, 200);
      assert.equal((await lab.import(many(2001))).status, 400);
      assert.equal((await lab.post("/track", many(2001))).text, "0");
    },
  },
  "1.3-2": {
    says: "$ignore makes ingestion discard an event",
    async holds(lab) {
      await lab.post("/track", [event({ $ignore: true })]);
      await lab.import([record({ $ignore: true })]);
      assert.deepEqual(await lab.exported(), []);
    },
  },
  "1.3-3": {
    says: "nesting deeper than three levels, lists of more than 255 and objects of more than 255 keys are refused",
    async holds(lab) {
      const wide = Object.fromEntries(Array.from({ length: 256 }, (_, n) => [`k${n}`, n]));
      const bad = [{ p: { a: { b: { c: { d: 1 } } } } }, { p: Array(256).fill(1) }, { p: wide }, wide];
      for (const properties of bad) assert.equal((await lab.import([record(properties)])).status, 400);
      assert.equal((await lab.import([record({ p: { a: { b: 1 } }, q: Array(255).fill(1) })])).status, 200);
    },
  },
  "1.3-4": {
    says: "an event is smaller than 1 MB",
    async holds(lab) {
      // Lists, since a text is cut.
      const list = (count: number) =>
        Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`p${n}`, Array(count).fill("x".repeat(50))]));
      assert.equal((await lab.import([record(list(90))])).status, 200);
      const { status, json } = await lab.import([record(list(110))]);
      assert.equal(status, 400);
      assert.match(json.failed_records[0].message, /larger than 1048576 bytes/);
    },
  },
  "1.3-5": {
    says: "/track is for the last five days, /import for any time",
    async holds(lab) {
      const sixDays = NOW_SECONDS - 6 * 86_400;
      await lab.post("/track", [event({ time: sixDays })]);
      assert.deepEqual(await lab.exported(), []);
      for (const time of [sixDays, NOW_SECONDS - 30 * 365 * 86_400]) {
        assert.equal((await lab.import([record({ time, $insert_id: `i-${time}` })])).status, 200);
      }
    },
  },
  "1.3-6": {
    says: "the server adds properties of its own when it is told to",
    settings: { addServerProperties: true },
    async holds(lab) {
      await lab.import([record()]);
      const [{ properties }] = await lab.exported() as { properties: Record<string, unknown> }[];
      assert.equal(properties.$import, true);
      assert.equal(properties.$mp_api_timestamp_ms, NOW_MS);
      assert.equal(typeof properties.mp_processing_time_ms, "number");
      assert.equal(properties.$mp_api_endpoint, "api.mixpanel.com");
    },
  },
  "1.3-7": {
    says: "/track gives an event without $insert_id one",
    async holds(lab) {
      await lab.post("/track", [event({ $insert_id: undefined }), event({ $insert_id: undefined })]);
      const ids = (await lab.exported()).map(({ properties }) => (properties as Record<string, unknown>).$insert_id);
      assert.equal(new Set(ids).size, 2);
      assert.match(String(ids[0]), /^[A-Za-z0-9-]{1,36}$/);
    },
  },
  "1.3-8": {
    says: "texts, and the names of events and properties, are cut to 255 characters",
    async holds(lab) {
      const long = "é😀".repeat(200);
      const cut = [...long].slice(0, 255).join("");
      await lab.import([
        record({ text: long, [long]: 1, list: [long], distinct_id: long }, long),
        record({ text: "x".repeat(255) }),
      ]);
      const [one, other] = await lab.exported() as { event: string; properties: Record<string, unknown> }[];
      const { text, list, distinct_id, [cut]: named } = one!.properties;
      assert.deepEqual([one!.event, text, distinct_id, named, list], [cut, cut, cut, 1, [long]]);
      assert.equal(other!.properties.text, "x".repeat(255));
    },
  },
});
