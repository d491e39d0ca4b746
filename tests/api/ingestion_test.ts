import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { call } from "../../src/api/call.ts";
import { importEvents, MAX_EVENTS_PER_REQUEST, track, trackEvents } from "../../src/api/ingestion.ts";
import { fakeClient } from "../jobs/fake_client.ts";

const event = { event: "E", properties: { distinct_id: "u" } };

describe("tracking", () => {
  it("gives each event the project's token, unless it names one", async () => {
    const client = fakeClient(() => '{"error":null,"status":1}');
    await track(client, [event, { event: "F", properties: { token: "other" } }]);
    const body = client.requests[0]?.body;
    assert.equal(
      body?.kind === "json" && body.text,
      '[{"event":"E","properties":{"token":"token-1","distinct_id":"u"}},{"event":"F","properties":{"token":"other"}}]',
    );
  });

  it("needs a token only when an event has none", async () => {
    const client = fakeClient(() => "1", { credentials: {} });
    await assert.rejects(track(client, [event]), { code: "missing_credentials", hint: /MP_TOKEN/ });
    assert.equal(client.requests.length, 0);
    assert.equal((await track(client, [{ event: "F", properties: { token: "other" } }])).text, "1");
  });

  it("sends every control in the query string", async () => {
    const client = fakeClient(() => "cb(1)");
    const controls = {
      verbose_answer: false,
      ip: true,
      strict: true,
      test: true,
      img: false,
      callback: "cb",
      redirect: "/x",
    };
    const { text } = await call(client, trackEvents, { events: [event], ...controls });
    assert.equal(text, "cb(1)");
    assert.deepEqual(Object.fromEntries(client.requests[0]?.query ?? []), {
      verbose: "0",
      ip: "1",
      strict: "1",
      test: "1",
      img: "0",
      callback: "cb",
      redirect: "/x",
    });
  });
});

describe("importing", () => {
  it("sends records and lines alike, and says strict even when it is not", async () => {
    const client = fakeClient(() => '{"code":200,"status":"OK","num_records_imported":2}');
    const result = await call(client, importEvents, { events: [event, '{"event":"line"}'], strict: false });
    assert.equal(result.result().num_records_imported, 2);
    assert.deepEqual(client.requests[0]?.query, [["strict", "0"]]);
    assert.deepEqual(client.requests[0]?.body, {
      kind: "ndjson",
      bytes: new TextEncoder().encode('{"event":"E","properties":{"distinct_id":"u"}}\n{"event":"line"}\n'),
      gzip: true,
    });
  });

  it("takes at most 2000 records, and at least one", async () => {
    const client = fakeClient(() => "{}");
    for (const count of [0, MAX_EVENTS_PER_REQUEST + 1]) {
      await assert.rejects(call(client, importEvents, { events: Array(count).fill(event) }), { category: "input" });
    }
    assert.equal(client.requests.length, 0);
  });

  it("reads answers of every kind that was seen", async () => {
    for (
      const text of [
        '{"code":200,"num_records_imported":2,"status":"OK"}',
        '{"code":200,"error":null,"num_records_imported":1,"status":1}',
        '{"status":1,"error":null}',
      ]
    ) {
      assert.ok((await call(fakeClient(() => text), importEvents, { events: [event] })).result());
    }
  });
});
