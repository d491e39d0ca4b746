import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { type Lab, NOW_MS, NOW_SECONDS, record } from "../lab.ts";
import { facts } from "./facts.ts";

const { token, projectId } = SANDBOX;
const PROJECT = `project_id=${projectId}`;
const TABLE = `/lookup-tables/${SANDBOX.lookupTableId}?${PROJECT}`;
const DAY = { from_date: "2026-11-23", to_date: "2026-11-23" };
const JSON_BODY = { "content-type": "application/json" };

type Properties = Record<string, unknown>;
const exported = async (lab: Lab) => await lab.exported() as { event: string; properties: Properties }[];
const profile = (lab: Lab, id = "u") => lab.store.profiles.get(projectId, "", id);
const segmentation = async (lab: Lab, parameters: Record<string, string> = {}) =>
  (await lab.query("/segmentation", { event: "Signup", ...DAY, ...parameters })).json.data.values.Signup[DAY.to_date];

facts("1.3", "hot shards and switches", {
  "1.3-9": {
    says: "events of one id beyond the limit of a day are renamed and lose their id, and a record says so once",
    settings: { hotShardEvents: 2 },
    async holds(lab) {
      const many = [1, 2, 3, 4].map((n) => record({ $insert_id: `i-${n}`, n, plan: "pro" }));
      const { json } = await lab.import(many);
      assert.equal(json.num_records_imported, 4);
      const rows = await exported(lab);
      const of = (name: string) => rows.filter(({ event }) => event === name).map(({ properties }) => properties);
      assert.deepEqual(of("Signup").map(({ n }) => n), [1, 2]);
      assert.deepEqual(
        of("$hotshard_events").map((one) => [
          one.n,
          one.distinct_id,
          one.mp_original_event_name,
          one.mp_original_distinct_id,
          one.$insert_id,
          one.plan,
        ]),
        [[3, "", "Signup", "u-1", "i-3", "pro"], [4, "", "Signup", "u-1", "i-4", "pro"]],
      );
      assert.deepEqual(of("$hotshard_record").map((one) => one.hotshard_distinct_id), ["u-1"]);
    },
  },
  "1.3-10": {
    says: "the limit is that of an id and a day of events, over all requests",
    settings: { hotShardEvents: 1 },
    async holds(lab) {
      for (const [n, changes] of [{}, { distinct_id: "u-2" }, { time: NOW_SECONDS - 86_400 }].entries()) {
        await lab.import([record({ $insert_id: `i-${n}`, ...changes })]);
      }
      assert.deepEqual((await exported(lab)).map(({ event }) => event), ["Signup", "Signup", "Signup"]);
      const sent = { event: "E", properties: { token, distinct_id: "u-1", time: NOW_SECONDS } };
      assert.equal((await lab.post("/track", [sent])).text, "1");
      assert.deepEqual((await exported(lab)).map(({ event }) => event).sort(), [
        "$hotshard_events",
        "$hotshard_record",
        "Signup",
        "Signup",
        "Signup",
      ]);
    },
  },
  "1.3-11": {
    says: "without that switch all events stay as they are",
    async holds(lab) {
      await lab.import(Array.from({ length: 500 }, (_, n) => record({ $insert_id: `i-${n}` })));
      assert.equal(await segmentation(lab), 500);
    },
  },
});

facts("1.4", "/import, further", {
  "1.4-22": {
    says: "index is the place in the array, as it is the line of JSON Lines",
    async holds(lab) {
      const records = [record(), record({ $insert_id: "i-2" }), record({ time: "soon", $insert_id: "i-3" })];
      const body = JSON.stringify(records);
      const array = await lab.send(`/import?strict=1&${PROJECT}`, { method: "POST", body, headers: JSON_BODY });
      assert.equal(array.json.failed_records[0].index, 2);
      assert.equal((await lab.import(records)).json.failed_records[0].index, 2);
    },
  },
  "1.4-23": {
    says: "an event with an empty distinct_id is kept, and left out of what is said of people",
    async holds(lab) {
      await lab.import([record({ distinct_id: "" }), record({ $insert_id: "i-2" })]);
      assert.equal(await segmentation(lab), 2);
      assert.equal(await segmentation(lab, { type: "unique" }), 1);
    },
  },
  "1.4-24": {
    says: "a refused rate is answered in the server's words, with code and status",
    settings: { faults: [{ kind: "rate_limit", path: "/import" }] },
    async holds(lab) {
      const { status, json } = await lab.import([record()]);
      assert.deepEqual([status, json], [429, {
        code: 429,
        error: "Project exceeded rate limits. Please retry the request with exponential backoff.",
        status: "Too Many Requests",
      }]);
    },
  },
  "1.4-25": {
    says: "a service that is away for a while is 502 or 503, where it is asked for",
    settings: { faults: [{ kind: "answer", status: 502, times: 1 }, { kind: "answer", status: 503, times: 1 }] },
    async holds(lab) {
      const statuses = [];
      for (let n = 0; n < 3; n++) statuses.push((await lab.import([record()])).status);
      assert.deepEqual(statuses, [502, 503, 200]);
    },
  },
  "1.4-26": {
    says: "a body may be compressed",
    async holds(lab) {
      const text = JSON.stringify([record()]);
      const body = await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip")))
        .arrayBuffer();
      const headers = { ...JSON_BODY, "content-encoding": "gzip" };
      const { json } = await lab.send(`/import?strict=1&${PROJECT}`, { method: "POST", body, headers });
      assert.equal(json.num_records_imported, 1);
    },
  },
  "1.4-27": {
    says: "10 MB uncompressed are taken",
    async holds(lab) {
      // 2000 events of nearly 5 KB.
      const list = Array(90).fill("x".repeat(50));
      const many = Array.from({ length: 2000 }, (_, n) => record({ $insert_id: `i-${n}`, list }));
      assert.ok(JSON.stringify(many).length > 9.5e6);
      assert.equal((await lab.import(many)).json.num_records_imported, 2000);
    },
  },
});

facts("1.5", "copies, further", {
  "1.5-3": {
    says: "an import that is repeated counts once; a /track without $insert_id that is repeated counts twice",
    async holds(lab) {
      for (let n = 0; n < 2; n++) await lab.import([record()]);
      assert.equal(await segmentation(lab), 1);
      const sent = { event: "Signup", properties: { token, distinct_id: "u-9", time: NOW_SECONDS } };
      for (let n = 0; n < 2; n++) await lab.post("/track", [sent]);
      assert.equal(await segmentation(lab), 3);
    },
  },
  "1.5-4": {
    says: "only events that are equal in all four are copies",
    async holds(lab) {
      await lab.import([
        record(),
        record({ distinct_id: "u-2" }),
        record({ time: NOW_SECONDS - 61 }),
        record({ $insert_id: "i-2" }),
        record({}, "Other"),
      ]);
      assert.equal(await segmentation(lab), 4);
    },
  },
});

facts("1.6", "/engage, further", {
  "1.6-12": {
    says: "$delete means whoever has the alias, and with $ignore_alias, as truth or as text, this very id",
    async holds(lab) {
      const alias = { event: "$create_alias", properties: { token, distinct_id: "u", alias: "a" } };
      await lab.post("/track", [alias]);
      const send = (update: Properties) => lab.post("/engage", [{ $token: token, ...update }]);
      for (const $ignore_alias of [true, "true"]) {
        await send({ $distinct_id: "u", $set: { a: 1 } });
        await send({ $distinct_id: "a", $delete: "", $ignore_alias });
        assert.notEqual(profile(lab), undefined);
      }
      await send({ $distinct_id: "a", $delete: "" });
      assert.equal(profile(lab), undefined);
    },
  },
  "1.6-13": {
    says: "$created is not set by the server",
    async holds(lab) {
      await lab.post("/engage", [{ $token: token, $distinct_id: "u", $set: { a: 1 } }]);
      assert.deepEqual(Object.keys(profile(lab)!).sort(), ["$last_seen", "a"]);
    },
  },
  "1.6-14": {
    says: "a request has at most 2000 updates, of users and of groups",
    async holds(lab) {
      const many = (count: number, own: Properties) =>
        Array.from({ length: count }, (_, n) => ({ $token: token, ...own, $distinct_id: `u-${n}`, $set: { n } }));
      const group = { $group_key: "company", $group_id: "acme" };
      for (const [path, own] of [["/engage", {}], ["/groups", group]] as const) {
        assert.equal((await lab.post(path, many(2000, own))).text, "1", path);
        assert.equal((await lab.post(path, many(2001, own))).text, "0", path);
      }
    },
  },
  "1.6-15": {
    says: "an update is at most 1 MB, of a user and of a group",
    async holds(lab) {
      const update = (length: number) => ({
        $token: token,
        $distinct_id: "big",
        $group_key: "company",
        $group_id: "big",
        $set: { list: Array(length).fill("x".repeat(100)) },
      });
      for (const path of ["/engage", "/groups"]) {
        assert.deepEqual((await lab.post(`${path}?verbose=1`, [update(9000)])).json, { error: null, status: 1 });
        assert.equal((await lab.post(`${path}?verbose=1`, [update(11_000)])).json.status, 0);
      }
    },
  },
  "1.6-16": {
    says: "$union takes a lone value as a list of one",
    async holds(lab) {
      const send = (l: unknown) => lab.post("/engage", [{ $token: token, $distinct_id: "u", $union: { l } }]);
      for (const value of ["a", ["a", "b"], "b"]) await send(value);
      assert.deepEqual(profile(lab)!.l, ["a", "b"]);
    },
  },
  "1.6-17": {
    says: "modifiers beside the operation are no properties",
    async holds(lab) {
      const modifiers = { $ip: "0", $latitude: 1, $longitude: 2, $time: NOW_MS - 5000, $ignore_time: false };
      await lab.post("/engage", [{ $token: token, $distinct_id: "u", $set: { a: 1 }, ...modifiers }]);
      const { $last_seen: _seen, ...rest } = profile(lab)!;
      assert.deepEqual(rest, { a: 1 });
    },
  },
});

facts("1.8", "lookup tables, further", {
  "1.8-6": {
    says: "more than 100 MB uncompressed are 413",
    async holds(lab) {
      const zeros = new Uint8Array(101 * 1024 * 1024).fill(0x30);
      const body = await new Response(new Blob([zeros]).stream().pipeThrough(new CompressionStream("gzip")))
        .arrayBuffer();
      const headers = { "content-type": "text/csv", "content-encoding": "gzip" };
      const { status, json } = await lab.send(TABLE, { method: "PUT", body, headers });
      assert.deepEqual([status, json.code], [413, 413]);
    },
  },
  "1.8-7": {
    says: "names of columns are unique, and fields may be quoted with line breaks in them",
    async holds(lab) {
      const put = (body: string) => lab.send(TABLE, { method: "PUT", body, headers: { "content-type": "text/csv" } });
      assert.equal((await put("id,name,name\n1,a,b\n")).status, 400);
      assert.deepEqual((await put('id,name\r\n1,"a ""b""\nc, d"\r\n')).json, { code: 200, status: "OK" });
    },
  },
});
