import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fnv1a64, stepOf } from "../../../src/jobs/local_flags/hash.ts";

describe("fnv1a64", () => {
  it("gives the published values", () => {
    // From the draft of the algorithm's authors.
    assert.equal(fnv1a64(""), 0xcbf29ce484222325n);
    assert.equal(fnv1a64("a"), 0xaf63dc4c8601ec8cn);
    assert.equal(fnv1a64("foobar"), 0x85944171f73967e8n);
  });
});

describe("stepOf", () => {
  it("is one of a hundred steps, about evenly used", () => {
    const steps = Array.from({ length: 20_000 }, (_, index) => stepOf(`user-${index}`, "salt"));
    assert.ok(steps.every((step) => step >= 0 && step < 1 && Math.round(step * 100) / 100 === step));
    const used = new Map<number, number>();
    for (const step of steps) used.set(step, (used.get(step) ?? 0) + 1);
    assert.equal(used.size, 100);
    assert.ok(Math.max(...used.values()) < 300, "two hundred each, more or less");
  });

  it("hashes characters of any script by their UTF-8 bytes", () => {
    assert.equal(stepOf("京都", ""), Number(fnv1a64("京都") % 100n) / 100);
    assert.notEqual(fnv1a64("é"), fnv1a64("\u00e9x"));
  });
});
