import { after, before, describe, it } from "node:test";
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { SANDBOX, seedDefaults } from "../../src/sandbox/defaults.ts";
import { type ServedSandbox, startSandbox } from "../../src/sandbox/start.ts";
import { openStore } from "../../src/sandbox/store/store.ts";
import { NOW_MS, record } from "./lab.ts";
import { fakeClock } from "../helpers/fake_clock.ts";
import { addFaults } from "../helpers/sandbox_faults.ts";

const authorization = `Basic ${btoa(`${SANDBOX.username}:${SANDBOX.serviceSecret}`)}`;
const PROJECT = `project_id=${SANDBOX.projectId}`;

describe("the sandbox over HTTP", () => {
  let served: ServedSandbox;
  before(() => {
    const store = openStore(":memory:");
    seedDefaults(store);
    served = startSandbox({ store, clock: fakeClock(NOW_MS) });
  });
  after(async () => {
    await served.stop();
    served.sandbox.store.close();
  });
  const exported = () =>
    fetch(`${served.url}/api/2.0/export?${PROJECT}&from_date=2026-11-23&to_date=2026-11-23`, {
      headers: { authorization },
    });
  const fault = (body: object) => addFaults(served.url, body);

  it("imports, exports and reports", async () => {
    assert.match(served.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    const records = Array.from({ length: 2000 }, (_, n) => record({ n, $insert_id: `i-${n}` }));
    const imported = await fetch(`${served.url}/import?strict=1&${PROJECT}`, {
      method: "POST",
      headers: { authorization, "content-type": "application/x-ndjson", "content-encoding": "gzip" },
      body: gzipSync(records.map((one) => JSON.stringify(one)).join("\n")),
    });
    assert.deepEqual(await imported.json(), { code: 200, num_records_imported: 2000, status: "OK" });
    const response = await exported();
    const lines = (await response.text()).trimEnd().split("\n");
    assert.deepEqual(lines.map((line) => JSON.parse(line)), records);
    const counts = await fetch(
      `${served.url}/api/query/segmentation?${PROJECT}&event=Signup&from_date=2026-11-23&to_date=2026-11-23`,
      { headers: { authorization } },
    );
    assert.deepEqual((await counts.json()).data.values, { Signup: { "2026-11-23": 2000 } });
  });

  it("breaks connections when it is asked to, and goes on", async () => {
    await fault([{ kind: "reset", afterBytes: 50 }, { kind: "cut", afterBytes: 40 }]);
    await assert.rejects(async () => await (await exported()).text());
    await assert.rejects(async () => await (await exported()).text());
    assert.equal((await exported()).status, 200);
  });

  it("knows the sender's address", async () => {
    const event = { event: "E", properties: { token: SANDBOX.token } };
    await fetch(`${served.url}/track?ip=1`, { method: "POST", body: JSON.stringify(event) });
    const text = await (await exported()).text();
    assert.match(text, /"distinct_id":"[0-9a-f]{16}"/);
  });

  it("does not let a wrong body hold it up", async () => {
    const response = await fetch(`${served.url}/import?strict=1&${PROJECT}`, {
      method: "POST",
      headers: { authorization },
      body: "x".repeat(11 * 1024 * 1024),
    });
    assert.equal(response.status, 413);
    assert.equal((await response.json()).error, "request exceeds max limit of 10485760 bytes");
  });
});
