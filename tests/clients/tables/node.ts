import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Call, Client } from "../client.ts";
import { VARIANT } from "../seed.ts";
import { event, exposure, group, profile } from "./checks.ts";

const drivers = join(import.meta.dirname!, "..", "drivers");

const selected = (source: "local" | "remote") => ({
  variant_key: VARIANT.key,
  variant_value: VARIANT.value,
  is_qa_tester: false,
  variant_source: source,
});

/** The variants of somebody whom the rulesets name as a tester. */
function testersVariants(_lab: unknown, answer: unknown): void {
  const found = Object.entries(answer as Record<string, { variant_key: string; is_qa_tester: boolean }>);
  assert.deepEqual(
    found.map(([key, { variant_key, is_qa_tester }]) => [key, variant_key, is_qa_tester]).sort(),
    [["gate", "control", true], ["new-nav", "control", true]],
  );
}

function flagCalls(source: "local" | "remote"): Record<string, Call> {
  return {
    [`${source}_flags.getVariant`]: {
      shows: "the variant with its value",
      check(_lab, answer) {
        const { experiment_id: _id, is_experiment_active: _active, ...rest } = answer as Record<string, unknown>;
        assert.deepEqual(rest, selected(source));
      },
    },
    [`${source}_flags.getVariantValue`]: {
      shows: "the value, and an exposure event that arrives",
      async check(lab, answer) {
        assert.deepEqual(answer, VARIANT.value);
        await exposure(`${source}-exposed`, source).check(lab, answer);
      },
    },
    [`${source}_flags.isEnabled`]: {
      shows: "true for a gate, false for other values and for no flag",
      check: (_lab, answer) => assert.deepEqual(answer, [true, false, false]),
    },
    [`${source}_flags.getAllVariants`]: { shows: "all flags of a tester", check: testersVariants },
    [`${source}_flags.trackExposureEvent`]: exposure(`${source}-told`, source),
    [`${source}_flags.callFlagsEndpoint`]: { not: "internal: what all others go through" },
    [`${source}_flags.tracker`]: { not: "internal: `track`, as it is given to the flags" },
  };
}

const batched = (name: string, count: number): Call => ({
  shows: `${count} events in requests of 50, each with its text`,
  async check(lab) {
    const found = await lab.events(name);
    assert.deepEqual(found.map(({ n }) => n as number).sort((a, b) => a - b), [...Array(count).keys()]);
    assert.ok(found.every(({ text }) => text === "???>>>~~~ Köln 😀"));
  },
});

export const NODE: Client = {
  name: "SDK for Node.js",
  registry: "npm",
  package: "mixpanel",
  version: "0.24.0",
  reaches: "the name `api.mixpanel.com` points to the emulator; with `HTTPS_PROXY` set it does not start",
  install() {
    if (spawnSync("node", ["--version"]).status !== 0) return { reason: "no Node.js" };
    const argv = ["node", "--require", join(drivers, "names.cjs"), join(drivers, "node.mjs")];
    // With a proxy set, version 0.24.0 does not start: it takes https-proxy-agent's module for its class.
    return { argv, env: { HTTPS_PROXY: "", https_proxy: "" } };
  },
  calls: {
    track: event("Node track", { distinct_id: "u-1", text: "Köln + 1/2 😀", n: 3, list: [1], mp_lib: "node" }),
    track_batch: batched("Node track_batch", 120),
    import: event("Node import", { distinct_id: "u-1", $insert_id: "i-1" }),
    import_batch: batched("Node import_batch", 60),
    alias: {
      shows: "the alias finds the user's profile",
      check: async (lab) => assert.deepEqual(await lab.profile("alias@example.com"), { plan: "pro" }),
    },
    send_event_request: event("Node send_event_request", { distinct_id: "u-1" }),
    send_request: event("Node send_request", { distinct_id: "u-1" }),
    set_config: {
      shows: "with `verbose`, errors in the server's words",
      check(_lab, answer) {
        const { accepted, refused } = answer as { accepted: string; refused: string };
        assert.equal(accepted, "no error");
        assert.match(refused, /^Mixpanel Server Error: event, missing/);
      },
    },
    "people.set": profile("set", { plan: "pro", $first_name: "Ada" }),
    "people.set_once": profile("set_once", { plan: "free" }),
    "people.increment": profile("increment", { n: 3, m: 2 }),
    "people.append": profile("append", { cities: ["Rome", "Rome"] }),
    "people.union": profile("union", { tags: ["a", "b", "c"] }),
    "people.remove": profile("remove", { tags: ["b"] }),
    "people.unset": profile("unset", { c: 3 }),
    "people.track_charge": profile("track_charge", {
      $transactions: [{ $amount: 19.9, $time: "2026-11-01T00:00:00" }],
    }),
    "people.clear_charges": profile("clear_charges", { $transactions: [] }),
    "people.delete_user": profile("delete_user", undefined),
    "groups.set": group("Acme", { plan: "pro" }),
    "groups.set_once": group("Acme", { plan: "pro", since: 2026 }),
    "groups.union": group("Acme", { tags: ["b"] }),
    "groups.remove": group("Acme", { tags: ["b"] }),
    "groups.unset": group("Acme", { seats: undefined }),
    "groups.delete_group": group("Gone", undefined),
    "local_flags.startPollingForDefinitions": {
      shows: "the definitions of all flags",
      check: (_lab, answer) => assert.deepEqual((answer as string[]).sort(), ["gate", "new-nav"]),
    },
    "local_flags.areFlagsReady": {
      shows: "they are, once they have been read",
      check: (_lab, answer) => assert.equal(answer, "ready"),
    },
    ...flagCalls("local"),
    "local_flags.stopPollingForDefinitions": {
      shows: "no timer is left",
      check: (_lab, answer) => assert.equal(answer, null),
    },
    "local_flags.shutdown": { shows: "no timer is left", check: (_lab, answer) => assert.equal(answer, null) },
    ...flagCalls("remote"),
    "remote_flags.shutdown": { shows: "nothing, without an error", check() {} },
  },
};
