import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import type { DemoEvent } from "../../src/sandbox/demo/visit.ts";
import { loadDemo } from "../../src/sandbox/load_demo.ts";
import { Lab } from "./lab.ts";

/** What a demo holds that was loaded at this time. */
async function loadedAt(time: string) {
  const nowMs = Date.parse(time);
  const lab = new Lab();
  const loaded = loadDemo(lab.store, { projectId: SANDBOX.projectId, nowMs, days: 10, events: 12_000 });
  const events = await lab.exported() as unknown as DemoEvent[];
  return { nowMs, loaded, events, profiles: [...lab.store.profiles.all(SANDBOX.projectId)] };
}

describe("the demo's data at an hour of the day", () => {
  for (const time of ["2026-11-23T00:00:01Z", "2026-11-23T08:30:00Z", "2026-11-23T23:59:59Z"]) {
    it(`is of the past, at ${time}`, async () => {
      const { nowMs, loaded, events, profiles } = await loadedAt(time);
      assert.equal(loaded.lastDay, "2026-11-23");
      assert.ok(events.length > 5000 && events.length === loaded.events);
      const latest = Math.max(...events.map(({ properties }) => properties.time as number));
      assert.ok(latest * 1000 <= nowMs);
      for (const { properties } of profiles) {
        for (const name of ["$created", "$last_seen", "last_purchase"]) {
          if (name in properties) assert.ok(Date.parse(`${properties[name]}Z`) <= nowMs, `${name} ${properties[name]}`);
        }
      }
    });

    it(`has profiles that agree with the events, at ${time}`, async () => {
      const { events, profiles } = await loadedAt(time);
      const counts = new Map<unknown, number>();
      for (const { event, properties } of events) {
        if (event === "Purchase") counts.set(properties.distinct_id, (counts.get(properties.distinct_id) ?? 0) + 1);
      }
      assert.ok(counts.size > 0);
      for (const { distinctId, properties } of profiles) {
        assert.equal(properties.purchases, counts.get(distinctId) ?? 0, distinctId);
      }
      const known = new Set(profiles.map(({ distinctId }) => distinctId));
      for (const { event, properties } of events) {
        if (event === "Sign Up") assert.ok(known.has(String(properties.distinct_id)));
      }
    });
  }
});
