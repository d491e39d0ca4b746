/** What is said of a column beforehand is what the mapper does with it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { columnTargets } from "../../../src/records/map/column_targets.ts";
import { MapProblem } from "../../../src/records/map/map_problem.ts";
import type { Recipe } from "../../../src/records/map/map_recipe.ts";
import { recordMapper } from "../../../src/records/map/map_record.ts";

const NAMES = [
  "a",
  "b",
  "time",
  "distinct_id",
  "$insert_id",
  "insert_id",
  "event",
  "properties.c",
  "_airbyte_x",
  "x_1",
];
const name = fc.constantFrom(...NAMES);
const recipe: fc.Arbitrary<Recipe> = fc.record({
  kind: fc.constantFrom("events" as const, "profiles" as const),
  layout: fc.constantFrom("auto" as const, "flat" as const),
  rest: fc.boolean(),
  drop: fc.uniqueArray(name, { maxLength: 2 }),
  dropPrefixes: fc.constantFrom([], ["x_"]),
  only: fc.uniqueArray(name, { minLength: 4 }),
  fields: fc.record({
    event: fc.record({ from: fc.tuple(name) }),
    time: fc.record({ from: fc.tuple(name) }),
  }, { requiredKeys: [] }),
}, { requiredKeys: [] });

describe("what a column becomes", () => {
  it("is said of fields, properties, paths, objects and what is left out", () => {
    const made: Recipe = {
      fields: { time: { from: ["at"] } },
      rename: { city: "geo.city", tier: ["plan", "level"] },
      merge: [{ from: "more", prefix: "m_" }],
      drop: ["secret"],
      set: { source: "x" },
    };
    const told = (column: string) => columnTargets(made, column, true).map((one) => [one.column, one.becomes]);
    assert.deepEqual(told("at"), [["at", "time"]]);
    assert.deepEqual(told("geo"), [["geo", "geo"], ["geo.city", "city"]]);
    assert.deepEqual(told("level"), [["level", "tier"]]);
    assert.deepEqual(told("more"), [["more", "m_*"]]);
    assert.deepEqual(told("secret"), [["secret", undefined]]);
    assert.deepEqual(told("source"), [["source", undefined]]);
    assert.deepEqual(told("properties"), [["properties", "*"]]);
    assert.deepEqual(told("properties.a"), [["properties.a", "a"]]);
    assert.deepEqual(told("time"), [["time", "original_time"]]);
  });

  it("is what the mapper makes of it, whatever the recipe and the columns", () => {
    const columns = fc.uniqueArray(name, { minLength: 1 });
    fc.assert(
      fc.property(recipe, columns, (made, present) => {
        // Each value tells from which column it came.
        const row = Object.fromEntries(present.map((column, index) => [column, 1_800_000_000 + index]));
        const mapped = recordMapper(made)(row);
        assert.ok(!(mapped instanceof MapProblem));
        const members = (mapped.properties ?? mapped.$set) as Record<string, unknown>;
        const sent = { ...members, ...mapped.event === undefined ? {} : { event: mapped.event } };
        const places = new Map(Object.entries(sent).map(([at, value]) => [Number(value), at]));
        for (const [index, column] of present.entries()) {
          const told = columnTargets(made, column, true).map(({ becomes }) => becomes);
          const at = places.get(1_800_000_000 + index);
          if (at !== undefined) assert.ok(told.includes(at), `${column} is ${at}, and was to be ${told}`);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
