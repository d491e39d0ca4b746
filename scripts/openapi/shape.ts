/** What a parameter or a body may be, read from the JSON Schema of either side, so that both can be laid side by side. */

/** A value as far as the check is concerned. */
export interface Shape {
  /** `string`, `number`, `boolean`, `array`, `object`. Empty: anything. */
  kinds: ReadonlySet<string>;
  /** The only values that are allowed, as texts. */
  values?: readonly string[];
  /** Of an object. */
  fields?: ReadonlyMap<string, Field>;
  /** Of an array. */
  item?: Shape;
}

export interface Field {
  shape: Shape;
  /** Whether the sender must give it. */
  required: boolean;
  /** Whether it is always sent, because it has a default. */
  given: boolean;
}

/** The parts of JSON Schema and OpenAPI that either side uses. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  allOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  default?: unknown;
}

/** Follows `$ref`. */
export type Resolve = (reference: string) => JsonSchema;

const NO_REFERENCES: Resolve = (reference) => {
  throw new Error(`Cannot follow ${reference}`);
};

/** Reads a schema. References that lead back into themselves end in "anything". */
export function shapeOf(schema: JsonSchema | undefined, resolve = NO_REFERENCES, open: readonly string[] = []): Shape {
  if (schema === undefined) return ANYTHING;
  if (schema.$ref !== undefined) {
    if (open.includes(schema.$ref)) return ANYTHING;
    return shapeOf(resolve(schema.$ref), resolve, [...open, schema.$ref]);
  }
  const read = (one: JsonSchema) => shapeOf(one, resolve, open);
  if (schema.allOf !== undefined) return merged([ownShape(schema, read), ...schema.allOf.map(read)]);
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants !== undefined) return eitherOf(variants.filter((one) => one.type !== "null").map(read));
  return ownShape(schema, read);
}

const ANYTHING: Shape = { kinds: new Set() };

function ownShape(schema: JsonSchema, read: (one: JsonSchema) => Shape): Shape {
  const types = schema.type === undefined ? [] : [schema.type].flat();
  const kinds = new Set(
    types.filter((type) => type !== "null").map((type) => type === "integer" ? "number" : type),
  );
  if (kinds.size === 0 && schema.properties !== undefined) kinds.add("object");
  const allowed = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  const required = new Set(schema.required);
  const fields = schema.properties && new Map(
    Object.entries(schema.properties).map(([name, one]): [string, Field] => [
      name,
      { shape: read(one), required: required.has(name), given: one.default !== undefined },
    ]),
  );
  return {
    kinds,
    values: allowed?.filter((value) => value !== null).map(String),
    fields,
    item: schema.items && read(schema.items),
  };
}

/** All of several schemas at once. */
function merged(shapes: readonly Shape[]): Shape {
  const fields = new Map<string, Field>();
  for (const shape of shapes) {
    for (const [name, field] of shape.fields ?? []) {
      fields.set(name, { ...field, required: field.required || (fields.get(name)?.required ?? false) });
    }
  }
  return {
    kinds: new Set(shapes.flatMap(({ kinds }) => [...kinds])),
    values: shapes.find(({ values }) => values !== undefined)?.values,
    fields: fields.size === 0 ? undefined : fields,
    item: shapes.find(({ item }) => item !== undefined)?.item,
  };
}

/** One of several: fields that only some of them have, or want, are optional. */
function eitherOf(shapes: readonly Shape[]): Shape {
  const objects = shapes.filter(({ fields }) => fields !== undefined);
  const fields = new Map<string, Field>();
  for (const name of new Set(objects.flatMap((one) => [...one.fields!.keys()]))) {
    const having = objects.flatMap((one) => one.fields!.get(name) ?? []);
    fields.set(name, {
      shape: eitherOf(having.map(({ shape }) => shape)),
      required: having.length === objects.length && having.every(({ required }) => required),
      given: having.some(({ given }) => given),
    });
  }
  const isOpen = shapes.some(({ kinds }) => kinds.size === 0);
  const allListed = shapes.every(({ values }) => values !== undefined);
  return {
    kinds: new Set(isOpen ? [] : shapes.flatMap(({ kinds }) => [...kinds])),
    values: allListed ? [...new Set(shapes.flatMap(({ values }) => values!))] : undefined,
    fields: fields.size === 0 ? undefined : fields,
    item: shapes.find(({ item }) => item !== undefined)?.item,
  };
}
