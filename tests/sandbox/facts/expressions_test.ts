import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { type Lab, NOW_SECONDS, record } from "../lab.ts";
import { type Fact, facts } from "./facts.ts";

const DAY = { from_date: "2026-11-23", to_date: "2026-11-23" };

/** Properties of the one event that expressions are asked of. */
const PROPERTIES = {
  text: "Facebook",
  lower: "facebook",
  empty: "",
  word: "false",
  n: 7,
  zero: 0,
  half: 2.5,
  below: -2.5,
  digits: "42",
  yes: true,
  no: false,
  nothing: null,
  list: ["a", "b"],
  day: "2026-08-01T12:00:00",
  day2: "2026-08-02",
};
const p = (name: string) => `properties["${name}"]`;

/** Whether events match is asked of the export, by which all of the language can be asked. */
async function matches(lab: Lab, where: string): Promise<boolean> {
  const { status, text } = await lab.export({ ...DAY, where });
  assert.equal(status, 200, `${where}: ${text}`);
  return text !== "";
}

/** Expressions that hold for the event, and those that do not. */
function holds(says: string, yes: readonly string[], no: readonly string[] = []): Fact {
  return {
    says,
    async holds(lab) {
      lab.load([record(PROPERTIES)]);
      for (const where of yes) assert.equal(await matches(lab, where), true, where);
      for (const where of no) assert.equal(await matches(lab, where), false, where);
    },
  };
}

facts("7.1", "the grammar of expressions", {
  "7.1-1": holds("whitespace after a function's name, and around operators, is free", [
    `defined (${p("n")})`,
    `${p("n")}==7`,
    `( ${p("n")}  ==  7 )`,
  ]),
  "7.1-2": holds("a backslash escapes quotes and itself", [`"a\\"b\\\\" != ${p("n")}`]),
  "7.1-3": holds("not takes a whole comparison", [
    `not "x" in ${p("text")}`,
    `not defined(${p("missing")})`,
    `not ${p("n")} == 8`,
  ], [`not "Face" in ${p("text")}`]),
  "7.1-4": holds("or binds weaker than and, and and than comparisons", [
    `true or false and false`,
    `${p("n")} == 7 or ${p("n")} == 8 and ${p("n")} == 9`,
  ]),
  "7.1-5": holds("products bind tighter than sums, and both than comparisons", [
    `1 + 2 * 3 == ${p("n")}`,
    `${p("n")} - 1 > 5`,
    `-${p("n")} + 8 == 1`,
  ]),
  "7.1-6": {
    says: "what is no expression is 400 with an error",
    async holds(lab) {
      for (const where of ["properties[", "==", "NOW -604800", `${p("n")} ==`, "plan"]) {
        const { status, json } = await lab.query("/segmentation", { event: "Signup", ...DAY, where });
        assert.equal(status, 400, where);
        assert.equal(typeof json.error, "string");
      }
    },
  },
  "7.1-7": {
    says: "/engage filters by where, and by its older name selector",
    async holds(lab) {
      lab.store.profiles.put(SANDBOX.projectId, "", "a", { plan: "pro" });
      lab.store.profiles.put(SANDBOX.projectId, "", "b", { plan: "free" });
      for (const name of ["where", "selector"]) {
        const { json } = await lab.query("/engage", { [name]: 'properties["plan"] == "pro"' }, { method: "POST" });
        assert.deepEqual(json.results.map((one: { $distinct_id: string }) => one.$distinct_id), ["a"], name);
      }
    },
  },
});

facts("7.1", "the grammar of /engage", {
  "7.1-8": {
    says: "profiles are filtered by comparisons, in, and, or, not, sums, casts, lists and NOW",
    async holds(lab) {
      const properties = { plan: "pro", n: 3, tags: ["a"], seen: "2026-11-23T11:00:00" };
      lab.store.profiles.put(SANDBOX.projectId, "", "a", properties);
      const found = async (where: string) =>
        (await lab.query("/engage", { where }, { method: "POST" })).json.results?.length;
      for (
        const where of [
          `${p("n")} >= 3 and not (${p("n")} > 3)`,
          `"a" in ${p("tags")} or false`,
          `${p("n")} + 1 == 4 and ${p("n")} - 1 == 2`,
          `number(${p("n")}) == 3 and string(${p("n")}) == "3"`,
          `defined(list(${p("tags")}))`,
          `datetime(${p("seen")}) >= datetime(NOW - 7200)`,
          `datetime(${p("seen")}) < datetime(NOW)`,
          `boolean(${p("n")}) == true`,
        ]
      ) assert.equal(await found(where), 1, where);
      assert.equal(await found(`datetime(${p("seen")}) >= datetime(NOW - 60)`), 0);
    },
  },
});

facts("7.2", "values of expressions", {
  "7.2-1": holds("string() prints numbers and booleans, and leaves null and undefined", [
    `string(${p("n")}) == "7"`,
    `string(${p("yes")}) == "true"`,
    `not defined(string(${p("missing")}))`,
  ]),
  "7.2-2": holds("number() reads decimals, and makes 1 and 0 of booleans", [
    `number(${p("digits")}) == 42`,
    `number(${p("yes")}) == 1`,
    `number(${p("no")}) == 0`,
    `not defined(number(${p("text")}))`,
    `not defined(number(${p("nothing")}))`,
  ]),
  "7.2-3": holds("boolean() is false for the empty text, 'false', 0, null and undefined, else true", [
    `boolean(${p("text")})`,
    `boolean(${p("n")})`,
    `not boolean(${p("empty")})`,
    `not boolean(${p("word")})`,
    `not boolean(${p("zero")})`,
    `not boolean(${p("nothing")})`,
    `not boolean(${p("missing")})`,
  ]),
  "7.2-4": holds("datetime() reads ISO texts, seconds up to 4294967295 and else milliseconds", [
    `datetime(${p("day")}) == datetime("2026-08-01T12:00:00")`,
    `datetime(1760000000) == datetime(1760000000000)`,
    `not defined(datetime(0))`,
    `not defined(datetime(${p("text")}))`,
  ]),
  "7.2-5": holds("defined() is false for what is missing alone", [
    `defined(${p("empty")})`,
    `defined(${p("zero")})`,
    `defined(${p("no")})`,
    `not defined(${p("missing")})`,
  ]),
});

facts("7.3", "operators", {
  "7.3-1": holds("+ adds numbers and joins texts, and is undefined for others", [
    `${p("n")} + 1 == 8`,
    `${p("text")} + "!" == "Facebook!"`,
    `not defined(${p("text")} + 1)`,
  ]),
  "7.3-2": holds("- and * want numbers", [`${p("n")} * 2 - 1 == 13`, `not defined(${p("text")} * 2)`]),
  "7.3-3": holds("division by 0 is undefined", [`${p("n")} / 2 == 3.5`, `not defined(${p("n")} / 0)`]),
  "7.3-4": holds("% has the sign of the dividend", [`${p("n")} % 4 == 3`, `(0 - ${p("n")}) % 4 == -3`]),
  "7.3-5": holds("== of different types is false, and a missing property is not equal to any value", [
    `${p("missing")} != "x"`,
    `not (${p("digits")} == 42)`,
  ], [`${p("digits")} == 42`, `${p("missing")} == "x"`]),
  "7.3-6": holds("comparisons of different types match nothing", [], [
    `${p("text")} > 5`,
    `${p("missing")} > 5`,
    `${p("missing")} <= 5`,
  ]),
  "7.3-7": holds("not of an undefined comparison is true", [`not (${p("missing")} > 5)`]),
  "7.3-8": holds("ISO texts compare in their order", [
    `${p("day")} >= "2026-01-01T00:00:00"`,
    `${p("day")} < ${p("day2")}`,
  ]),
  "7.3-9": holds("datetimes compare by whole seconds", [
    `datetime(1760000000999) == datetime(1760000000)`,
    `datetime(${p("day")}) < datetime("2026-08-01T12:00:01")`,
  ]),
  "7.3-10": holds("in finds parts of texts, members of literals and elements of lists", [
    `"Face" in ${p("text")}`,
    `${p("n")} in [1, 7]`,
    `"a" in ${p("list")}`,
  ], [`"x" in ${p("text")}`, `${p("n")} in [1, 2]`, `"c" in ${p("list")}`, `"x" in ${p("missing")}`]),
  "7.3-11": holds("undefined counts as false for and and or", [`${p("missing")} > 1 or ${p("yes")}`], [
    `${p("missing")} > 1 and ${p("yes")}`,
  ]),
  "7.3-12": {
    says: "and, or of other types than boolean is an error",
    async holds(lab) {
      lab.load([record(PROPERTIES)]);
      for (const where of [`${p("text")} and true`, `${p("n")} or false`]) {
        assert.equal((await lab.query("/segmentation", { event: "Signup", ...DAY, where })).status, 400, where);
      }
    },
  },
  "7.3-13": holds("floor and ceil are those of numbers", [
    `floor(${p("half")}) == 2`,
    `ceil(${p("half")}) == 3`,
    `floor(${p("below")}) == -3`,
    `not defined(floor(${p("text")}))`,
  ]),
});

facts("7.3", "operators, further", {
  "7.3-14": holds("not of anything but a truth or undefined is undefined", [
    `not defined(not ${p("text")})`,
    `not defined(not ${p("n")})`,
    `not ${p("missing")}`,
  ]),
  "7.3-15": holds("a minus before anything but a number is undefined", [
    `not defined(-${p("text")})`,
    `-${p("n")} == -7`,
  ]),
  "7.3-16": holds("in of other types is undefined", [
    `not defined(${p("n")} in ${p("text")})`,
    `not defined("a" in ${p("n")})`,
  ]),
  "7.3-17": holds("!= is the negation of ==", [`${p("n")} != "7"`, `${p("missing")} != "x"`], [`${p("n")} != 7`]),
  "7.3-18": holds("floor, ceil and round of what is no number are undefined", [
    `not defined(floor(${p("text")}))`,
    `not defined(ceil(${p("yes")}))`,
    `not defined(round(${p("missing")}))`,
  ]),
  "7.3-19": holds("what is undefined at the top matches nothing", [], [`${p("missing")} > 5`, `${p("missing")}`]),
});

facts("7.4", "idioms", {
  "7.4-1": holds("those that clients send select what they mean", [
    `${p("text")} == "Facebook"`,
    `(${p("n")} == 7 or ${p("n")} == 8)`,
    `${p("n")} >= 1 and ${p("n")} <= 7`,
    `datetime(${p("day")}) >= datetime("2026-08-01T00:00:00") and datetime(${
      p("day")
    }) <= datetime("2026-08-01T23:59:59")`,
    `properties["$time"]>=datetime(${NOW_SECONDS - 60})`,
    `event["$time"] >= datetime("2026-11-23T00:00:00")`,
    `datetime(${NOW_SECONDS} - 2592000) > ${p("day")}`,
  ], [`properties["$time"]>=datetime(${NOW_SECONDS})`]),
  "7.4-2": {
    says: "a report is split by a property, a cast, or a computed number",
    async holds(lab) {
      lab.load([record({ amount: 12, age: "30" }), record({ amount: 17, age: "31", $insert_id: "j" })]);
      const keys = async (on: string) =>
        Object.keys((await lab.query("/segmentation", { event: "Signup", ...DAY, on })).json.data.values).sort();
      assert.deepEqual(await keys(p("age")), ["30", "31"]);
      assert.deepEqual(await keys(`number(${p("age")})`), ["30", "31"]);
      assert.deepEqual(await keys(`floor(${p("amount")} / 10)`), ["1"]);
    },
  },
  "7.4-3": {
    says: "profiles are filtered by what happened, and by spans back from now",
    async holds(lab) {
      const { projectId } = SANDBOX;
      lab.store.profiles.put(projectId, "", "u-1", { seen: "2026-11-20T00:00:00" });
      lab.store.profiles.put(projectId, "", "u-2", { seen: "2026-01-01T00:00:00" });
      lab.load([record()]);
      const ids = async (parameters: Record<string, string>) =>
        (await lab.query("/engage", parameters, { method: "POST" })).json.results.map((one: { $distinct_id: string }) =>
          one.$distinct_id
        );
      assert.deepEqual(
        await ids({
          where: `datetime(${p("seen")}) >= datetime(NOW - 604800) and datetime(${p("seen")}) < datetime(NOW)`,
        }),
        ["u-1"],
      );
      const behaviors = JSON.stringify([{ window: "30d", name: "b1", event_selectors: [{ event: "Signup" }] }]);
      assert.deepEqual(await ids({ behaviors, where: `(behaviors["b1"] > 0)`, as_of_timestamp: String(NOW_SECONDS) }), [
        "u-1",
      ]);
      assert.deepEqual(
        await ids({ behaviors, where: `(behaviors["b1"] == 0)`, as_of_timestamp: String(NOW_SECONDS) }),
        [
          "u-2",
        ],
      );
    },
  },
  "7.4-4": {
    says: "reports on events know the user's profile",
    async holds(lab) {
      lab.store.profiles.put(SANDBOX.projectId, "", "u-1", { $email: "a@x.io" });
      lab.load([record(), record({ distinct_id: "u-2", $insert_id: "j" })]);
      const { json } = await lab.query("/segmentation", {
        event: "Signup",
        ...DAY,
        where: 'user["$email"] == "a@x.io"',
      });
      assert.deepEqual(json.data.values, { Signup: { "2026-11-23": 1 } });
    },
  },
});
