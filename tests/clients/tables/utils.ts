import assert from "node:assert/strict";
import { join } from "node:path";
import { installPackages, UTILS as PACKAGES } from "../../helpers/python_packages.ts";
import type { Call, Client } from "../client.ts";
import { SEED_EVENTS, SEED_PROFILES } from "../seed.ts";
import { answers, both, profile } from "./checks.ts";

const driver = join(import.meta.dirname!, "..", "drivers", "utils.py");

const rows = SEED_EVENTS.map(({ event, properties: { distinct_id, amount, plan } }) => [
  event,
  distinct_id,
  amount,
  plan,
]).sort();
const users = SEED_PROFILES.map(({ $distinct_id, $set }) => [$distinct_id, $set.plan, $set.$email]);
const [pro] = users;
const changed = (distinctId: string, wanted: Record<string, unknown> | undefined): Call =>
  both(answers(1, "one profile"), profile(distinctId, wanted));
const sorted = (all: object[]) => all.map((one) => JSON.stringify(one)).sort();
const amplitude = { not: "reads from Amplitude's server first" };

/** What a driver has written as JSON, in any order of lines; Python puts a blank after commas and colons. */
const written = (wanted: object[], shows: string): Call => ({
  shows,
  check: (_lab, answer) => assert.deepEqual(sorted((answer as string[]).map((one) => JSON.parse(one))), sorted(wanted)),
});

export const UTILS: Client = {
  name: "mixpanel-utils",
  registry: "PyPI",
  package: "mixpanel-utils",
  version: "2.2.7",
  reaches: "`HTTPS_PROXY` and `SSL_CERT_FILE`; it has no option for the host",
  install() {
    const installed = installPackages(PACKAGES);
    return "reason" in installed ? installed : { argv: [installed.python, driver] };
  },
  calls: {
    request: {
      shows: "names of events",
      check: (_lab, answer) => assert.deepEqual((answer as string[]).sort(), ["Seed Buy", "Seed View"]),
    },
    query_export: answers([rows, rows], "all events, by a service account and, compressed, by the project's secret"),
    query_engage: answers([users, [pro], [pro]], "all profiles; those of a `where`; those of `behaviors`"),
    export_events: answers([rows, true], "a file of all events, and one of the compressed bytes"),
    export_people: answers(users, "a file of all profiles"),
    export_data: answers([{ event: "A", properties: { n: 1 } }], "a file; no server is asked"),
    query_jql: {
      shows: "counts by event",
      check(_lab, answer) {
        const found = (answer as { key: string[]; value: number }[]).map(({ key: [name], value }) => [name, value]);
        assert.deepEqual(found.sort(), [["Seed Buy", 1], ["Seed View", 3]]);
      },
    },
    query_jql_events: answers(rows.filter(([name]) => name === "Seed View"), "events of a selector"),
    query_jql_people: answers([pro], "profiles of a selector"),
    export_jql_events: written(
      SEED_EVENTS.map(({ event, properties: { distinct_id, plan, time } }) => ({
        event,
        properties: { distinct_id, plan, time },
      })),
      "a file of events with chosen properties",
    ),
    export_jql_people: written(
      SEED_PROFILES.map(({ $distinct_id, $set: { plan } }) => ({ $distinct_id, $properties: { plan } })),
      "a file of profiles with chosen properties",
    ),
    sum_transactions: answers({ Revenue: 12 }, "a sum; no server is asked"),
    jql_operation: {
      shows: "the profile that the script names is changed",
      async check(lab, answer) {
        assert.equal(answer, 1);
        assert.equal((await lab.profile("seed-1"))?.from_jql, 1);
      },
    },
    event_counts_to_people: {
      shows: "both users have their counts",
      async check(lab, answer) {
        assert.equal(answer, 2);
        const counts = [await lab.profile("seed-1"), await lab.profile("seed-2")].map((one) => one?.["Seed View"]);
        assert.deepEqual(counts, [2, 1]);
      },
    },
    import_events: {
      shows: "2,500 events in two requests",
      async check(lab, answer) {
        assert.deepEqual(answer, [false, false]);
        const found = (await lab.events("Utils import")).map(({ n }) => n as number);
        assert.deepEqual(found.sort((a, b) => a - b), [...Array(2500).keys()]);
        assert.equal(lab.requests.filter((one) => one === "POST /import").length, 2);
      },
    },
    import_people: profile("imported", { plan: "pro" }),
    people_operation: changed("operation", { a: 1 }),
    people_set: changed("set", { plan: "pro" }),
    people_set_once: changed("set_once", { a: 1 }),
    people_unset: changed("unset", { b: 2 }),
    people_add: changed("add", { n: 5 }),
    people_append: changed("append", { list: ["a", "b"] }),
    people_union: changed("union", { list: ["a", "b"] }),
    people_remove: changed("remove", { list: ["b"] }),
    people_delete: changed("delete", undefined),
    people_change_property_name: changed("rename", { new: "value" }),
    people_revenue_property_from_transactions: changed("revenue", {
      $transactions: [{ $amount: 5 }, { $amount: 7 }],
      Revenue: 12,
    }),
    deduplicate_people: both(
      changed("twin-1", undefined),
      profile("twin-2", { $email: "twin@example.com", a: 1, b: 2 }),
    ),
    import_from_amplitude: amplitude,
    import_from_amplitude_id_mgmt_v3: amplitude,
  },
};
