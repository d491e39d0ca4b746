import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { CHROMIUM, openBrowser } from "../../helpers/browser.ts";
import { BROWSER_SDK_VERSION, installBrowserSdk } from "../../helpers/registries.ts";
import type { Call, Client, DriverLine } from "../client.ts";
import type { ClientLab } from "../client_lab.ts";
import { VARIANT } from "../seed.ts";
import { answers, both, event, group, profile } from "./checks.ts";

const script = join(import.meta.dirname!, "..", "drivers", "browser_page.js");

/** Serves a page with the SDK on a port of its own, so that the emulator is of another origin, and drives it. */
async function run(folder: string, lab: ClientLab): Promise<DriverLine[]> {
  const sdk = join(folder, "node_modules", "mixpanel-browser");
  const pages: Record<string, [type: string, body: string]> = {
    "/": [
      "text/html",
      '<!doctype html><title>Shop</title><script src="/sdk.js"></script><script src="/drive.js"></script>',
    ],
    "/sdk.js": ["text/javascript", readFileSync(join(sdk, "dist", "mixpanel.umd.js"), "utf8")],
    "/drive.js": ["text/javascript", readFileSync(script, "utf8")],
  };
  const server = createServer(({ url = "" }, response) => {
    const [type, body] = pages[url] ?? ["text/plain", ""];
    response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const browser = await openBrowser();
  try {
    const page = await browser.page(`http://localhost:${(server.address() as AddressInfo).port}/`);
    const lines = await page.run(`drive(${JSON.stringify(SANDBOX.token)}, ${JSON.stringify(lab.url)})`);
    return [{ surface: publicMethods(readFileSync(join(sdk, "src", "index.d.ts"), "utf8")) }, ...lines as DriverLine[]];
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

/** What the published types name: the object itself has its internals beside them. */
function publicMethods(types: string): string[] {
  const interfaces = { Mixpanel: "", People: "people.", Group: "group.", FlagsManager: "flags." };
  return [
    // Groups have it, and the types lack it.
    "group.delete",
    ...new Set(
      Object.entries(interfaces).flatMap(([name, prefix]) => {
        const [, body = ""] = new RegExp(`^export interface ${name} {\n([^]*?)^}`, "m").exec(types) ?? [];
        return [...body.matchAll(/^ {2}(\w+)[(<]/gm)].map(([, method]) => prefix + method);
      }),
    ),
  ];
}

const one = answers(1, "accepted");
const two = answers([1, 1], "accepted");
const ADA = (wanted: Record<string, unknown>): Call => ({
  shows: "the profile with its properties",
  async check(lab) {
    const found = await lab.profile("browser-user");
    assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((key) => [key, found?.[key]])), wanted);
  },
});
const none = (name: string): Call => ({
  shows: "the event does not arrive",
  check: async (lab) => assert.deepEqual(await lab.events(name), []),
});
const recording = { not: "sessions are recorded for Mixpanel's own pages, which the emulator has not" };
const chosen = { key: VARIANT.key, value: VARIANT.value };
const text = { text: "Köln + 1/2 😀", n: 3, list: [1], distinct_id: "browser-user", mp_lib: "web" };

/** Exactly one event of a name, by one of its properties. */
const property = (name: string, key: string, wanted: unknown): Call => event(name, { [key]: wanted });

export const BROWSER: Client = {
  name: "SDK for browsers",
  registry: "npm",
  package: "mixpanel-browser",
  version: BROWSER_SDK_VERSION,
  reaches: "`api_host`, from a page of another port in Chromium",
  install() {
    if (CHROMIUM === undefined) return { reason: "no Chromium" };
    const installed = installBrowserSdk();
    return "reason" in installed ? installed : { run: (lab) => run(installed.folder, lab) };
  },
  calls: {
    init: answers(SANDBOX.token, "an instance with the token"),
    track: both(
      both(two, event("Browser track", text)),
      event("Browser track base64", { text: "Köln + 1/2 😀", n: 3, list: [1] }),
    ),
    identify: {
      shows: "the anonymous id finds the user's profile; events of before and after are one user's",
      async check(lab, anonymous) {
        assert.match(String(anonymous), /^\$device:/);
        assert.equal((await lab.profile(String(anonymous)))?.plan, "pro");
        const search = new URLSearchParams({
          project_id: String(SANDBOX.projectId),
          from_date: "2026-01-01",
          to_date: new Date().toISOString().slice(0, 10),
          distinct_ids: '["visitor-user"]',
        });
        const stream = await lab.ask(`/api/query/stream/query?${search}`);
        const names = (stream.results.events as { event: string }[]).map(({ event }) => event);
        assert.deepEqual(names.filter((name) => !name.startsWith("$")).toSorted(), ["Browser after", "Browser before"]);
      },
    },
    alias: {
      shows: "the alias finds the user's profile",
      async check(lab) {
        assert.equal((await lab.profile("alias@example.com"))?.plan, "pro");
      },
    },
    register: event("Browser register", { theme: "dark", volume: 1 }),
    register_once: answers("dark", "what is there stays"),
    unregister: event("Browser unregister", { theme: "dark", volume: undefined }),
    get_property: answers("dark", "the property"),
    get_distinct_id: answers("browser-user", "the user's id"),
    get_config: {
      shows: "the emulator's address",
      check: (lab, answer) => assert.equal(answer, lab.url),
    },
    set_config: event("Browser set_config", { secret: undefined, shown: 2 }),
    time_event: {
      shows: "the event with its duration",
      async check(lab) {
        const [{ $duration }] = await lab.events("Browser time_event") as [{ $duration: number }];
        assert.ok($duration >= 0.05 && $duration < 60, String($duration));
      },
    },
    track_pageview: property("$mp_web_page_view", "extra", 1),
    track_links: both(answers("#elsewhere", "the link is followed"), property("Browser track_links", "from", "page")),
    track_forms: event("Browser track_forms", { distinct_id: "browser-user" }),
    set_group: both(answers([1, 1], "accepted"), property("Browser set_group", "company", ["Acme"])),
    add_group: both(answers([1, 1], "accepted"), property("Browser add_group", "company", ["Acme", "Other"])),
    remove_group: {
      shows: "the user's profile is in the other group only",
      check: async (lab) => assert.deepEqual((await lab.profile("group-user"))?.company, ["Other"]),
    },
    track_with_groups: event("Browser track_with_groups", { n: 1, company: ["Acme"] }),
    get_group: group("Got", { a: 1 }),
    disable: both(event("Browser enabled", {}), none("Browser disabled")),
    push: property("Browser push", "n", 1),
    reset: {
      shows: "a new anonymous id",
      check: (_lab, answer) => assert.match(String(answer), /^\$device:/),
    },
    opt_out_tracking: both(answers(true, "opted out"), none("Browser opted out")),
    has_opted_out_tracking: answers(true, "opted out"),
    opt_in_tracking: event("Browser opted in", {}),
    has_opted_in_tracking: answers(true, "opted in"),
    clear_opt_in_out_tracking: answers([false, false], "neither"),
    start_batch_senders: {
      shows: "the events of a batch, each once",
      async check(lab) {
        assert.deepEqual((await lab.events("Browser batch")).map(({ n }) => n).sort(), [0, 1, 2]);
      },
    },
    get_session_recording_properties: answers({}, "none, while nothing is recorded"),
    get_session_replay_url: answers(null, "none, while nothing is recorded"),
    start_session_recording: recording,
    stop_session_recording: recording,

    "people.set": both(two, ADA({ plan: "pro", $first_name: "Ada" })),
    "people.set_once": both(one, ADA({ plan: "pro" })),
    "people.increment": both(two, ADA({ n: 3, m: 1 })),
    "people.append": both(two, ADA({ cities: ["Rome", "Rome"] })),
    "people.union": both(two, ADA({ tags: ["b", "c"] })),
    "people.remove": both(one, ADA({ tags: ["b", "c"] })),
    "people.unset": both(one, ADA({ first: undefined })),
    "people.track_charge": { not: "has had no effect since it was deprecated" },
    "people.clear_charges": {
      shows: "no charge is left",
      check: async (lab) => assert.deepEqual((await lab.profile("cleared"))?.$transactions, []),
    },
    "people.delete_user": profile("deleted", undefined),
    "group.set": both(one, group("Acme", { plan: "pro" })),
    "group.set_once": both(one, group("Acme", { plan: "pro", since: 2026 })),
    "group.union": both(one, group("Acme", { tags: ["b"] })),
    "group.remove": both(one, group("Acme", { tags: ["b"] })),
    "group.unset": both(one, group("Acme", { seats: undefined })),
    "group.delete": both(two, group("Gone", undefined)),

    "flags.when_ready": answers("ready", "they become ready"),
    "flags.are_flags_ready": answers(true, "they are"),
    "flags.load_flags": answers(["gate", "new-nav"], "all flags"),
    "flags.get_variant": {
      shows: "the variant, and an exposure event for each set of flags that was read",
      async check(lab, answer) {
        assert.deepEqual(answer, chosen);
        const found = (await lab.events("$experiment_started")).filter((one) => one["Experiment name"] === "new-nav");
        assert.deepEqual(
          found.map((one) => [one.distinct_id, one["Variant name"], one.$experiment_type]),
          Array(2).fill(["flag-user", VARIANT.key, "feature_flag"]),
        );
      },
    },
    "flags.get_variant_sync": answers(chosen, "the variant"),
    "flags.get_variant_value": answers(VARIANT.value, "the value"),
    "flags.get_variant_value_sync": answers([VARIANT.value, "fallback"], "the value; the fallback for no flag"),
    "flags.is_enabled": answers([true, false, false], "true for a gate, false for other values and for no flag"),
    "flags.is_enabled_sync": answers([true, false, false], "true for a gate, false for other values and for no flag"),
    "flags.get_all_variants": answers([["gate", "control"], ["new-nav", "control"]], "all flags of a tester"),
    "flags.get_all_variants_sync": answers([["gate", "on"], ["new-nav", "treatment"]], "all flags"),
    "flags.update_context": answers(chosen, "the variant for a further context"),
  },
};
