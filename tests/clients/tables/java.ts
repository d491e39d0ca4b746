import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { installJavaSdk, JAVA_SDK_VERSION } from "../../helpers/registries.ts";
import type { Call, Client } from "../client.ts";
import { VARIANT } from "../seed.ts";
import { answers, both, event, exposure, group, profile } from "./checks.ts";

const driver = join(import.meta.dirname!, "..", "drivers", "Drive.java");

function flagCalls(source: "local" | "remote"): Record<string, Call> {
  return {
    [`${source}_flags.getVariant`]: answers(
      { key: VARIANT.key, value: VARIANT.value, success: true },
      "the variant with its value",
    ),
    [`${source}_flags.getVariantValue`]: both(
      answers(VARIANT.value, "the value"),
      exposure(`${source}-exposed`, source),
    ),
    [`${source}_flags.isEnabled`]: answers(
      [true, false, false],
      "true for a gate, false for other values and for no flag",
    ),
  };
}

const numbered = (name: string, count: number, shows: string): Call => ({
  shows,
  async check(lab) {
    const found = (await lab.events(name)).map(({ n }) => n as number);
    assert.deepEqual(found.sort((a, b) => a - b), [...Array(count).keys()]);
  },
});

export const JAVA: Client = {
  name: "SDK for Java",
  registry: "Maven Central",
  package: "com.mixpanel:mixpanel-java",
  version: JAVA_SDK_VERSION,
  reaches: "`-Dhttps.proxyHost`, `-Dhttps.proxyPort` and a trust store; no option of its own",
  install() {
    const [version] = /(?<=version ")\d+/.exec(spawnSync("java", ["-version"], { encoding: "utf8" }).stderr ?? "") ??
      [];
    if (Number(version ?? 0) < 17) return { reason: "no Java 17" };
    const installed = installJavaSdk();
    if ("reason" in installed) return installed;
    return { argv: ["java", "-Dfile.encoding=UTF-8", "-cp", installed.jars, driver] };
  },
  calls: {
    "MessageBuilder.event": event("Java event", {
      distinct_id: "u-1",
      text: "Köln + 1/2 😀",
      n: 3,
      list: [1],
      mp_lib: "jdk",
    }),
    "MessageBuilder.importEvent": numbered("Java importEvent", 5, "five events, compressed, in batches of two"),
    "MessageBuilder.set": profile("set", { plan: "pro", $first_name: "Ada" }),
    "MessageBuilder.setOnce": profile("set_once", { plan: "free" }),
    "MessageBuilder.delete": profile("delete", undefined),
    "MessageBuilder.increment": profile("increment", { n: 3, m: 1 }),
    "MessageBuilder.append": profile("append", { cities: ["Rome", "Rome"] }),
    "MessageBuilder.remove": profile("remove", { tags: ["b"] }),
    "MessageBuilder.union": profile("union", { tags: ["a", "b", "c"] }),
    "MessageBuilder.unset": profile("unset", { b: 2 }),
    "MessageBuilder.trackCharge": profile("charge", {
      $transactions: [{ $amount: 19.9, $time: "2026-11-01T00:00:00" }],
    }),
    "MessageBuilder.peopleMessage": profile("message", { a: 1 }),
    "MessageBuilder.groupSet": group("Acme", { plan: "pro" }),
    "MessageBuilder.groupSetOnce": group("Acme", { plan: "pro", since: 2026 }),
    "MessageBuilder.groupUnion": group("Acme", { tags: ["b"] }),
    "MessageBuilder.groupRemove": group("Acme", { tags: ["b"] }),
    "MessageBuilder.groupUnset": group("Acme", { seats: undefined }),
    "MessageBuilder.groupDelete": group("Gone", undefined),
    "MessageBuilder.groupMessage": group("Message", { a: 1 }),
    "MixpanelAPI.sendMessage": event("Java sendMessage", { distinct_id: "u-1", n: 1 }),
    "MixpanelAPI.deliver": both(
      numbered("Java deliver", 120, "120 events, compressed, in batches of 50"),
      profile("delivered", { a: 1 }),
    ),
    "MixpanelAPI.getLocalFlags": answers("LocalFlagsProvider", "the provider"),
    "MixpanelAPI.getRemoteFlags": answers("RemoteFlagsProvider", "the provider"),
    "MixpanelAPI.close": answers("closed", "no error"),
    "ClientDelivery.addMessage": event("Java addMessage", { n: 1 }),
    "ClientDelivery.isValidMessage": answers([true, false], "what it has made, and nothing else"),
    "local_flags.startPollingForDefinitions": answers("read", "no error"),
    "local_flags.areFlagsReady": answers(true, "they are, once they have been read"),
    ...flagCalls("local"),
    "local_flags.getAllVariants": answers(["control true"], "all flags of a tester"),
    "local_flags.stopPollingForDefinitions": answers("stopped", "no error"),
    "local_flags.close": answers("closed", "no error"),
    ...flagCalls("remote"),
  },
};
