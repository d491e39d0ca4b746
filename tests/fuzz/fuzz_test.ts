/** A short form of `run.ts`. */
import { describe, it } from "node:test";
import { anySeed, runCase, TARGETS } from "./cases.ts";

const CASES = 150;

describe("input that is damaged at random", () => {
  const seed = anySeed();
  for (const target of Object.keys(TARGETS)) {
    it(`is read as the slow and simple way reads it: ${target} (seed ${seed})`, async () => {
      for (let index = 0; index < CASES; index++) await runCase(target, seed + index);
    });
  }
});
