import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom, weighted } from "../../../src/sandbox/demo/random.ts";

describe("the seeded generator", () => {
  it("repeats itself for the same seed only", () => {
    const sequence = (seed: number) => {
      const random = createRandom(seed);
      return Array.from({ length: 8 }, () => random.uint32());
    };
    assert.deepEqual(sequence(1), sequence(1));
    assert.equal(sequence(1).filter((number) => sequence(2).includes(number)).length, 0);
  });

  it("spreads evenly, and keeps within its bounds", () => {
    const random = createRandom(7);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let round = 0; round < 50_000; round++) counts[random.between(0, 9)]!++;
    assert.ok(counts.every((count) => count > 4700 && count < 5300), `${counts}`);
    assert.match(random.hex16(), /^[0-9a-f]{16}$/);
    assert.equal(random.chance(0), false);
    assert.equal(random.chance(1), true);
  });

  it("draws by weight", () => {
    const random = createRandom(3);
    const draw = weighted([{ name: "rare", weight: 1 }, { name: "often", weight: 9 }, { name: "never", weight: 0 }]);
    const counts: Record<string, number> = { rare: 0, often: 0, never: 0 };
    for (let round = 0; round < 10_000; round++) counts[draw(random).name]!++;
    assert.ok(counts.rare! > 850 && counts.rare! < 1150, JSON.stringify(counts));
    assert.equal(counts.never, 0);
  });
});
