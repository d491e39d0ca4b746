/** A value that a schema allows, made of its examples where it has any: what a server that follows it could answer. */
import type { JsonSchema } from "./shape.ts";

/** What else of a schema an example is made of. */
interface ExampleSchema extends JsonSchema {
  example?: unknown;
  examples?: unknown[];
  format?: string;
  minimum?: number;
  additionalProperties?: boolean | JsonSchema;
}

type Follow = (reference: string) => JsonSchema;

/** Deeper objects are left empty: schemas may lead back into themselves. */
const DEEPEST = 20;

export function exampleOf(schema: JsonSchema | undefined, follow: Follow, depth = 0): unknown {
  if (schema === undefined || depth > DEEPEST) return {};
  if (schema.$ref !== undefined) return exampleOf(follow(schema.$ref), follow, depth + 1);
  const { example, examples, const: only, enum: values, default: usual, oneOf, anyOf, allOf } = schema as ExampleSchema;
  const given = [example, examples?.[0], only, values?.find((one) => one !== null), usual].find((one) => one != null);
  if (given !== undefined) return given;
  const inner = (one: JsonSchema | undefined) => exampleOf(one, follow, depth + 1);
  const own = ownExample(schema, inner);
  const variant = (oneOf ?? anyOf)?.find((one) => one.type !== "null");
  const parts = [...allOf ?? [], ...variant === undefined ? [] : [variant]].map(inner);
  if (parts.length === 0) return own;
  const objects = [own, ...parts].filter((one) => typeof one === "object" && one !== null && !Array.isArray(one));
  return objects.length > 0 && parts.every((one) => objects.includes(one)) ? Object.assign({}, ...objects) : parts[0];
}

function ownExample(schema: ExampleSchema, inner: (one: JsonSchema | undefined) => unknown): unknown {
  const type = [schema.type].flat().find((one) => one !== undefined && one !== "null");
  switch (type ?? (schema.properties === undefined ? undefined : "object")) {
    case "string":
      return textOf(schema.format);
    case "integer":
    case "number":
      return Math.max(1, schema.minimum ?? 1);
    case "boolean":
      return true;
    case "array":
      return [inner(schema.items)];
    case "object": {
      const fields = Object.entries(schema.properties ?? {}).map(([name, one]) => [name, inner(one)]);
      const more = schema.additionalProperties;
      return Object.fromEntries(
        fields.length === 0 && typeof more === "object" ? [["any", inner(more)]] : fields,
      );
    }
  }
  return schema.allOf || schema.oneOf || schema.anyOf ? {} : "text";
}

function textOf(format: string | undefined): string {
  if (format === "date-time") return "2026-11-01T12:00:00Z";
  return format === "date" ? "2026-11-01" : "text";
}
