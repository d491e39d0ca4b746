/** Holds a request that was sent against the published specification. */
import { parseJson } from "../../src/streams/json/json.ts";
import { comparablePath, type PublishedOperation } from "./published.ts";
import type { Field, Shape } from "./shape.ts";

/** A request as a server sees it. */
export interface SentRequest {
  method: string;
  path: string;
  query: ReadonlyMap<string, readonly string[]>;
  contentType?: string;
  /** The body, uncompressed. */
  text: string;
}

/** Parameters that depend on the credentials: a project's own secret or token names the project by itself. */
const BY_CREDENTIALS = new Set(["project_id", "token"]);

/** The published operations that a request can be; several share an endpoint. */
export function candidates(request: SentRequest, published: readonly PublishedOperation[]): PublishedOperation[] {
  const path = comparablePath(request.path);
  const fitting = published.filter((one) => one.method === request.method && patternOf(one.path).test(path));
  // A path that is spelled out takes precedence over one that takes any word in its place.
  const fewest = Math.min(...fitting.map((one) => openness(one.path)));
  return fitting.filter((one) => openness(one.path) === fewest);
}

/** What is wrong with a request, in the words of `differences`, so that the same reasons apply. */
export function requestFindings(request: SentRequest, published: PublishedOperation): string[] {
  const found: string[] = [];
  const query = new Map([...request.query].map(([name, texts]) => [name, fieldTexts(texts)]));
  checkFields("query", query, published.query, found, true);
  if (published.body === undefined) {
    if (request.text !== "" && request.text !== "{}") found.push("body: not published");
    return found;
  }
  const type = (request.contentType ?? "").split(";")[0]!.trim();
  if (type !== published.body.contentType && request.text !== "") {
    found.push(`body: ${type}, published ${published.body.contentType}`);
  }
  for (const { value, isText } of bodiesOf(type, request.text)) {
    check("body", value, published.body.shape, found, isText);
  }
  return [...new Set(found)];
}

function* bodiesOf(type: string, text: string): Generator<{ value: unknown; isText: boolean }> {
  if (type === "application/json") yield { value: text === "" ? {} : parseJson(text), isText: false };
  else if (type === "application/x-ndjson") {
    yield { value: text.split("\n").filter((line) => line !== "").map(parseJson), isText: false };
  } else if (type === "application/x-www-form-urlencoded") {
    const form = new URLSearchParams(text);
    const value = Object.fromEntries([...new Set(form.keys())].map((name) => [name, fieldTexts(form.getAll(name))]));
    yield { value, isText: true };
  }
}

/** One text, or the list of them where a parameter stands several times. */
function fieldTexts(texts: readonly string[]): unknown {
  return texts.length === 1 ? texts[0] : texts;
}

function check(place: string, value: unknown, shape: Shape, found: string[], isText: boolean): void {
  if (value === null) return;
  const kind = Array.isArray(value) ? "array" : typeof value === "bigint" ? "number" : typeof value;
  const reads = isText && typeof value === "string" ? readings(value) : new Set([kind]);
  // A parameter that stands several times is a list, or as often the one that is published.
  if (isText && Array.isArray(value) && !shape.kinds.has("array")) {
    for (const one of value) check(place, one, shape, found, isText);
    return;
  }
  if (shape.kinds.size > 0 && reads.isDisjointFrom(shape.kinds)) {
    found.push(`${place}: ${kind}, published ${[...shape.kinds].join("|")}`);
    return;
  }
  if (shape.values !== undefined && !shape.values.includes(String(value))) {
    found.push(`${place}: also takes ${String(value)}`);
  }
  if (Array.isArray(value)) {
    for (const one of value) if (shape.item !== undefined) check(`${place}[]`, one, shape.item, found, isText);
  } else if (kind === "object" && shape.fields !== undefined) {
    const fields = new Map(Object.entries(value as Record<string, unknown>).filter(([, one]) => one !== undefined));
    checkFields(place, fields, shape.fields, found, isText);
  }
}

/** What a text can be read as. JSON is read by whoever wants a list or an object. */
function readings(text: string): Set<string> {
  const kinds = new Set(["string"]);
  if (text.trim() !== "" && !Number.isNaN(Number(text))) kinds.add("number");
  if (text === "true" || text === "false") kinds.add("boolean");
  if (text.startsWith("[")) kinds.add("array");
  if (text.startsWith("{")) kinds.add("object");
  return kinds;
}

function checkFields(
  place: string,
  fields: ReadonlyMap<string, unknown>,
  published: ReadonlyMap<string, Field>,
  found: string[],
  isText: boolean,
): void {
  for (const [name, { required }] of published) {
    if (required && !fields.has(name) && !BY_CREDENTIALS.has(name)) {
      found.push(`${place} ${name}: published as required`);
    }
  }
  for (const [name, value] of fields) {
    const field = published.get(name);
    if (field !== undefined) check(`${place} ${name}`, value, field.shape, found, isText);
    else if (isText) found.push(`${place} ${name}: not published`);
  }
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replaceAll("{}", "[^/]+")}$`);
}

function openness(path: string): number {
  return path.split("{}").length;
}
