import assert from "node:assert/strict";
import { join } from "node:path";
import { installPackages, SDK } from "../../helpers/python_packages.ts";
import type { Call, Client } from "../client.ts";
import { VARIANT } from "../seed.ts";
import { answers, both, event, exposure, group, profile } from "./checks.ts";

const driver = join(import.meta.dirname!, "..", "drivers", "python_sdk.py");

/** Decided locally, `is_qa_tester` is only there for testers. */
const variant = (source: "local" | "remote"): Call => ({
  shows: "the variant with its value",
  check(_lab, answer) {
    const { variant_key, variant_value, is_qa_tester, variant_source } = answer as Record<string, unknown>;
    assert.deepEqual(
      [variant_key, variant_value, is_qa_tester, variant_source],
      [VARIANT.key, VARIANT.value, source === "local" ? null : false, source],
    );
  },
});

const value = answers(VARIANT.value, "the value");
const gates = answers([true, false, false], "true for a gate, false for other values and for no flag");
const testers = answers([["gate", "control", true], ["new-nav", "control", true]], "all flags of a tester");
const nothing = answers(null, "nothing, without an error");

export const PYTHON: Client = {
  name: "SDK for Python",
  registry: "PyPI",
  package: "mixpanel",
  version: "5.4.1",
  reaches: "`HTTPS_PROXY`, `REQUESTS_CA_BUNDLE` and `SSL_CERT_FILE`; no option of its own",
  install() {
    const installed = installPackages(SDK);
    return "reason" in installed ? installed : { argv: [installed.python, driver] };
  },
  calls: {
    track: event("Python track", { distinct_id: "u-1", text: "Köln + 1/2 😀", n: 3, list: [1], mp_lib: "python" }),
    import_data: both(
      event("Python import_data", { distinct_id: "u-1", $insert_id: "i-1" }),
      event("Python import_data by secret", { distinct_id: "u-1", $insert_id: "i-2" }),
    ),
    alias: profile("alias@example.com", { plan: "pro" }),
    merge: profile("merge-other", { plan: "pro" }),
    people_set: profile("set", { plan: "pro", $first_name: "Ada" }),
    people_set_once: profile("set_once", { plan: "free" }),
    people_increment: profile("increment", { n: 3, m: 1 }),
    people_append: profile("append", { cities: ["Rome", "Rome"] }),
    people_union: profile("union", { tags: ["a", "b", "c"] }),
    people_unset: profile("unset", { b: 2 }),
    people_remove: profile("remove", { tags: ["b"] }),
    people_delete: profile("delete", undefined),
    people_track_charge: profile("charge", { $transactions: [{ $amount: 19.9, $time: "2026-11-01T00:00:00" }] }),
    people_clear_charges: profile("cleared", {}),
    people_update: both(
      profile("update", { a: 1 }),
      {
        shows: "without an id, the server's words",
        check: (_lab, answer) => assert.deepEqual(answer, [null, "Mixpanel error: $distinct_id, missing or empty"]),
      },
    ),
    group_set: group("Acme", { plan: "pro" }),
    group_set_once: group("Acme", { plan: "pro", since: 2026 }),
    group_union: group("Acme", { tags: ["b"] }),
    group_remove: group("Acme", { tags: ["b"] }),
    group_unset: group("Acme", { seats: undefined }),
    group_delete: group("Gone", undefined),
    group_update: group("Updated", { a: 1 }),
    local_flags: answers("LocalFeatureFlagsProvider", "the provider"),
    remote_flags: answers("RemoteFeatureFlagsProvider", "the provider"),
    "Consumer.send": both(
      event("Python Consumer.send", { distinct_id: "u-1" }),
      answers([null, "Mixpanel error: event, missing"], "a refusal in the server's words"),
    ),
    "BufferedConsumer.send": answers(1, "a batch is sent when it is full"),
    "BufferedConsumer.flush": {
      shows: "the rest arrives, events and imports",
      async check(lab, answer) {
        assert.equal(answer, 0);
        const found = await lab.events("Python BufferedConsumer");
        assert.deepEqual(found.map(({ n }) => n).sort(), [0, 1, 2]);
        assert.equal((await lab.events("Python BufferedConsumer import")).length, 1);
      },
    },
    "local_flags.start_polling_for_definitions": nothing,
    "local_flags.are_flags_ready": answers(true, "they are"),
    "local_flags.get_variant": variant("local"),
    "local_flags.get_variant_value": both(value, exposure("local-exposed", "local")),
    "local_flags.is_enabled": gates,
    "local_flags.get_all_variants": testers,
    "local_flags.track_exposure_event": exposure("local-told", "local"),
    "local_flags.lowercase_keys_and_values": { not: "internal: touches no server" },
    "local_flags.lowercase_only_leaf_nodes": { not: "internal: touches no server" },
    "local_flags.astart_polling_for_definitions": answers([true, VARIANT.value], "the definitions, from a loop"),
    "local_flags.astop_polling_for_definitions": answers(VARIANT.value, "the definitions are kept"),
    "local_flags.stop_polling_for_definitions": nothing,
    "local_flags.shutdown": nothing,
    "remote_flags.get_variant": variant("remote"),
    "remote_flags.get_variant_value": both(value, exposure("remote-exposed", "remote")),
    "remote_flags.is_enabled": gates,
    "remote_flags.get_all_variants": testers,
    "remote_flags.track_exposure_event": exposure("remote-told", "remote"),
    "remote_flags.aget_variant": variant("remote"),
    "remote_flags.aget_variant_value": value,
    "remote_flags.ais_enabled": answers(true, "true for a gate"),
    "remote_flags.aget_all_variants": testers,
    "remote_flags.atrack_exposure_event": exposure("remote-atold", "remote"),
    "remote_flags.shutdown": nothing,
  },
};
