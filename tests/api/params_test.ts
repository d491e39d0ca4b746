import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { loadOperations } from "../../src/api/catalog.ts";
import { pathParameters } from "../../src/api/operation.ts";
import { bit, count, day, id, isDay, paramMeta, text } from "../../src/api/params.ts";

describe("the metadata of a parameter", () => {
  it("is found through optional and default, and the outermost wins", () => {
    const schema = text("Inner", { flag: "from", wire: "$from" }).optional().meta({ description: "Outer" });
    assert.deepEqual(paramMeta(schema), { description: "Outer", flag: "from", wire: "$from" });
    assert.equal(paramMeta(bit("B").default(true)).encoding, "bit");
    assert.deepEqual(paramMeta(z.string()), {});
  });
});

describe("an id", () => {
  it("keeps every digit, and is itself when it is checked twice", () => {
    const schema = id("Id");
    for (const [given, read] of [["7", 7], [7, 7], ["1234567890123456789", 1234567890123456789n]] as const) {
      const once = schema.parse(given);
      assert.equal(once, read);
      assert.equal(schema.parse(once), read);
    }
  });

  it("is made of digits", () => {
    for (const bad of ["", "x", "-1", "1.5", " 7", "7x", 1.5, null]) {
      assert.ok(!id("Id").safeParse(bad).success, String(bad));
    }
  });
});

describe("numbers and days", () => {
  it("are held to their bounds", () => {
    assert.ok(count("N").safeParse(0).success);
    assert.ok(!count("N").safeParse(-1).success);
    assert.ok(!count("N").safeParse(2 ** 53).success);
    assert.ok(!count("N", { min: 1, max: 2 }).safeParse(3).success);
    assert.ok(day("D").safeParse("2024-02-29").success);
    assert.ok(!day("D").safeParse("2026-02-30").success);
    assert.ok(!isDay("2026-02-30"));
  });
});

describe("the declared operations", () => {
  it("have stable ids, plain summaries and parameters for their paths", async () => {
    const operations = await loadOperations();
    assert.ok(operations.size >= 14);
    const known = ["project_id", "workspace_id"];
    for (const one of operations.values()) {
      assert.match(one.id, /^[a-z_]+(\.[a-z_]+)+$/);
      assert.doesNotMatch(one.summary, /\.$|^[A-Z][a-z]/, one.id);
      for (const { path } of one.routes) {
        assert.match(path, /^\//, one.id);
        for (const name of pathParameters(path)) {
          assert.ok(known.includes(name) || name in one.params.shape, `${one.id}: {${name}} is not a parameter`);
        }
      }
      for (const name of [...one.inQuery ?? [], ...one.body?.of === undefined ? [] : [one.body.of]]) {
        assert.ok(name in one.params.shape, `${one.id}: ${name} is not a parameter`);
      }
    }
  });
});
