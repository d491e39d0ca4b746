import assert from "node:assert/strict";
import { it } from "node:test";
import { z } from "zod";
import { loadOperations } from "../../src/api/catalog.ts";

/** The fields of a schema, at any depth, that hold anything and yet have to be there. */
function* demanded(schema: unknown, path: string): Generator<string> {
  if (schema instanceof z.ZodObject) {
    for (const [key, field] of Object.entries(schema.shape)) {
      const inner = `${path}.${key}`;
      if (field instanceof z.ZodUnknown || field instanceof z.ZodAny) yield inner;
      else yield* demanded(field, inner);
    }
  } else if (schema instanceof z.ZodArray) yield* demanded(schema.element, `${path}[]`);
  else if (schema instanceof z.ZodRecord) yield* demanded(schema.valueType, `${path}{}`);
  else if (schema instanceof z.ZodUnion) { for (const one of schema.options) yield* demanded(one, path); }
  else if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) yield* demanded(schema.unwrap(), path);
}

it("no answer has to have a field that may hold anything", async () => {
  const operations = [...(await loadOperations()).values()];
  assert.ok(operations.length > 200);
  const found = operations.flatMap(({ id, result }) => [...demanded(result, id)]);
  // That one is the whole answer.
  assert.deepEqual(found.filter((one) => one !== "query.engage.stats.results"), []);
});
