import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { GO_SDK, GO_SDK_VERSION, goEnv, installGoSdk } from "../../helpers/registries.ts";
import type { Call, Client } from "../client.ts";
import { SEED_DAY, VARIANT } from "../seed.ts";
import { answers, both, event, exposure, group, profile } from "./checks.ts";

const driver = join(import.meta.dirname!, "..", "drivers", "drive.go");
const OLD_SECONDS = () => Math.floor(Date.now() / 1000) - 90 * 86_400;

const sent = (name: string) => event(`Go ${name}`, { distinct_id: "u-1", n: 1, mp_lib: "go" });
const IMPORTED = { code: 200, num_records_imported: 1, status: "OK" };
const importedWith = (name: string, wanted: Record<string, unknown>) =>
  both(answers(IMPORTED, "one imported"), event(`Go ${name}`, wanted));

const numbered = (name: string, count: number, shows: string): Call => ({
  shows,
  async check(lab) {
    const found = (await lab.events(name)).map(({ n }) => n as number);
    assert.deepEqual(found.sort((a, b) => a - b), [...Array(count).keys()]);
  },
});

function flagCalls(source: "local" | "remote", provider: string): Record<string, Call> {
  const of = (method: string) => `flags.${provider}.${method}`;
  return {
    [of("GetVariant")]: {
      shows: "the variant with its value and source",
      check(_lab, answer) {
        const { variant_key, variant_value, variant_source } = answer as Record<string, unknown>;
        assert.deepEqual([variant_key, variant_value, variant_source], [VARIANT.key, VARIANT.value, source]);
      },
    },
    [of("GetVariantValue")]: both(answers(VARIANT.value, "the value"), exposure(`${source}-exposed`, source)),
    [of("IsEnabled")]: answers([true, false, false], "true for a gate, false for other values and for no flag"),
    [of("GetAllVariants")]: answers({ "new-nav": "control", gate: "control" }, "all flags of a tester"),
    [of("TrackExposureEvent")]: exposure(`${source}-tracked`, source),
  };
}

export const GO: Client = {
  name: "SDK for Go",
  registry: "Go module proxy",
  package: GO_SDK,
  version: GO_SDK_VERSION,
  reaches: "`HTTPS_PROXY` and `SSL_CERT_FILE`; `ProxyApiLocation` and `ProxyDataLocation` do without",
  install() {
    if (spawnSync("go", ["version"]).status !== 0) return { reason: "no go" };
    const installed = installGoSdk();
    if ("reason" in installed) return installed;
    const { folder, sources } = installed;
    return {
      argv: ["go", "run", "-C", folder, driver],
      env: { ...goEnv(folder), MP_GO_SDK: sources, MP_DAY: SEED_DAY },
    };
  },
  calls: {
    NewApiClient: sent("NewApiClient"),
    EuResidency: sent("EuResidency"),
    InResidency: sent("InResidency"),
    ProxyApiLocation: sent("ProxyApiLocation"),
    ProxyDataLocation: answers(["Seed Buy 20"], "the events of a name"),
    HttpClient: both(answers(1, "one request by it"), sent("HttpClient")),
    DebugHttpCalls: both(
      answers("-----Start Request-----\nPOST /track?verbose=1 HTTP/1.1", "the request"),
      sent("DebugHttpCalls"),
    ),
    ServiceAccount: importedWith("ServiceAccount", { distinct_id: "u-1" }),
    "ApiClient.NewEvent": event("Go NewEvent", { distinct_id: "u-1", text: "Köln + 1/2 😀", n: 3, list: [1] }),
    "ApiClient.NewEventFromJson": event("Go NewEventFromJson", { distinct_id: "u-1", n: 2 }),
    "ApiClient.Track": numbered("Go Track", 120, "120 events in one request"),
    "ApiClient.Import": both(
      answers([{ ...IMPORTED, num_records_imported: 500 }, { ...IMPORTED, num_records_imported: 1000 }], "the numbers"),
      numbered("Go Import", 1500, "1,500 events by the token and, compressed, by a service account"),
    ),
    "ApiClient.Export": answers(
      [["Seed Buy 20", "Seed View 4", "Seed View 5"], ["Seed View 3"]],
      "the events of a `where`, and as many of a name as are asked for",
    ),
    "ApiClient.Alias": {
      shows: "the alias finds the user's profile",
      async check(lab) {
        assert.deepEqual(await lab.profile("go-alias"), { plan: "pro" });
      },
    },
    "ApiClient.Merge": {
      shows: "an error: it sends a service account without the `project_id` that goes with one",
      check: (_lab, answer) => assert.match(String(answer), /project_id/),
    },
    NewPeopleProperties: profile("new", { a: 1 }),
    "PeopleProperties.SetReservedProperty": profile("reserved", { $email: "ada@example.com" }),
    "PeopleProperties.SetIp": profile("ip", { a: 1, $ip: "203.0.113.9" }),
    UseRequestIp: profile("request-ip", { a: 1 }),
    "ApiClient.PeopleSet": both(profile("set", { plan: "pro", name: "Köln 😀" }), profile("set-2", { plan: "free" })),
    "ApiClient.PeopleSetOnce": profile("set_once", { plan: "free", b: 1 }),
    "ApiClient.PeopleIncrement": profile("increment", { n: 3, m: 1 }),
    "ApiClient.PeopleUnionProperty": profile("union", { tags: ["a", "b", "c"] }),
    "ApiClient.PeopleAppendListProperty": profile("append", { cities: ["Rome", "Rome"] }),
    "ApiClient.PeopleRemoveListProperty": profile("remove", { tags: ["b"] }),
    "ApiClient.PeopleDeleteProperty": profile("unset", { b: 2 }),
    "ApiClient.PeopleDeleteProfile": profile("delete", undefined),
    "ApiClient.GroupSet": group("Acme", { plan: "pro" }),
    "ApiClient.GroupSetOnce": group("Acme", { plan: "pro", since: 2026 }),
    "ApiClient.GroupUnionListProperty": group("Acme", { tags: ["b"] }),
    "ApiClient.GroupRemoveListProperty": group("Acme", { tags: ["b"] }),
    "ApiClient.GroupDeleteProperty": group("Acme", { seats: undefined }),
    "ApiClient.GroupDelete": group("Gone", undefined),
    "Event.AddTime": {
      shows: "the event with the second of its time",
      async check(lab) {
        const [{ time } = {}] = await lab.events("Go AddTime");
        assert.ok(Math.abs(Number(time) - OLD_SECONDS()) < 600, String(time));
      },
    },
    "Event.AddInsertID": importedWith("AddInsertID", { $insert_id: "add-insert-id" }),
    "Event.AddIP": importedWith("AddIP", { ip: "203.0.113.9" }),
    "VerboseError.Error": answers("mixpanel.VerboseError: token, missing or empty", "the server's words"),
    "ImportFailedValidationError.Error": {
      shows: "the server's words, with each record's reason",
      check(_lab, answer) {
        const { error, records } = answer as { error: string; records: { index: number; field: string }[] };
        assert.equal(error, "some data points in the request failed validation");
        assert.deepEqual([records[0]?.index, records[0]?.field], [0, "properties.time"]);
      },
    },
    "ImportGenericError.Error": answers(
      "mixpanel.ImportGenericError: Not a valid service account username",
      "the server's words",
    ),
    "HttpError.Error": {
      shows: "the server's words",
      check: (_lab, answer) =>
        assert.match(String(answer), /status code: 40[01], body: .*Unable to authenticate request/),
    },
    "HttpError.Unwrap": answers(true, "an unexpected status"),
    DefaultFlagsExposureTracker: sent("tracker"),
    "flags.DefaultLocalFlagsConfig": answers(["api.mixpanel.com", true, 60], "host, and a minute between polls"),
    "flags.DefaultRemoteFlagsConfig": answers("api.mixpanel.com", "the host"),
    "flags.LocalFeatureFlagsProvider.StartPollingForDefinitions": answers("read", "no error"),
    "flags.LocalFeatureFlagsProvider.AreFlagsReady": answers(true, "they are, once they have been read"),
    ...flagCalls("local", "LocalFeatureFlagsProvider"),
    "flags.LocalFeatureFlagsProvider.StopPollingForDefinitions": answers(true, "no error after several polls"),
    ...flagCalls("remote", "RemoteFeatureFlagsProvider"),
    "flags.NewLocalFeatureFlagsProvider": answers(true, "the value of a gate"),
    "flags.NewRemoteFeatureFlagsProvider": answers(true, "the value of a gate"),
    "flags.SelectedVariant.AsFallback": answers("FLAG_NOT_FOUND", "the reason; no server is asked"),
    "flags.SelectedVariant.WithSource": answers("remote", "the source; no server is asked"),
    WithLocalFlags: answers(true, "the provider, which is called below"),
    WithLocalFlagsAndTracker: answers(
      ["flag-user $experiment_started"],
      "the exposure event by a tracker of one's own",
    ),
    WithRemoteFlags: answers(["flag-user $experiment_started"], "the exposure event by a tracker of one's own"),
  },
};
