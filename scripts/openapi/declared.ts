/** The project's own declarations, in the same terms as the published ones. */
import { z } from "zod";
import { type Operation, projectPlace } from "../../src/api/operation.ts";
import { paramMeta } from "../../src/api/params.ts";
import { pathOf } from "../../src/client/hosts.ts";
import { comparablePath } from "./published.ts";
import { type Field, type JsonSchema, type Shape, shapeOf } from "./shape.ts";

/** A declaration as the check sees it. */
export interface DeclaredOperation {
  id: string;
  /** Method and comparable path of each route, the first one first. */
  routes: readonly string[];
  anchor?: string;
  query: ReadonlyMap<string, Field>;
  body?: { contentType: string; shape: Shape };
  credentials: readonly string[];
  envelope: boolean;
  /** Parameters that the client adds by itself, such as `project_id`, and where. */
  added: { query: readonly string[]; form: readonly string[]; payload: readonly string[] };
}

const CONTENT_TYPES = {
  json: "application/json",
  ndjson: "application/x-ndjson",
  form: "application/x-www-form-urlencoded",
  raw: "application/octet-stream",
};

export function declaredOperation(operation: Operation): DeclaredOperation {
  const [first] = operation.routes;
  const inPath = operation.routes.flatMap(({ path }) => [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!));
  const hasBody = first.method !== "GET" && (first.method !== "DELETE" || operation.body !== undefined);
  const rule = operation.body ?? { kind: "json" as const };
  const query = new Map<string, Field>();
  const body = new Map<string, Field>();
  let whole: Shape | undefined;
  const schema = z.toJSONSchema(operation.params, { io: "input", unrepresentable: "any" }) as JsonSchema;
  const resolve = (reference: string) => definition(schema, reference);
  const fields = shapeOf(schema, resolve).fields ?? new Map<string, Field>();
  for (const [name, schemaOfOne] of Object.entries(operation.params.shape as Record<string, z.ZodType>)) {
    if (inPath.includes(name)) continue;
    const { wire = name, encoding } = paramMeta(schemaOfOne);
    const field = fields.get(name)!;
    const isInQuery = !hasBody || operation.inQuery?.includes(name);
    const isText = isInQuery || rule.kind === "form";
    const seen = isText ? { ...field, shape: onWire(field.shape, encoding) } : field;
    if (isInQuery) query.set(wire, seen);
    else if (rule.of === undefined) body.set(wire, seen);
    else if (rule.of === name) whole = field.shape;
  }
  const { kind } = rule;
  const contentType = kind === "raw" ? rule.contentType ?? CONTENT_TYPES.raw : CONTENT_TYPES[kind];
  const shape: Shape = whole ?? { kinds: new Set(["object"]), fields: body };
  const place = projectPlace(first, operation);
  return {
    id: operation.id,
    routes: operation.routes.map(({ method, family, path }) => `${method} ${comparablePath(pathOf(family, path))}`),
    anchor: operation.anchor,
    query,
    body: hasBody ? { contentType, shape } : undefined,
    credentials: operation.auth,
    envelope: operation.envelope ?? false,
    added: {
      query: [
        ...place === "query" ? ["project_id"] : [],
        ...operation.token === undefined || operation.token === "payload" ? [] : ["token"],
      ],
      form: place === "form" ? ["project_id"] : [],
      payload: operation.token === "payload" ? ["$token", "token"] : [],
    },
  };
}

/** What becomes of a value where only text fits. */
function onWire(shape: Shape, encoding: string | undefined): Shape {
  if (encoding === "json") return { ...shape, kinds: new Set(["string", ...shape.kinds]) };
  if (encoding === "bit") return { kinds: new Set(["number"]), values: ["0", "1"] };
  if (shape.kinds.has("boolean")) return { kinds: shape.kinds, values: ["true", "false"] };
  // Sent once for each value, so that each may be all that the other side knows of.
  if (encoding === "repeat" && shape.item !== undefined) {
    return { ...shape, kinds: new Set(["array", ...shape.item.kinds]) };
  }
  return shape;
}

function definition(schema: JsonSchema, reference: string): JsonSchema {
  return reference.slice(2).split("/").reduce(
    (node, part) => (node as Record<string, unknown>)[part],
    schema as unknown,
  ) as JsonSchema;
}
