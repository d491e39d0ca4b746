import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import type { Fault } from "../../src/sandbox/faults.ts";
import { Lab, record } from "./lab.ts";

const EXPORT = "/api/2.0/export";
const days = { from_date: "2026-11-23", to_date: "2026-11-23" };

function labWithEvents(...faults: Fault[]): Lab {
  const lab = new Lab({ faults });
  lab.load(Array.from({ length: 50 }, (_, n) => record({ n, $insert_id: `i-${n}` })));
  return lab;
}

/** The bytes on the wire. */
async function wire(lab: Lab, acceptEncoding: string): Promise<Uint8Array> {
  const response = await lab.sandbox.handle(
    new Request(`http://127.0.0.1${EXPORT}?project_id=${SANDBOX.projectId}&${new URLSearchParams(days)}`, {
      headers: { authorization: `Bearer ${SANDBOX.oauthToken}`, "accept-encoding": acceptEncoding },
    }),
    "",
  );
  return new Uint8Array(await response.arrayBuffer());
}

describe("faults", () => {
  it("end an export with words that are no record, after as many lines as they are told", async () => {
    const lab = labWithEvents({ kind: "last_words", afterLines: 2 }, {
      kind: "last_words",
      text: "rate limit reached",
    });
    const lines = (await lab.export(days)).text.split("\n");
    assert.deepEqual(lines.length, 4);
    assert.equal(JSON.parse(lines[1]).properties.n, 1);
    assert.equal(lines[2], "terminated early");
    assert.equal((await lab.export(days)).text, "rate limit reached\n");
    assert.equal((await lab.export(days)).text.split("\n").length, 51);
  });

  it("end an export in the middle of a line, compressed or not", async () => {
    for (const encoding of ["gzip", "identity"]) {
      const lab = labWithEvents({ kind: "half_line", afterLines: 49 });
      const { text } = await lab.export(days, { headers: { "accept-encoding": encoding } });
      const lines = text.split("\n");
      assert.equal(lines.length, 50);
      assert.match(lines[49], /^\{"event":"Signup"/);
      assert.throws(() => JSON.parse(lines[49]));
    }
  });

  it("cut gzip before its trailer", async () => {
    const whole = await wire(labWithEvents(), "gzip");
    assert.equal(gunzipSync(whole).length > 1400, true);
    const cut = await wire(labWithEvents({ kind: "cut", afterBytes: whole.length - 8 }), "gzip");
    assert.equal(cut.length, whole.length - 8);
    assert.throws(() => gunzipSync(cut));
  });

  it("break the connection after some bytes", async () => {
    await assert.rejects(() => wire(labWithEvents({ kind: "reset", afterBytes: 100 }), "identity"));
    await assert.rejects(() => wire(labWithEvents({ kind: "reset" }), "gzip"));
  });

  it("answer in place of the real one", async () => {
    const lab = labWithEvents(
      { kind: "answer", status: 502, body: "Bad gateway" },
      { kind: "answer", status: 200, body: { error: "no such bookmark" }, headers: { "x-test": "1" } },
    );
    const first = await lab.export(days);
    assert.deepEqual([first.status, first.text], [502, "Bad gateway"]);
    const second = await lab.export(days);
    assert.deepEqual([second.status, second.json], [200, { error: "no such bookmark" }]);
    assert.equal(second.headers.get("x-test"), "1");
  });

  it("answer 429 in the endpoint's own shape, with Retry-After or without", async () => {
    const lab = labWithEvents({ kind: "rate_limit", retryAfterSeconds: 2 }, { kind: "rate_limit", path: "/import" });
    const query = await lab.query("/events/names");
    assert.deepEqual([query.status, query.headers.get("retry-after")], [429, "2"]);
    assert.equal(query.json.error, "Query rate limit exceeded");
    const imported = await lab.import([record()]);
    assert.deepEqual([imported.status, imported.headers.get("retry-after")], [429, null]);
    assert.equal(imported.json.status, "Too Many Requests");
    assert.equal((await lab.import([record()])).status, 200);
  });

  it("strike the path and method that they name, as often as they are told, after as many as they are told", async () => {
    const lab = labWithEvents({ kind: "answer", status: 503, path: "/api/*", method: "GET", times: 2, skip: 1 });
    const statuses: number[] = [];
    statuses.push((await lab.import([record()])).status);
    statuses.push((await lab.query("/engage", {}, { method: "POST" })).status);
    for (let count = 0; count < 4; count++) statuses.push((await lab.query("/events/names")).status);
    assert.deepEqual(statuses, [200, 200, 200, 503, 503, 200]);
  });

  it("are no excuse for wrong credentials", async () => {
    const lab = labWithEvents({ kind: "rate_limit" });
    assert.equal((await lab.export(days, { auth: "x:y" })).status, 401);
  });
});

describe("/sandbox", () => {
  const post = (lab: Lab, body: string, from?: string) =>
    lab.send("/sandbox/faults", { method: "POST", body, from, headers: { "content-type": "application/json" } });

  it("takes faults at run time, and forgets them", async () => {
    const lab = labWithEvents();
    const faults = [{ kind: "answer", status: 500, path: EXPORT }, { kind: "half_line", path: EXPORT, times: 3 }];
    const reply = await post(lab, JSON.stringify(faults));
    assert.deepEqual(reply.json.faults.map(({ kind }: Fault) => kind), ["answer", "half_line"]);
    assert.equal((await lab.export(days)).status, 500);
    assert.equal((await lab.send("/sandbox/state")).json.faults.length, 1);
    assert.equal((await lab.send("/sandbox/faults", { method: "DELETE" })).status, 200);
    assert.equal((await lab.export(days)).text.split("\n").length, 51);
  });

  it("refuses what is no fault, as a whole", async () => {
    const lab = labWithEvents();
    const wrong = [
      "",
      "[",
      "17",
      '{"kind":"flood"}',
      '{"kind":"cut"}',
      '{"kind":"answer"}',
      '{"kind":"slow","delayMs":"1"}',
    ];
    for (const body of wrong) assert.equal((await post(lab, body)).status, 400, body);
    assert.equal((await post(lab, '[{"kind":"half_line"},{"kind":"flood"}]')).status, 400);
    assert.deepEqual((await lab.send("/sandbox/state")).json.faults, []);
  });

  it("says what is stored", async () => {
    const lab = labWithEvents();
    const { projects } = (await lab.send("/sandbox/state", { auth: "" })).json;
    assert.deepEqual(projects, [
      { id: SANDBOX.projectId, name: "Sandbox", token: SANDBOX.token, events: 50, profiles: 0 },
    ]);
  });

  it("is not there for other machines, and no fault strikes it", async () => {
    const lab = labWithEvents({ kind: "answer", status: 500, times: 100 });
    assert.equal((await post(lab, '{"kind":"half_line"}', "192.0.2.7")).status, 403);
    for (const from of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]) {
      assert.equal((await lab.send("/sandbox/state", { from })).status, 200, from);
    }
  });
});
