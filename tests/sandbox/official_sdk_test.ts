/** The official Node SDK, as it is published, pointed at the sandbox: what it sends arrives, and comes out again. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import Mixpanel from "mixpanel";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { NOW_MS } from "../helpers/world.ts";

type Callback = (error?: unknown) => void;

/** It warns of `key`, rightly. */
const silent = Object.fromEntries(["trace", "debug", "info", "warn", "error"].map((level) => [level, () => {}]));

let lab: ProgramLab;
let sdk: Mixpanel.Mixpanel;
before(() => {
  lab = openProgramLab();
  const { hostname, port } = new URL(lab.url);
  // Its types leave the port out. With a secret it insists on https; `key` is how it sends one without.
  const config = { host: hostname, port, protocol: "http", keepAlive: false, key: SANDBOX.secret, logger: silent };
  sdk = Mixpanel.init(SANDBOX.token, config as unknown as Mixpanel.InitConfig);
});
after(() => lab.stop());

/** Waits for the callback of a call, and fails with its error. */
function done(call: (callback: Callback) => void): Promise<void> {
  return new Promise((resolve, reject) =>
    call((error) => {
      const errors = Array.isArray(error) ? error.filter(Boolean) : error ? [error] : [];
      if (errors.length > 0) reject(errors[0]);
      else resolve();
    })
  );
}

/** What `mp export events` has of an event. */
async function exported(event: string): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await lab.mp(
    ["export", "events", "--from", "2026-01-01", "--to", "2026-11-23", "--event", event, "-o", "-"],
  );
  assert.equal(code, 0, stderr);
  return stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line).properties);
}

/** What `mp profiles get` has of a user. */
async function profileOf(id: string): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await lab.mp(["profiles", "get", id, "-f", "json"]);
  assert.equal(code, 0, stderr);
  const { $last_seen: _seen, ...properties } = JSON.parse(stdout).results[0].$properties;
  return properties;
}

const secondsAgo = (seconds: number) => Math.floor(NOW_MS / 1000) - seconds;

describe("the official Node SDK's events", () => {
  it("arrive one by one", async () => {
    await done((callback) => sdk.track("SDK Track", { distinct_id: "u-1", text: "Köln + 1/2", n: 3 }, callback));
    const [event] = await exported("SDK Track");
    const { distinct_id, text, n, mp_lib, $insert_id } = event!;
    assert.deepEqual([distinct_id, text, n, mp_lib], ["u-1", "Köln + 1/2", 3, "node"]);
    assert.equal(typeof $insert_id, "string");
  });

  it("arrive in batches of more than a request holds", async () => {
    const events = Array.from({ length: 120 }, (_, index) => ({
      event: "SDK Batch",
      properties: { distinct_id: `u-${index}`, time: secondsAgo(index), index, text: "???>>>~~~" },
    }));
    const before = lab.requests.length;
    await done((callback) => sdk.track_batch(events as unknown as Mixpanel.Event[], callback));
    assert.equal(lab.requests.length - before, 3);
    const found = await exported("SDK Batch");
    assert.deepEqual(found.map(({ index }) => index as number).sort((a, b) => a - b), events.map((_, index) => index));
    assert.ok(found.every(({ text }) => text === "???>>>~~~"));
  });

  it("arrive when they are old, alone and in batches", async () => {
    const old = secondsAgo(90 * 86_400);
    await done((callback) => sdk.import("SDK Import", old, { distinct_id: "u-1", $insert_id: "one" }, callback));
    const events = ["two", "three"].map((id) => ({
      event: "SDK Import",
      properties: { distinct_id: "u-2", time: old, $insert_id: id },
    }));
    await done((callback) => sdk.import_batch(events as unknown as Mixpanel.Event[], callback));
    const found = await exported("SDK Import");
    assert.deepEqual(found.map(({ time, $insert_id }) => [time, $insert_id]), [[old, "one"], [old, "two"], [
      old,
      "three",
    ]]);
  });

  it("join an alias to its user", async () => {
    await done((callback) => sdk.people.set("u-alias", { plan: "pro" }, callback));
    await done((callback) => sdk.alias("u-alias", "ada@example.com", callback));
    assert.deepEqual(await profileOf("ada@example.com"), { plan: "pro" });
  });

  it("are called with a refusal", async () => {
    await assert.rejects(
      done((callback) => sdk.track("", { distinct_id: "u-1" }, callback)),
      /Mixpanel Server Error: 0/,
    );
  });
});

describe("the official Node SDK's profiles", () => {
  it("arrive with all their changes", async () => {
    const { people } = sdk;
    await done((callback) => people.set("p-1", { plan: "free", $first_name: "Ada" }, callback));
    await done((callback) => people.set("p-1", "plan", "pro", callback));
    await done((callback) => people.set_once("p-1", { plan: "never", first: "yes" }, callback));
    await done((callback) => people.increment("p-1", "logins", 5, callback));
    await done((callback) => people.increment("p-1", { logins: -2 }, callback));
    await done((callback) => people.append("p-1", "cities", "Rome", callback));
    await done((callback) => people.append("p-1", { cities: "Oslo" }, callback));
    await done((callback) => people.union("p-1", { tags: ["a", "b"] }, callback));
    await done((callback) => people.union("p-1", { tags: ["b", "c"] }, callback));
    await done((callback) => people.remove("p-1", { cities: "Rome" }, callback));
    await done((callback) => people.unset("p-1", "first", callback));
    assert.deepEqual(await profileOf("p-1"), {
      plan: "pro",
      $first_name: "Ada",
      logins: 3,
      cities: ["Oslo"],
      tags: ["a", "b", "c"],
    });
  });

  it("keep charges, and forget them", async () => {
    await done((callback) => sdk.people.track_charge("p-2", 19.9, { $time: "2026-11-01T00:00:00" }, callback));
    assert.deepEqual(await profileOf("p-2"), { $transactions: [{ $amount: 19.9, $time: "2026-11-01T00:00:00" }] });
    await done((callback) => sdk.people.clear_charges("p-2", callback));
    assert.deepEqual(await profileOf("p-2"), { $transactions: [] });
  });

  it("are gone when they are deleted", async () => {
    await done((callback) => sdk.people.set("p-3", { a: 1 }, callback));
    await done((callback) => sdk.people.delete_user("p-3", callback));
    assert.equal((await lab.mp(["profiles", "get", "p-3"])).code, 4);
  });
});

describe("the official Node SDK's groups", () => {
  it("arrive with all their changes", async () => {
    const { groups } = sdk;
    const group = () => lab.store.profiles.get(SANDBOX.projectId, "company", "Acme");
    await done((callback) => groups.set("company", "Acme", { plan: "pro", seats: 5 }, callback));
    await done((callback) => groups.set_once("company", "Acme", { plan: "never", since: 2026 }, callback));
    await done((callback) => groups.union("company", "Acme", { tags: ["a", "b"] }, callback));
    await done((callback) => groups.remove("company", "Acme", { tags: "a" }, callback));
    await done((callback) => groups.unset("company", "Acme", "seats", callback));
    assert.deepEqual(group(), { plan: "pro", since: 2026, tags: ["b"] });
    await done((callback) => groups.delete_group("company", "Acme", callback));
    assert.equal(group(), undefined);
  });
});
