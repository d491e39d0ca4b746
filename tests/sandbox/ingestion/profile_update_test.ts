import { describe, it } from "node:test";
import assert from "node:assert/strict";
import {
  applyUpdate,
  GROUP_OPERATIONS,
  problemOfUpdate,
  USER_OPERATIONS,
} from "../../../src/sandbox/ingestion/profile_update.ts";

const before = { plan: "free", logins: 3, tags: ["a", "b", "a"], name: "Ann" };

describe("an update of a profile", () => {
  const cases: [string, Record<string, unknown>, Record<string, unknown>][] = [
    ["$set overwrites", { $set: { plan: "pro", age: 7 } }, { ...before, plan: "pro", age: 7 }],
    ["$set_once leaves what is there", { $set_once: { plan: "pro", age: 7 } }, { ...before, age: 7 }],
    ["$add adds, also negative numbers and to nothing", { $add: { logins: -1, visits: 2.5 } }, {
      ...before,
      logins: 2,
      visits: 2.5,
    }],
    ["$add leaves what is no number", { $add: { plan: 1 } }, before],
    ["$add keeps every digit", { $add: { logins: 9007199254740993n } }, { ...before, logins: 9007199254740996n }],
    ["$append keeps duplicates", { $append: { tags: "a" } }, { ...before, tags: ["a", "b", "a", "a"] }],
    ["$append begins a list", { $append: { seen: { $amount: 1 } } }, { ...before, seen: [{ $amount: 1 }] }],
    ["$append makes a list of what is none", { $append: { name: "Bo" } }, { ...before, name: ["Ann", "Bo"] }],
    ["$union adds what is missing", { $union: { tags: ["b", "c", "c"] } }, { ...before, tags: ["a", "b", "a", "c"] }],
    ["$union takes a lone value", { $union: { tags: "d" } }, { ...before, tags: ["a", "b", "a", "d"] }],
    ["$remove takes a value out", { $remove: { tags: "a" } }, { ...before, tags: ["b"] }],
    ["$remove compares objects by content", { $remove: { tags: { x: 1 } } }, before],
    ["$remove does nothing without a list", { $remove: { name: "Ann", none: 1 } }, before],
    ["$unset deletes", { $unset: ["plan", "logins", "nothing"] }, { tags: before.tags, name: "Ann" }],
    ["several operations happen in order", { $unset: ["plan"], $set_once: { plan: "team" } }, {
      logins: 3,
      tags: before.tags,
      name: "Ann",
      plan: "team",
    }],
  ];
  for (const [name, update, after] of cases) {
    it(name, () => assert.deepEqual(applyUpdate(before, update), after));
  }

  it("begins a profile that is not there", () => {
    assert.deepEqual(applyUpdate(undefined, { $add: { n: 1 } }), { n: 1 });
  });

  it("deletes, whatever the value says", () => {
    for (const value of ["", "null", true, null]) assert.equal(applyUpdate(before, { $delete: value }), undefined);
  });

  it("takes any name for a property", () => {
    const update = JSON.parse('{"$set": {"__proto__": 1, "constructor": 2}}');
    assert.deepEqual(Object.entries(applyUpdate(undefined, update)!), [["__proto__", 1], ["constructor", 2]]);
  });

  it("does not change the profile that it was given", () => {
    applyUpdate(before, { $append: { tags: "z" }, $set: { plan: "x" } });
    assert.deepEqual(before, { plan: "free", logins: 3, tags: ["a", "b", "a"], name: "Ann" });
  });

  it("needs an operation, and a payload that fits it", () => {
    assert.equal(problemOfUpdate({ $token: "t" }, USER_OPERATIONS), "data, no operation");
    assert.equal(problemOfUpdate({ $set: [] }, USER_OPERATIONS), "$set, must be an object");
    assert.equal(problemOfUpdate({ $add: { a: "1" } }, USER_OPERATIONS), "$add, values must be numbers");
    assert.equal(problemOfUpdate({ $unset: ["a"] }, USER_OPERATIONS), undefined);
    assert.equal(problemOfUpdate({ $delete: "" }, USER_OPERATIONS), undefined);
    assert.equal(problemOfUpdate({ $append: { a: 1 } }, GROUP_OPERATIONS), "data, no operation");
  });
});
