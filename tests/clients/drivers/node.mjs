/** Calls each method of Mixpanel's SDK for Node.js. */
import Mixpanel from "mixpanel";
import process from "node:process";
import { drive, methodsOf } from "./driver.mjs";

const { MP_TOKEN, MP_USERNAME, MP_SERVICE_SECRET, MP_PROJECT } = process.env;
const silent = Object.fromEntries(["trace", "debug", "info", "warn", "error"].map((level) => [level, () => {}]));
const credentials = new Mixpanel.ServiceAccountCredentials(MP_USERNAME, MP_SERVICE_SECRET, MP_PROJECT);
const sdk = Mixpanel.init(MP_TOKEN, {
  credentials,
  logger: silent,
  local_flags_config: { enable_polling: true },
  remote_flags_config: {},
});
const { people, groups, local_flags: local, remote_flags: remote } = sdk;

/** Waits for the callback of a call. */
const done = (call) =>
  new Promise((resolve, reject) =>
    call((error) => {
      const errors = [error].flat().filter(Boolean);
      if (errors.length > 0) reject(errors[0]);
      else resolve("no error");
    })
  );
const chain = async (...calls) => {
  for (const call of calls) await done(call);
  return "no error";
};
const now = Math.floor(Date.now() / 1000);
const old = now - 90 * 86_400;
const batch = (event, time, count) =>
  Array.from({ length: count }, (_, n) => ({
    event,
    properties: { distinct_id: `u-${n}`, $insert_id: `${event}-${n}`, time, n, text: "???>>>~~~ Köln 😀" },
  }));
const context = { distinct_id: "flag-user" };
const fallback = { variant_value: "fallback" };
const ACME = ["company", "Acme"];

const surface = [
  ...methodsOf(sdk),
  ...methodsOf(people, "people."),
  ...methodsOf(groups, "groups."),
  ...methodsOf(local, "local_flags."),
  ...methodsOf(remote, "remote_flags."),
];
await drive(surface, {
  track: () =>
    done((end) => sdk.track("Node track", { distinct_id: "u-1", text: "Köln + 1/2 😀", n: 3, list: [1] }, end)),
  track_batch: () => done((end) => sdk.track_batch(batch("Node track_batch", now, 120), end)),
  import: () => done((end) => sdk.import("Node import", old, { distinct_id: "u-1", $insert_id: "i-1" }, end)),
  import_batch: () => done((end) => sdk.import_batch(batch("Node import_batch", old, 60), end)),
  alias: () =>
    chain(
      (end) => people.set("alias-user", { plan: "pro" }, end),
      (end) => sdk.alias("alias-user", "alias@example.com", end),
    ),
  send_event_request: () =>
    done((end) => sdk.send_event_request("/track", "Node send_event_request", { distinct_id: "u-1" }, end)),
  send_request: () => {
    const data = { event: "Node send_request", properties: { token: MP_TOKEN, distinct_id: "u-1" } };
    return done((end) => sdk.send_request({ method: "POST", endpoint: "/track", data }, end));
  },
  set_config: async () => {
    sdk.set_config({ verbose: true });
    const accepted = await done((end) => sdk.track("Node set_config", { distinct_id: "u-1" }, end));
    const refused = await done((end) => sdk.track("", { distinct_id: "u-1" }, end)).catch(({ message }) => message);
    sdk.set_config({ verbose: false });
    return { accepted, refused };
  },
  "people.set": () =>
    chain(
      (end) => people.set("set", { plan: "free", $first_name: "Ada" }, end),
      (end) => people.set("set", "plan", "pro", end),
    ),
  "people.set_once": () =>
    chain(
      (end) => people.set_once("set_once", { plan: "free" }, end),
      (end) => people.set_once("set_once", "plan", "pro", end),
    ),
  "people.increment": () =>
    chain(
      (end) => people.increment("increment", "n", 5, end),
      (end) => people.increment("increment", { n: -2, m: 1 }, end),
      (end) => people.increment("increment", "m", end),
    ),
  "people.append": () =>
    chain(
      (end) => people.append("append", "cities", "Rome", end),
      (end) => people.append("append", { cities: "Rome" }, end),
    ),
  "people.union": () =>
    chain(
      (end) => people.union("union", { tags: ["a", "b"] }, end),
      (end) => people.union("union", { tags: ["b", "c"] }, end),
    ),
  "people.remove": () =>
    chain(
      (end) => people.set("remove", { tags: ["a", "b"] }, end),
      (end) => people.remove("remove", { tags: "a" }, end),
    ),
  "people.unset": () =>
    chain(
      (end) => people.set("unset", { a: 1, b: 2, c: 3 }, end),
      (end) => people.unset("unset", ["a", "b"], end),
    ),
  "people.track_charge": () =>
    done((end) => people.track_charge("track_charge", 19.9, { $time: "2026-11-01T00:00:00" }, end)),
  "people.clear_charges": () =>
    chain(
      (end) => people.track_charge("clear_charges", 5, end),
      (end) => people.clear_charges("clear_charges", end),
    ),
  "people.delete_user": () =>
    chain(
      (end) => people.set("delete_user", { a: 1 }, end),
      (end) => people.delete_user("delete_user", { $ignore_alias: true }, end),
    ),
  "groups.set": () => done((end) => groups.set(...ACME, { plan: "pro", seats: 5 }, end)),
  "groups.set_once": () => done((end) => groups.set_once(...ACME, { plan: "never", since: 2026 }, end)),
  "groups.union": () => done((end) => groups.union(...ACME, { tags: ["a", "b"] }, end)),
  "groups.remove": () => done((end) => groups.remove(...ACME, { tags: "a" }, end)),
  "groups.unset": () => done((end) => groups.unset(...ACME, "seats", end)),
  "groups.delete_group": () =>
    chain(
      (end) => groups.set("company", "Gone", { a: 1 }, end),
      (end) => groups.delete_group("company", "Gone", end),
    ),
  "local_flags.startPollingForDefinitions": async () => {
    await local.startPollingForDefinitions();
    return [...local.flagDefinitions.keys()];
  },
  "local_flags.areFlagsReady": () => local.areFlagsReady().then(() => "ready"),
  "local_flags.getVariant": () => local.getVariant("new-nav", fallback, context, false),
  "local_flags.getVariantValue": () => local.getVariantValue("new-nav", "fallback", { distinct_id: "local-exposed" }),
  "local_flags.isEnabled": () => ["gate", "new-nav", "none"].map((key) => local.isEnabled(key, context)),
  "local_flags.getAllVariants": () => local.getAllVariants({ distinct_id: "tester" }),
  "local_flags.trackExposureEvent": () =>
    local.trackExposureEvent("new-nav", { variant_key: "treatment" }, { distinct_id: "local-told" }),
  "local_flags.stopPollingForDefinitions": () => (local.stopPollingForDefinitions(), local.pollingInterval),
  "local_flags.shutdown": () => (local.shutdown(), local.pollingInterval),
  "remote_flags.getVariant": () => remote.getVariant("new-nav", fallback, context, false),
  "remote_flags.getVariantValue": () =>
    remote.getVariantValue("new-nav", "fallback", { distinct_id: "remote-exposed" }),
  "remote_flags.isEnabled": () => Promise.all(["gate", "new-nav", "none"].map((key) => remote.isEnabled(key, context))),
  "remote_flags.getAllVariants": () => remote.getAllVariants({ distinct_id: "tester" }),
  "remote_flags.trackExposureEvent": () =>
    remote.trackExposureEvent("new-nav", { variant_key: "treatment" }, { distinct_id: "remote-told" }, 12),
  "remote_flags.shutdown": () => remote.shutdown(),
});
