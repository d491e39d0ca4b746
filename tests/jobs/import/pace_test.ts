import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { afterAnswer, afterOverload, type Pace, startPace } from "../../../src/jobs/import/pace.ts";

/** The pace after rounds of answers, each of which takes as long as `waitOf` says for that many requests at once. */
function rounds(pace: Pace, count: number, waitOf: (limit: number) => number): Pace {
  for (let round = 0; round < count; round++) {
    for (let left = pace.limit; left > 0; left--) pace = afterAnswer(pace, waitOf(pace.limit));
  }
  return pace;
}

describe("the pace of an import", () => {
  it("begins with four requests, or with as many as there may be", () => {
    assert.equal(startPace(20).limit, 4);
    assert.equal(startPace(2).limit, 2);
    assert.equal(startPace(1).limit, 1);
  });

  it("goes up to the most while answers come as soon as before", () => {
    const limits = [1, 2, 3, 4].map((count) => rounds(startPace(20), count, () => 50).limit);
    assert.deepEqual(limits, [8, 16, 20, 20]);
    assert.equal(rounds(startPace(5), 9, () => 50).limit, 5);
  });

  it("stays where more requests only wait longer for each other, however long it goes on", () => {
    const waitOf = (limit: number) => 10 * Math.max(1, limit / 6);
    let pace = startPace(20);
    for (let count = 0; count < 500; count++) {
      pace = rounds(pace, 1, waitOf);
      if (count > 3) assert.ok(pace.limit >= 6 && pace.limit <= 10, `${pace.limit} after ${count} rounds`);
    }
  });

  it("tries again now and then, and goes on when the server has become faster", () => {
    const crowded = rounds(startPace(20), 40, (limit) => 10 * limit);
    assert.ok(crowded.limit <= 5, `${crowded.limit}`);
    assert.equal(rounds(crowded, 100, () => 10).limit, 20);
  });

  it("is halved by an overload, once for all requests that were under way together", () => {
    const pace = rounds(startPace(20), 5, () => 50);
    const halved = afterOverload(pace, 1000, 1100);
    assert.equal(halved.limit, 10);
    assert.equal(afterOverload(halved, 1050, 1120).limit, 10);
    assert.equal(afterOverload(halved, 1150, 1200).limit, 5);
  });

  it("never ends altogether, and comes back one by one", () => {
    let pace = startPace(20);
    for (let atMs = 0; atMs < 1000; atMs += 100) pace = afterOverload(pace, atMs + 50, atMs + 60);
    assert.equal(pace.limit, 1);
    assert.deepEqual([1, 2, 3].map((count) => rounds(pace, count, () => 50).limit), [2, 3, 4]);
  });
});
