/** What several clients are asked to show. */
import assert from "node:assert/strict";
import type { Call } from "../client.ts";
import { VARIANT } from "../seed.ts";

type Json = Record<string, unknown>;

/** The members of `found` that `wanted` names. */
const part = (found: Json | undefined, wanted: Json) =>
  Object.fromEntries(Object.keys(wanted).map((key) => [key, found?.[key]]));

/** One event has arrived, with these among its properties. */
export function event(name: string, wanted: Json): Call {
  return {
    shows: "the event with its properties",
    async check(lab) {
      const found = await lab.events(name);
      assert.deepEqual(found.map((one) => part(one, wanted)), [wanted]);
    },
  };
}

/** A user has just these properties, or no profile. */
export function profile(distinctId: string, wanted: Json | undefined): Call {
  return {
    shows: wanted === undefined ? "the profile is gone" : "the profile with its properties",
    check: async (lab) => assert.deepEqual(await lab.profile(distinctId), wanted),
  };
}

/** A company has these among its properties, or no profile. */
export function group(id: string, wanted: Json | undefined): Call {
  return {
    shows: wanted === undefined ? "the group's profile is gone" : "the group's profile with its properties",
    check(lab) {
      const found = lab.group("company", id);
      if (wanted === undefined) assert.equal(found, undefined);
      else assert.deepEqual(part(found, wanted), wanted);
    },
  };
}

/** The event that says that somebody has been shown a variant of `new-nav`. */
export function exposure(distinctId: string, mode: "local" | "remote") {
  return {
    shows: "the exposure event",
    async check(lab, _answer) {
      const found = (await lab.events("$experiment_started")).filter(({ distinct_id }) => distinct_id === distinctId);
      const wanted = {
        "Experiment name": "new-nav",
        "Variant name": VARIANT.key,
        $experiment_type: "feature_flag",
        "Flag evaluation mode": mode,
      };
      assert.deepEqual(found.map((one) => part(one, wanted)), [wanted]);
    },
  } satisfies Call;
}

/** What came back is just this. */
export const answers = (wanted: unknown, shows: string): Call => ({
  shows,
  check: (_lab, answer) => assert.deepEqual(answer, wanted),
});

/** These are among the members of what came back. */
export const has = (wanted: Json, shows: string): Call => ({
  shows,
  check: (_lab, answer) => assert.deepEqual(part(answer as Json, wanted), wanted),
});

/** What came back is a list of things with these names, in any order; or with other members, if `key` says so. */
export const lists = (wanted: readonly unknown[], shows: string, key = "name"): Call => ({
  shows,
  check(_lab, answer) {
    assert.deepEqual((answer as Json[]).map((one) => one[key]).toSorted(), wanted);
  },
});

/** What came back is a list of one thing, with these among its members. */
export const one = (wanted: Json, shows: string): Call => ({
  shows,
  check: (_lab, answer) => assert.deepEqual((answer as Json[]).map((found) => part(found, wanted)), [wanted]),
});

/** All of the calls hold. */
export const both = (first: Call, second: Call): Call => {
  if ("not" in first || "not" in second) throw new Error("Only what is called can be checked twice");
  return {
    shows: `${first.shows}; ${second.shows}`,
    async check(lab, answer) {
      await first.check(lab, answer);
      await second.check(lab, answer);
    },
  };
};
