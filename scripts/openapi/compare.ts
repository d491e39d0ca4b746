/** Lays a declaration beside the published operation, and says where they differ. */
import type { DeclaredOperation } from "./declared.ts";
import type { PublishedOperation } from "./published.ts";
import type { Field, Shape } from "./shape.ts";

const FORM = "application/x-www-form-urlencoded";

const KINDS_OF_CREDENTIALS: Record<string, string> = {
  ServiceAccount: "service_account",
  ProjectSecret: "project_secret",
  OAuthToken: "oauth",
};

/**
 * Differences, each with its place: `query unit: also takes week`. Nothing is said of what one side leaves open, but for
 * required fields, types and values that are listed on one side alone.
 */
export function differences(declared: DeclaredOperation, published: PublishedOperation): string[] {
  const found: string[] = [];
  const path = `${published.method} ${published.path}`;
  if (declared.routes[0] !== path) found.push(`route: ${declared.routes[0]} is tried before ${path}`);
  compareFields("query", declared.query, published.query, found, { added: declared.added.query, isText: true });
  compareBodies(declared, published, found);
  compareAdded(declared, published, found);
  compareCredentials(declared, published, found);
  // An envelope that is declared may be missing; one that is not declared would be taken for the result.
  if (published.envelope && !declared.envelope && published.path.startsWith("/api/app/")) {
    found.push("answer: published with an envelope");
  }
  return found;
}

/** What the client adds by itself must be where it is published to be, and nowhere else. */
function compareAdded({ added, body }: DeclaredOperation, published: PublishedOperation, found: string[]): void {
  for (const name of added.query) {
    if (!published.query.has(name)) found.push(`query ${name}: not published`);
  }
  if (body?.contentType !== FORM) return;
  for (const name of added.form) {
    if (published.body?.shape.fields?.has(name) === false) found.push(`body ${name}: not published`);
  }
}

function compareBodies(declared: DeclaredOperation, published: PublishedOperation, found: string[]): void {
  if (declared.body === undefined || published.body === undefined) {
    if (declared.body !== undefined && (declared.body.shape.fields?.size ?? 1) > 0) found.push("body: not published");
    if (published.body !== undefined) found.push("body: not declared");
    return;
  }
  const { contentType, shape } = declared.body;
  if (contentType !== published.body.contentType) {
    found.push(`body: ${contentType}, published ${published.body.contentType}`);
  }
  const isText = contentType === FORM;
  compareShapes("body", shape, published.body.shape, found, {
    added: [...declared.added.form, ...declared.added.payload],
    isText,
  });
}

interface Setting {
  /** Fields that the client adds by itself. */
  added: readonly string[];
  /** Whether values are written as text, as in a query string and a form. */
  isText: boolean;
}

function compareShapes(
  place: string,
  declared: Shape,
  published: Shape,
  found: string[],
  setting: Setting,
): void {
  if (!areAlike(declared.kinds, published.kinds, setting.isText)) {
    found.push(`${place}: ${[...declared.kinds].join("|")}, published ${[...published.kinds].join("|")}`);
    return;
  }
  compareValues(place, declared.values, published.values, found);
  if (declared.fields !== undefined && published.fields !== undefined) {
    compareFields(place, declared.fields, published.fields, found, setting);
  }
  if (declared.item !== undefined && published.item !== undefined) {
    compareShapes(`${place}[]`, declared.item, published.item, found, setting);
  }
}

function areAlike(declared: ReadonlySet<string>, published: ReadonlySet<string>, isText: boolean): boolean {
  if (declared.size === 0 || published.size === 0 || !declared.isDisjointFrom(published)) return true;
  const isPlain = (kinds: ReadonlySet<string>) => kinds.isSubsetOf(new Set(["string", "number", "boolean"]));
  const isAnyText = (kinds: ReadonlySet<string>) => kinds.size === 1 && kinds.has("string");
  // A number and a boolean are texts there; one side may know no better than that.
  return isText && isPlain(declared) && isPlain(published) && (isAnyText(declared) || isAnyText(published));
}

function compareValues(
  place: string,
  declared: readonly string[] | undefined,
  published: readonly string[] | undefined,
  found: string[],
): void {
  if (published === undefined) return;
  if (declared === undefined) {
    found.push(`${place}: takes any value, published ${published.length} of them`);
    return;
  }
  const more = declared.filter((value) => !published.includes(value));
  const missing = published.filter((value) => !declared.includes(value));
  if (more.length > 0) found.push(`${place}: also takes ${more.join(", ")}`);
  if (missing.length > 0) found.push(`${place}: does not take ${missing.join(", ")}`);
}

function compareFields(
  place: string,
  declared: ReadonlyMap<string, Field>,
  published: ReadonlyMap<string, Field>,
  found: string[],
  setting: Setting,
): void {
  for (const [name, theirs] of published) {
    const ours = declared.get(name);
    if (ours === undefined) {
      if (!setting.added.includes(name)) {
        found.push(`${place} ${name}: not declared${theirs.required ? ", and required" : ""}`);
      }
      continue;
    }
    if (theirs.required && !ours.required && !ours.given) found.push(`${place} ${name}: published as required`);
    if (!theirs.required && ours.required) found.push(`${place} ${name}: published as optional`);
    compareShapes(`${place} ${name}`, ours.shape, theirs.shape, found, setting);
  }
  for (const name of declared.keys()) {
    if (!published.has(name)) found.push(`${place} ${name}: not published`);
  }
}

function compareCredentials(declared: DeclaredOperation, published: PublishedOperation, found: string[]): void {
  const theirs = published.credentials.filter((one) => one !== "none").map((one) => KINDS_OF_CREDENTIALS[one] ?? one);
  for (const kind of theirs) {
    if (!declared.credentials.includes(kind)) found.push(`credentials: ${kind} is not declared`);
  }
  for (const kind of declared.credentials) {
    if (!theirs.includes(kind)) found.push(`credentials: ${kind} is not published`);
  }
}
