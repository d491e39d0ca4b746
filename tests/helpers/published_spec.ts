/** Holds the requests that tests send against Mixpanel's published specification, where MP_OPENAPI_SPECS names it. */
import assert from "node:assert/strict";
import process from "node:process";
import { checkRequest, declaredOperations } from "../../scripts/check_openapi.ts";
import { readPublished } from "../../scripts/openapi/published.ts";

const folder = process.env.MP_OPENAPI_SPECS;
const published = folder === undefined || folder === "" ? undefined : readPublished(folder);
const declared = published === undefined ? [] : await declaredOperations();

/** A request as a test server has seen it. */
interface Seen {
  method: string;
  path: string;
  search: URLSearchParams;
  headers: Headers;
  text: string;
}

/** Fails when the request is not as published, and nothing explains why. Without the specification it does nothing. */
export function assertPublished({ method, path, search, headers, text }: Seen): void {
  if (published === undefined) return;
  const query = new Map([...new Set(search.keys())].map((name) => [name, search.getAll(name)]));
  const contentType = headers.get("content-type") ?? undefined;
  const findings = checkRequest({ method, path, query, contentType, text }, published, declared);
  assert.deepEqual(findings, [], `${method} ${path}?${search} is not as published`);
}
