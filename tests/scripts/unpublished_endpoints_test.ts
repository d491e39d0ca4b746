/** What Mixpanel does not publish and is known all the same: every endpoint has a command. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { knownEndpoints, UNPUBLISHED_ENDPOINTS } from "../../scripts/unpublished_endpoints.ts";
import { loadOperations } from "../../src/api/catalog.ts";

/** Families whose commands are still to come. One that is whole, or not in the list, fails the test. */
const AWAITED: ReadonlySet<string> = new Set([
  "Flows",
  "Report links",
  "Saved reports",
  "Boards",
  "Cohorts",
  "Custom events",
  "Custom properties",
  "Lexicon",
  "Lookup tables",
  "Saved metrics and behaviors",
]);

const endpoints = await knownEndpoints();

describe("endpoints that Mixpanel does not publish", () => {
  it("are reached by a command, each of them", () => {
    const missing = endpoints.filter(({ family, command }) => command === undefined && !AWAITED.has(family));
    assert.deepEqual(missing.map(({ endpoint }) => endpoint), []);
  });

  it("are awaited only while they are missing", () => {
    const whole = [...AWAITED].filter((name) =>
      endpoints.every(({ family, command }) => family !== name || command !== undefined)
    );
    assert.deepEqual(whole, [], "take these families out of AWAITED");
  });

  it("are listed once, under a name of their own", () => {
    const names = endpoints.map(({ endpoint }) => endpoint);
    assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), []);
    const families = UNPUBLISHED_ENDPOINTS.map(({ name }) => name);
    assert.equal(new Set(families).size, families.length);
  });

  it("are marked in their declarations as they are in the list", async () => {
    const operations = await loadOperations();
    const marked = [...operations.values()].filter(({ unpublished }) => unpublished !== undefined);
    assert.ok(marked.length > 30);
    for (const { family, endpoint, certainty, command } of endpoints) {
      if (command === undefined || AWAITED.has(family)) continue;
      const key = (path: string) => path.replace(/\{\w+\}/g, "{}").replace(/\/$/, "");
      const own = marked.filter(({ routes }) =>
        routes.some(({ method, path }) => {
          const [wanted, whole] = endpoint.split(" ") as [string, string];
          return method === wanted && key(whole).endsWith(key(path));
        })
      );
      assert.ok(own.some(({ unpublished }) => unpublished === certainty), `${endpoint} is ${certainty}`);
    }
  });
});
