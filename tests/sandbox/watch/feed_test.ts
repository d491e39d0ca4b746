import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { rowOfRecord } from "../../../src/sandbox/ingestion/event_row.ts";
import { createSandbox } from "../../../src/sandbox/sandbox.ts";
import { startSandbox } from "../../../src/sandbox/start.ts";
import type { WatchedRequest } from "../../../src/sandbox/watch/feed.ts";
import { Lab, NOW_SECONDS, record } from "../lab.ts";

const { token } = SANDBOX;

const event = (name: string, properties: Record<string, unknown> = {}) => ({
  event: name,
  properties: { token, distinct_id: "u-1", ...properties },
});

/** What is told of the last of some requests. */
async function told(act: (lab: Lab) => Promise<unknown>, lab = new Lab()): Promise<WatchedRequest> {
  await act(lab);
  return lab.sandbox.feed.since(0, 0).requests.at(-1)!;
}

const line = async (act: (lab: Lab) => Promise<unknown>, lab?: Lab) => {
  const { method, path, status, meaning, problem } = await told(act, lab);
  return [method, path, status, meaning, problem];
};

describe("the feed", () => {
  it("counts events by their names", async () => {
    const events = [event("Sign Up"), event("Purchase"), event("Sign Up")];
    assert.deepEqual(await line((lab) => lab.post("/track", events)), [
      "POST",
      "/track",
      200,
      "3 events: Sign Up ×2, Purchase",
      undefined,
    ]);
    const many = Array.from({ length: 8 }, (_, index) => event(`Event ${index}`));
    assert.equal(
      (await told((lab) => lab.post("/track", many))).meaning,
      "8 events: Event 0, Event 1, Event 2, Event 3, Event 4, and 3 more",
    );
  });

  it("says what was refused although the status is 200, and why", async () => {
    const events = [event("Old", { time: NOW_SECONDS - 6 * 86_400 }), event("New"), { event: "", properties: {} }];
    assert.deepEqual(await line((lab) => lab.post("/track", events)), [
      "POST",
      "/track",
      200,
      "1 event: New",
      "refused: time, must be within the last 5 days; refused: event, missing",
    ]);
    assert.equal(
      (await told((lab) => lab.post("/track", "nonsense"))).problem,
      "refused: data, must be an object or a list of objects",
    );
    assert.equal(
      (await told((lab) => lab.post("/track", [event(""), event("")]))).problem,
      "2 refused: event, missing",
    );
  });

  it("says what Mixpanel takes and drops, and only the first letters of the token", async () => {
    const token = "0123456789abcdef0123456789abcdef";
    assert.deepEqual(await line((lab) => lab.post("/track", [event("A", { token }), event("B")])), [
      "POST",
      "/track",
      200,
      "1 event: B",
      "1 dropped: no project has the token 0123…",
    ]);
    const update = { $token: token, $distinct_id: "u", $set: { a: 1 } };
    assert.equal(
      (await told((lab) => lab.post("/engage", update))).problem,
      "1 dropped: no project has the token 0123…",
    );
  });

  it("says what the project drops by its data definitions", async () => {
    const lab = new Lab();
    await lab.send(`/api/app/projects/${SANDBOX.projectId}/data-definitions/events/`, {
      method: "PATCH",
      body: JSON.stringify({ name: "A", dropped: true }),
      headers: { "content-type": "application/json" },
    });
    assert.deepEqual(await line((lab) => lab.post("/track", [event("A"), event("B")]), lab), [
      "POST",
      "/track",
      200,
      "1 event: B",
      "1 dropped: the project drops such events",
    ]);
  });

  it("names operations on profiles", async () => {
    const updates = [
      { $token: token, $distinct_id: "u", $set: { a: 1 } },
      { $token: token, $distinct_id: "v", $set: { a: 1 }, $add: { n: 1 } },
    ];
    assert.equal((await told((lab) => lab.post("/engage", updates))).meaning, "3 profile updates: $set ×2, $add");
  });

  it("counts what an import refuses, reason by reason", async () => {
    const { status, meaning, problem } = await told((lab) =>
      lab.import([record(), record({ $insert_id: undefined }), record({ $insert_id: undefined })])
    );
    assert.deepEqual([status, meaning], [400, "1 event: Signup"]);
    assert.match(problem!, /^2 refused: .*insert_id/);
  });

  it("says what a query asks for, and never who asks", async () => {
    const days = { from_date: "2026-11-01", to_date: "2026-11-23" };
    assert.deepEqual(await line((lab) => lab.query("/segmentation", { event: "Purchase", ...days })), [
      "GET",
      "/api/query/segmentation",
      200,
      "segmentation Purchase, 2026-11-01 to 2026-11-23",
      undefined,
    ]);
    const asked = await told((lab) =>
      lab.send(`/api/2.0/export?from_date=2026-11-22&to_date=2026-11-23&api_key=${SANDBOX.secret}`, { auth: "" })
    );
    assert.equal(asked.status, 200);
    assert.equal(JSON.stringify(asked).includes(SANDBOX.secret), false);
  });

  it("says why a request is refused as a whole", async () => {
    assert.equal(
      (await told((lab) => lab.query("/segmentation", { event: "A" }))).problem,
      "refused: Missing required parameter: from_date",
    );
    assert.equal(
      (await told((lab) => lab.query("/events/names", {}, { auth: "a:b" }))).problem,
      "refused: Unable to authenticate request",
    );
    assert.equal((await told((lab) => lab.send("/nowhere"))).problem, "refused: no such path");
    assert.equal(
      (await told((lab) => lab.send("/track", { method: "DELETE" }))).problem,
      "refused: this path takes GET and POST only",
    );
    const lab = new Lab({ faults: [{ kind: "answer", path: "/track", status: 503, times: 1 }] });
    assert.equal(
      (await told((lab) => lab.post("/track", event("A")), lab)).problem,
      "refused: a fault that was switched on",
    );
  });

  it("leaves out whoever watches", async () => {
    const lab = new Lab();
    for (const path of ["/sandbox/feed", "/sandbox/state", "/"]) await lab.send(path, { auth: "" });
    assert.deepEqual(lab.sandbox.feed.since(0, 0).requests, []);
  });

  it("answers with what is new, every digit of it", async () => {
    const lab = new Lab();
    await lab.post("/track", event("A", { time: NOW_SECONDS, $insert_id: "i", big: 1 }));
    const first = (await lab.send("/sandbox/feed", { auth: "" })).json;
    assert.deepEqual(
      [first.last_request, first.last_event, first.requests.length, first.events.length],
      [1, 1, 1, 1],
    );
    await lab.send("/track", {
      method: "POST",
      auth: "",
      body: `{"event":"B","properties":{"token":"${token}","distinct_id":"u","big":12345678901234567890}}`,
    });
    const { text, json } = await lab.send("/sandbox/feed?after_request=1&after_event=1", { auth: "" });
    assert.match(text, /"big":12345678901234567890/);
    assert.equal(json.feed, first.feed);
    assert.deepEqual(json.requests.map(({ number, time }: Record<string, unknown>) => [number, time]), [
      [2, "2026-11-23T12:00:00.000Z"],
    ]);
    const { number, project_id, record: { event: name, properties } } = json.events[0];
    assert.deepEqual([number, project_id, name, properties.time, properties.token], [
      2,
      SANDBOX.projectId,
      "B",
      NOW_SECONDS,
      undefined,
    ]);
  });

  it("begins with the newest events that a store has", () => {
    const { store } = new Lab();
    const rows = Array.from({ length: 60 }, (_, index) => record({ time: NOW_SECONDS - index }, `Event ${index}`));
    store.events.append(SANDBOX.projectId, rows.map(rowOfRecord));
    const { events } = createSandbox({ store }).feed.since(0, 0);
    assert.deepEqual([events.length, events[0]!.row.name, events.at(-1)!.row.name], [50, "Event 49", "Event 0"]);
  });

  it("keeps the newest, and counts those that it does not keep", async () => {
    const lab = new Lab();
    const batch = Array.from({ length: 1500 }, () => event("A"));
    await lab.post("/track", batch);
    await lab.post("/track", batch);
    const { feed } = lab.sandbox;
    const { events } = feed.since(0, 0);
    assert.deepEqual([feed.lastEvent, events.length, events[0]!.number], [3000, 2000, 1001]);
  });

  it("waits for what comes, and ends its wait when the sandbox stops", async () => {
    const lab = new Lab();
    const served = startSandbox({ store: lab.store });
    try {
      const waiting = fetch(`${served.url}/sandbox/feed?wait_ms=20000`).then((answer) => answer.json());
      await fetch(`${served.url}/track`, { method: "POST", body: JSON.stringify(event("A")) }).then((one) =>
        one.text()
      );
      assert.equal((await waiting).events[0].record.event, "A");
      const last = fetch(`${served.url}/sandbox/feed?after_request=1&after_event=1&wait_ms=20000`);
      // It may be answered, or cut off; it must not keep the sandbox from ending.
      const ended = last.then((answer) => answer.text()).catch(() => "cut off");
      await fetch(`${served.url}/sandbox/state`).then((one) => one.text());
      await served.stop();
      await ended;
    } finally {
      await served.stop();
    }
  });
});

describe("profiles of the sandbox", () => {
  it("are found by a part of their id, groups too", async () => {
    const lab = new Lab();
    lab.store.profiles.put(SANDBOX.projectId, "", "ada@example.com", { plan: "pro" });
    lab.store.profiles.put(SANDBOX.projectId, "", "bob@example.com", {});
    lab.store.profiles.put(SANDBOX.projectId, "company", "ada inc", {});
    const { json } = await lab.send(`/sandbox/profiles?project_id=${SANDBOX.projectId}&id=ada`, { auth: "" });
    assert.deepEqual(json, {
      profiles: [
        { group_key: "", id: "ada@example.com", properties: { plan: "pro" } },
        { group_key: "company", id: "ada inc", properties: {} },
      ],
      more: false,
    });
  });
});
