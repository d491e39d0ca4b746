/** Mixpanel's published specification, operation by operation, in the terms of the declarations. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { exampleOf } from "./example.ts";
import { type Field, type JsonSchema, type Shape, shapeOf } from "./shape.ts";

/** An operation of the specification. */
export interface PublishedOperation {
  /** The specification's own name of it. */
  id: string;
  method: string;
  /** Path on its host, from the root, with `{}` for each parameter and without a slash at its end: `/api/app/me`. */
  path: string;
  /** What follows `#` in the path: several pages of the documentation share an endpoint. */
  anchor?: string;
  query: ReadonlyMap<string, Field>;
  body?: { contentType: string; shape: Shape };
  /** Names of security schemes. `none` where requests need no credentials. */
  credentials: readonly string[];
  /** Whether the answer stands in `{status, results}`. */
  envelope: boolean;
  /** What a server that follows the specification could answer. */
  answer: { status: number; contentType?: string; body?: unknown };
}

interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  schema?: JsonSchema;
}

interface Content {
  content?: Record<string, { schema?: JsonSchema; example?: unknown; examples?: Record<string, { value?: unknown }> }>;
  $ref?: string;
}

interface OperationObject {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: Content;
  responses: Record<string, Content>;
  security?: Record<string, unknown>[];
}

type PathItem = { parameters?: Parameter[] } & Record<string, OperationObject>;

interface Document {
  servers: { url: string }[];
  security?: Record<string, unknown>[];
  paths: Record<string, PathItem>;
}

const METHODS = ["get", "post", "put", "patch", "delete"];

/** Reads every `*.openapi.yaml` of a folder. */
export function readPublished(folder: string): PublishedOperation[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".openapi.yaml")).sort();
  return names.flatMap((name) => operationsOf(parse(readFileSync(join(folder, name), "utf8")) as Document));
}

/** A path as both sides can be compared by. */
export function comparablePath(path: string): string {
  return path.replace(/\{[^}]*\}/g, "{}").replace(/\/$/, "");
}

function operationsOf(document: Document): PublishedOperation[] {
  const resolve = <T>(reference: string): T =>
    reference.slice(2).split("/").reduce(
      (node, part) => (node as Record<string, unknown>)[part.replaceAll("~1", "/").replaceAll("~0", "~")],
      document as unknown,
    ) as T;
  const followed = <T extends { $ref?: string }>(one: T): T => one.$ref === undefined ? one : resolve<T>(one.$ref);
  const shape = (schema: JsonSchema | undefined) => shapeOf(schema, resolve);
  const prefix = new URL(document.servers[0]!.url.replace(/\{[^}]*\}/g, "x")).pathname.replace(/\/$/, "");

  return Object.entries(document.paths).flatMap(([fullPath, item]) => {
    const [path = "", anchor] = fullPath.split("#");
    return METHODS.filter((method) => item[method] !== undefined).map((method): PublishedOperation => {
      const operation = item[method]!;
      const parameters = [...item.parameters ?? [], ...operation.parameters ?? []].map(followed);
      const inQuery = parameters.filter((one) => one.in === "query");
      const [contentType, content] = Object.entries(followed(operation.requestBody ?? {}).content ?? {})[0] ?? [];
      const [status, answer] = Object.entries(operation.responses).find(([code]) => code.startsWith("2"))!;
      const [answerType, answerContent] = Object.entries(followed(answer).content ?? {})[0] ?? [];
      const answered = answerContent?.schema;
      const answerFields = answered && shape(answered).fields;
      return {
        id: operation.operationId,
        method: method.toUpperCase(),
        path: comparablePath(prefix + path),
        anchor: anchor === undefined ? undefined : `#${anchor}`,
        query: new Map(inQuery.map((one): [string, Field] => [
          one.name,
          { shape: shape(one.schema), required: one.required ?? false, given: false },
        ])),
        body: contentType === undefined ? undefined : { contentType, shape: shape(content?.schema) },
        credentials: credentialsOf(operation.security ?? document.security ?? []),
        answer: {
          status: Number(status),
          contentType: answerType,
          body: answerContent === undefined
            ? undefined
            : answerContent.example ?? Object.values(answerContent.examples ?? {})[0]?.value ??
              exampleOf(answered, resolve),
        },
        envelope: (answerFields?.has("results") && answerFields.has("status")) ?? false,
      };
    });
  });
}

function credentialsOf(security: Record<string, unknown>[]): string[] {
  return [...new Set(security.map((one) => Object.keys(one)[0] ?? "none"))];
}
