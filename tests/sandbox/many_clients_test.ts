import assert from "node:assert/strict";
import net from "node:net";
import { afterEach, beforeEach, describe, it } from "node:test";
import { SANDBOX, seedDefaults } from "../../src/sandbox/defaults.ts";
import { type ServedSandbox, startSandbox } from "../../src/sandbox/start.ts";
import { openStore } from "../../src/sandbox/store/store.ts";
import { fakeClock } from "../helpers/fake_clock.ts";
import { addFaults } from "../helpers/sandbox_faults.ts";
import { NOW_MS, record } from "./lab.ts";

const authorization = `Basic ${btoa(`${SANDBOX.username}:${SANDBOX.serviceSecret}`)}`;
const PROJECT = `project_id=${SANDBOX.projectId}`;
const EXPORT = `/api/2.0/export?${PROJECT}&from_date=2026-11-23&to_date=2026-11-23`;

describe("many clients of one sandbox", () => {
  let served: ServedSandbox;
  beforeEach(() => {
    const store = openStore(":memory:");
    seedDefaults(store);
    served = startSandbox({ store, clock: fakeClock(NOW_MS) });
  });
  afterEach(async () => {
    await served.stop();
    served.sandbox.store.close();
  });

  const get = (path: string) => fetch(`${served.url}${path}`, { headers: { authorization } });
  const track = (id: string) =>
    fetch(`${served.url}/track`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([{ event: "E", properties: { token: SANDBOX.token, distinct_id: id } }]),
    });
  const importEvents = (count: number) =>
    fetch(`${served.url}/import?strict=1&${PROJECT}`, {
      method: "POST",
      headers: { authorization, "content-type": "application/x-ndjson" },
      body: Array.from({ length: count }, (_, n) => JSON.stringify(record({ n, $insert_id: `i-${n}` }))).join("\n"),
    });
  const jql = (script: string) =>
    fetch(`${served.url}/api/query/jql?${PROJECT}`, {
      method: "POST",
      headers: { authorization },
      body: new URLSearchParams({ script }),
    });
  /** A connection of its own, on which bytes are sent by hand. */
  const connection = (text: string) =>
    new Promise<net.Socket>((resolve, reject) => {
      const socket = net.connect(Number(new URL(served.url).port), "127.0.0.1", () => {
        socket.write(text);
        resolve(socket);
      });
      socket.on("error", reject);
    });

  it("are all answered when a hundred come at once, each with what it asked for", async () => {
    await importEvents(500);
    const answers = await Promise.all(Array.from({ length: 100 }, async (_, n) => {
      if (n % 3 === 0) return await (await track(`u-${n}`)).text();
      if (n % 3 === 1) return (await (await get(EXPORT)).text()).match(/"n":\d+/g)!.length;
      const path = `/api/query/segmentation?${PROJECT}&event=Signup&from_date=2026-11-23&to_date=2026-11-23`;
      return (await (await get(path)).json()).data.values.Signup["2026-11-23"];
    }));
    answers.forEach((answer, n) => assert.equal(answer, n % 3 === 0 ? "1" : 500, `client ${n}`));
    const lines = (await (await get(EXPORT)).text()).trimEnd().split("\n");
    assert.equal(lines.length, 500 + 34);
  });

  it("do not wait for one that sends slowly, or reads slowly", async () => {
    await importEvents(2000);
    const sender = await connection("POST /track HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n[");
    const reader = await connection(
      `GET ${EXPORT} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n\r\n`,
    );
    reader.pause();
    try {
      assert.equal(await (await track("u")).text(), "1");
      assert.equal((await (await get(EXPORT)).text()).trimEnd().split("\n").length, 2001);
    } finally {
      sender.destroy();
      reader.destroy();
    }
  });

  it("do not wait for a script, which ends at its limit", async () => {
    served.sandbox.settings.jqlRunMs = 1500;
    let isRunning = true;
    const script = jql("function main() { for (;;); }").finally(() => isRunning = false);
    for (let n = 0; n < 5; n++) assert.equal(await (await track(`u-${n}`)).text(), "1");
    assert.ok(isRunning, "the others were answered while it ran");
    const { error } = await (await script).json();
    assert.match(error, /exceeded its time limit of 1\.5 seconds/);
  });

  it("run scripts side by side, more than may run at once", async () => {
    const answers = await Promise.all(Array.from({ length: 7 }, async (_, n) => {
      const answer = await jql(`function main() { return People().reduce(function () { return ${n} }) }`);
      return [answer.status, await answer.text()];
    }));
    answers.forEach(([status, text], n) => assert.deepEqual([status, text], [200, `[${n}]`]));
  });

  it("get what is under way when it is ended, and nothing new", async () => {
    await importEvents(50);
    await addFaults(served.url, { kind: "slow", path: "/api/2.0/export", delayMs: 400, times: 1 });
    const underWay = get(EXPORT).then((answer) => answer.text());
    // It is certain to have arrived when a later one has been answered.
    await track("u");
    await new Promise((resolve) => setTimeout(resolve, 100));
    const finished = served.finish();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await assert.rejects(get("/sandbox/state"));
    assert.equal((await underWay).trimEnd().split("\n").length, 51);
    await finished;
  });
});
