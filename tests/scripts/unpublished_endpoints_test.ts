/** What Mixpanel does not publish and is known all the same: every endpoint has a command. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { knownEndpoints, UNPUBLISHED_ENDPOINTS } from "../../scripts/unpublished_endpoints.ts";
import { loadOperations } from "../../src/api/catalog.ts";

const endpoints = await knownEndpoints();

describe("endpoints that Mixpanel does not publish", () => {
  it("are reached by a command, each of them", () => {
    const missing = endpoints.filter(({ command }) => command === undefined);
    assert.deepEqual(missing.map(({ endpoint }) => endpoint), []);
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
    for (const { endpoint, certainty, command } of endpoints) {
      if (command === undefined) continue;
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
