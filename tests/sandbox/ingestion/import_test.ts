import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { readEvents } from "../../../src/analytics/rows/read_events.ts";
import { gzipSync } from "node:zlib";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { Lab, NOW_SECONDS, record } from "../lab.ts";

const json = { "content-type": "application/json" };

describe("/import", () => {
  it("gives imported records back, record by record", async () => {
    const lab = new Lab();
    const records = [
      record({ $insert_id: "i-1", name: "Ænima \u2028 日本語 😀", tags: ["a", "b"], nested: { a: { b: 1.5 } } }),
      record({ $insert_id: "i-2", distinct_id: "", empty: "", none: null, yes: true, zero: 0 }),
    ];
    const text = `${records.map((one) => JSON.stringify(one)).join("\n")}\n`;
    const reply = await lab.import(text);
    assert.deepEqual(reply.json, { code: 200, num_records_imported: 2, status: "OK" });
    assert.deepEqual(await lab.exported(), records);
  });

  it("keeps integers that a number cannot hold, to the last digit", async () => {
    const lab = new Lab();
    const properties = `{"time":${NOW_SECONDS},"distinct_id":"u","$insert_id":"i","id":9223372036854775807,"n":1.50}`;
    await lab.import(`{"event":"E","properties":${properties}}`);
    const { text } = await lab.export({ from_date: "2026-11-23", to_date: "2026-11-23" });
    assert.equal(text, `{"event":"E","properties":${properties}}\n`);
  });

  it("takes JSON arrays, pretty-printed ones too, and gzip", async () => {
    const lab = new Lab();
    const records = [record({ $insert_id: "a" }), record({ $insert_id: "b" })];
    const pretty = await lab.import(JSON.stringify(records, null, 2), "strict=1", { headers: json });
    assert.equal(pretty.json.num_records_imported, 2);
    const zipped = await lab.import("", "strict=1", {
      headers: { ...json, "content-encoding": "gzip" },
      body: gzipSync(JSON.stringify([record({ $insert_id: "c" })])),
    });
    assert.equal(zipped.json.num_records_imported, 1);
    assert.deepEqual(await lab.exported(), [...records, record({ $insert_id: "c" })]);
  });

  it("refuses what is not gzip, and what is not JSON, as a whole", async () => {
    const lab = new Lab();
    const broken = await lab.import("", "strict=1", { headers: { "content-encoding": "gzip" }, body: "plain" });
    assert.deepEqual([broken.status, broken.json.error], [400, "invalid gzip data"]);
    const zipped = gzipSync(JSON.stringify([record()]));
    const cut = await lab.import("", "strict=1", {
      headers: { "content-encoding": "gzip" },
      body: zipped.subarray(0, zipped.length - 9),
    });
    assert.equal(cut.status, 400);
    const torn = await lab.import(`${JSON.stringify(record())}\n{"event":`);
    assert.deepEqual([torn.status, torn.json.error], [400, "request body is not valid JSON"]);
    assert.equal((await lab.exported()).length, 0);
  });

  it("imports the valid events of a batch and names the others by their place", async () => {
    const lab = new Lab();
    const reply = await lab.import([
      record({ $insert_id: "good" }),
      record({ $insert_id: "b2-77", time: undefined }),
      record({ $insert_id: "no_underscore" }),
    ]);
    assert.equal(reply.status, 400);
    assert.deepEqual(reply.json, {
      code: 400,
      error: "some data points in the request failed validation",
      status: "Bad Request",
      failed_records: [
        {
          index: 1,
          insert_id: "b2-77",
          field: "properties.time",
          message: "'properties.time' is invalid: must not be missing",
        },
        {
          index: 2,
          insert_id: "no_underscore",
          field: "$insert_id",
          message: "'$insert_id' is invalid: must only contain alphanumeric or hyphen '-' characters",
        },
      ],
      num_records_imported: 1,
    });
    assert.deepEqual(await lab.exported(), [record({ $insert_id: "good" })]);
  });

  const breaches: [string, unknown, string][] = [
    ["no name", { properties: record().properties }, "'event' must not be missing or blank"],
    ["a blank name", record({}, " "), "'event' must not be missing or blank"],
    ["no properties", { event: "E" }, "'properties' is invalid: must not be missing"],
    ["no distinct id", record({ distinct_id: undefined }), "'properties.distinct_id' is invalid: must not be missing"],
    [
      "a worthless id",
      record({ distinct_id: "Anonymous" }),
      "'properties.distinct_id' is invalid: must not be 'Anonymous'",
    ],
    [
      "a time in words",
      record({ time: "2026-11-01" }),
      "'properties.time' is invalid: must be specified as seconds since epoch",
    ],
    [
      "a time before 1970",
      record({ time: -5 }),
      "'properties.time' is invalid: must be specified as seconds since epoch",
    ],
    ["a time to come", record({ time: NOW_SECONDS + 3700 }), "'properties.time' is invalid: must not be in the future"],
    [
      "a time to come in milliseconds",
      record({ time: 4102444800000 }),
      "'properties.time' is invalid: must not be in the future",
    ],
    ["no insert id", record({ $insert_id: undefined }), "'$insert_id' is invalid: must not be missing"],
    [
      "a long insert id",
      record({ $insert_id: "a".repeat(37) }),
      "'$insert_id' is invalid: must not be longer than 36 bytes",
    ],
    [
      "deep nesting",
      record({ a: { b: { c: { d: { e: 1 } } } } }),
      "'properties.a' is invalid: must not be nested deeper than 3 levels",
    ],
    [
      "a long list",
      record({ a: Array(256).fill(1) }),
      "'properties.a' is invalid: must not have more than 255 elements",
    ],
    [
      "too many properties",
      record(Object.fromEntries(Array.from({ length: 260 }, (_, index) => [`p${index}`, 1]))),
      "'properties' is invalid: must not have more than 255 properties",
    ],
    ["a number in place of an event", 17, "event must be an object"],
  ];
  for (const [name, one, message] of breaches) {
    it(`refuses an event with ${name}`, async () => {
      const lab = new Lab();
      const reply = await lab.import([one, record()]);
      assert.equal(reply.status, 400);
      assert.equal(reply.json.failed_records.length, 1);
      assert.equal(reply.json.failed_records[0].index, 0);
      assert.equal(reply.json.failed_records[0].message, message);
      assert.equal(reply.json.num_records_imported, 1);
    });
  }

  it("takes what lies at the edge of the rules", async () => {
    const lab = new Lab();
    const reply = await lab.import([
      record({ $insert_id: "a".repeat(36) }),
      record({ $insert_id: "b", a: { b: { c: [1, { d: 1 }] } } }),
      record({ $insert_id: "c", list: Array(255).fill(1) }),
      record({ $insert_id: "d", time: NOW_SECONDS + 3500 }),
      record({ $insert_id: "e", time: Date.UTC(1971, 0, 1) / 1000 }),
      record({ $insert_id: "f", distinct_id: 12345 }),
    ]);
    assert.deepEqual(reply.json, { code: 200, num_records_imported: 6, status: "OK" });
  });

  it("takes no more events than it may keep, and says so", async () => {
    const lab = new Lab({ mostEvents: 2 });
    const many = ["a", "b", "c"].map((id) => record({ $insert_id: id }));
    assert.equal((await lab.import(many)).status, 200);
    const { status, json } = await lab.import([record({ $insert_id: "d" })]);
    assert.deepEqual([status, json.code], [403, 403]);
    assert.match(json.error, /^the sandbox has 2 events, as many as --max-events lets it keep$/);
    assert.equal((await lab.post("/track", [{ event: "E", properties: { token: SANDBOX.token } }])).status, 403);
    assert.equal((await lab.exported()).length, 3);
  });

  it("says which property is not UTF-8", async () => {
    const lab = new Lab();
    const text = new TextEncoder().encode(JSON.stringify(record({ utm_source: "x#y" })));
    const body = text.map((byte) => byte === 0x23 ? 0xff : byte);
    const reply = await lab.import("", "strict=1", { body });
    assert.equal(
      reply.json.failed_records[0].message,
      "properties.utm_source is invalid: string should be valid utf8",
    );
  });

  it("takes seconds and milliseconds, and gives seconds unless it is asked for milliseconds", async () => {
    const lab = new Lab();
    await lab.import([record({ time: (NOW_SECONDS - 5) * 1000 + 123 })]);
    const [inSeconds] = await lab.exported() as { properties: { time: number } }[];
    assert.equal(inSeconds.properties.time, NOW_SECONDS - 5);
    const [inMs] = await lab.exported({ time_in_ms: "true" }) as { properties: { time: number } }[];
    assert.equal(inMs.properties.time, (NOW_SECONDS - 5) * 1000 + 123);
  });

  it("is lenient without strict: a time to come is now, and nothing else is asked", async () => {
    const lab = new Lab();
    const reply = await lab.import([{ event: "E", properties: { time: NOW_SECONDS + 99_999 } }], "strict=0&verbose=1");
    assert.deepEqual(reply.json, { code: 200, error: null, num_records_imported: 1, status: 1 });
    const [{ properties }] = await lab.exported() as { properties: Record<string, unknown> }[];
    assert.equal(properties.time, NOW_SECONDS);
    assert.match(String(properties.distinct_id), /^[0-9a-f]{16}$/);
  });

  it("answers a probe with one empty event as the documented check expects", async () => {
    const reply = await new Lab().import("[{}]", "strict=0&verbose=1", { headers: json });
    assert.equal(reply.status, 200);
    assert.deepEqual(reply.json, {
      code: 200,
      error: "some data points in the request failed validation",
      num_records_imported: 0,
      status: 0,
    });
  });

  it("answers forms of old SDKs with a 1, or with JSON when they ask", async () => {
    const lab = new Lab();
    const body = `data=${btoa(JSON.stringify([record()]))}`;
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    assert.equal((await lab.import("", "", { headers, body })).text, "1");
    const verbose = await lab.import("", "", { headers, body: `${body}&verbose=1` });
    assert.deepEqual(verbose.json, { status: 1, error: null });
  });

  it("refuses bodies that are too large, whatever their size on the wire", async () => {
    const lab = new Lab({ importMaxBytes: 2000 });
    const body = gzipSync(JSON.stringify([record({ text: "x".repeat(3000) })]));
    assert.ok(body.length < 500);
    const reply = await lab.import("", "strict=1", { headers: { "content-encoding": "gzip" }, body });
    assert.deepEqual([reply.status, reply.json], [413, {
      code: 413,
      error: "request exceeds max limit of 2000 bytes",
      status: "Request Entity Too Large",
    }]);
  });

  it("refuses more than 2000 events", async () => {
    const lab = new Lab();
    const records = Array.from({ length: 2001 }, (_, index) => record({ $insert_id: `i-${index}` }));
    assert.equal((await lab.import(records)).status, 400);
    assert.equal((await lab.import(records.slice(1))).json.num_records_imported, 2000);
  });

  it("refuses a whole batch with an identity event on a project with Simplified ID Merge", async () => {
    const lab = new Lab();
    const { id } = lab.addProject({ identity: "simplified" });
    const reply = await lab.send(`/import?strict=1&project_id=${id}`, {
      method: "POST",
      body: JSON.stringify([record(), record({ $distinct_ids: ["a", "b"] }, "$merge")]),
    });
    assert.equal(reply.status, 400);
    assert.deepEqual(reply.json.failed_records, [
      "identity events are not allowed when project is using simplified identity management",
    ]);
    assert.equal(reply.json.num_records_imported, 0);
    assert.equal(lab.store.events.count(id), 0);
  });

  it("takes a device in place of a user on a project with Simplified ID Merge", async () => {
    const lab = new Lab();
    const { id } = lab.addProject({ identity: "simplified" });
    const reply = await lab.send(`/import?strict=1&project_id=${id}`, {
      method: "POST",
      body: JSON.stringify([record({ distinct_id: undefined, $device_id: "d-1" })]),
    });
    assert.equal(reply.json.num_records_imported, 1);
    const stored = [...readEvents(lab.store.views.of(id), { fromMs: 0, toMs: Infinity })];
    assert.equal(stored[0].distinctId, "$device:d-1");
  });

  it("stores the local clock of projects made before 2023", async () => {
    const lab = new Lab();
    const { id } = lab.addProject({ storesLocalTime: true, timeZone: "America/New_York" });
    await lab.send(`/import?strict=1&project_id=${id}`, {
      method: "POST",
      body: JSON.stringify([record({ time: Date.UTC(2026, 10, 20, 2) / 1000 })]),
    });
    const reply = await lab.send(`/api/2.0/export?project_id=${id}&from_date=2026-11-19&to_date=2026-11-19`);
    assert.equal(JSON.parse(reply.text).properties.time, Date.UTC(2026, 10, 19, 21) / 1000);
    const counts = await lab.send(
      `/api/query/segmentation?project_id=${id}&event=Signup&from_date=2026-11-19&to_date=2026-11-20`,
    );
    assert.deepEqual(counts.json.data.values.Signup, { "2026-11-19": 1, "2026-11-20": 0 });
  });

  it("marks imported events when it is told to", async () => {
    const lab = new Lab({ addServerProperties: true });
    await lab.import([record()]);
    const [{ properties }] = await lab.exported() as { properties: Record<string, unknown> }[];
    assert.equal(properties.$import, true);
  });

  it("takes the project's token and its secret alike, with nothing else", async () => {
    const lab = new Lab();
    for (const auth of [`${SANDBOX.token}:`, `${SANDBOX.secret}:`]) {
      const reply = await lab.send("/import?strict=1", { method: "POST", auth, body: JSON.stringify([record()]) });
      assert.equal(reply.json.num_records_imported, 1, auth);
    }
  });
});
