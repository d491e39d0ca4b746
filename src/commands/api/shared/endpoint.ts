/** What a path typed by hand means: its family, and what is declared about it. */
import { loadOperations } from "../../../api/catalog.ts";
import type { Operation, Route } from "../../../api/operation.ts";
import type { CredentialKind, Family, Method } from "../../../client/types.ts";
import { familyOf } from "../../../client/hosts.ts";
import { inputError } from "../../../errors.ts";

export interface Endpoint {
  family: Family;
  /** Path after the family's prefix. */
  path: string;
  /** The declared operation, when there is one. */
  operation?: Operation;
  auth: CredentialKind[];
}

const ANY_CREDENTIALS: CredentialKind[] = ["service_account", "oauth", "project_secret", "project_token"];

/**
 * Finds where a path leads.
 *
 * @throws MpError (input) for an address instead of a path, and for a path of no known family.
 */
export async function findEndpoint(method: Method, typed: string): Promise<Endpoint> {
  if (/^[a-z]+:\/\//i.test(typed)) {
    throw inputError(
      `Cannot call ${typed}: give the path alone`,
      "the host follows from the region, or from MP_API_BASE_URL: mp api GET /api/app/me",
    );
  }
  const path = typed.startsWith("/") ? typed : `/${typed}`;
  const place = familyOf(path);
  if (place === undefined) {
    throw inputError(
      `Cannot call ${path}: no such family of endpoints`,
      "paths begin with /api/app, /api/query, /api/2.0, /oauth or /flags, or are those of /import, /track and the like; " +
        "'mp api --list' shows all",
      "unknown_path",
    );
  }
  const operation = await declared(method, place);
  const isTracker = /^\/(track|engage|groups)(\/|$)/.test(path);
  const auth = operation === undefined ? isTracker ? [] : ANY_CREDENTIALS : [...operation.auth];
  return { ...place, operation, auth };
}

async function declared(
  method: Method,
  place: { family: Family; path: string },
): Promise<Operation | undefined> {
  const family = place.family === "query_old" ? "query" : place.family;
  const matches = (route: Route) =>
    route.method === method && route.family === family &&
    new RegExp(`^${route.path.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, "[^/]+")}/?$`).test(place.path);
  for (const operation of (await loadOperations()).values()) {
    if (operation.routes.some(matches)) return operation;
  }
  return undefined;
}
