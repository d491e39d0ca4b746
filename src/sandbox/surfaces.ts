/** The faces of Mixpanel's servers: where they are, and how they say no. */
import { type Refusal, STATUS_WORDS } from "./refusal.ts";
import type { PlanProduct } from "./settings.ts";
import type { Visitors } from "./visitors.ts";

export interface Surface {
  /** What stands before an endpoint's path. */
  prefixes: readonly string[];
  /** The body of a refusal. */
  refusalBody(refusal: Refusal, request: Request): unknown;
  /** Whether answers are compressed for those who accept it. */
  compresses?: boolean;
  /** Which pages of browsers it answers. */
  visitors: Visitors;
  /** Whether answers say how long they took. */
  timesItself?: boolean;
  /** What a plan must have for it. */
  product?: PlanProduct;
}

/** `/track`, `/engage`, `/groups`. What is wrong with the data is told with status 200; this is for all else. */
export const ingestionSurface: Surface = {
  prefixes: [""],
  visitors: "allowed",
  refusalBody: ({ status, message }) => ({
    error: message,
    status: status === 401 || status === 403 ? "error" : 0,
  }),
};

/** `/import` and lookup tables. */
export const strictIngestionSurface: Surface = {
  prefixes: [""],
  visitors: "own",
  refusalBody: ({ status, message, details }) => ({
    code: status,
    error: message,
    status: STATUS_WORDS[status] ?? "Error",
    ...details.fields,
  }),
};

/** Reports. The second prefix is older, and older clients use it. */
export const querySurface: Surface = {
  prefixes: ["/api/query", "/api/2.0"],
  visitors: "own",
  timesItself: true,
  product: "query",
  refusalBody: ({ message, details }, request) => {
    const { pathname, search } = new URL(request.url);
    return { error: message, request: pathname + search, ...details.fields };
  },
};

/** The raw export. */
export const dataExportSurface: Surface = {
  ...querySurface,
  prefixes: ["/api/2.0"],
  timesItself: false,
  product: "export",
  compresses: true,
};

/** Scheduled exports. */
export const pipelinesSurface: Surface = {
  prefixes: ["/api/2.0/nessie/pipeline"],
  visitors: "own",
  refusalBody: ({ message, details }) => ({ error: message, status: "error", ...details.fields }),
};

/** Imports from a warehouse, as the reference has them. */
export const dataPipelinesSurface: Surface = { ...pipelinesSurface, prefixes: ["/api/2.0/data-pipelines"] };

/** Feature flags, as browsers and servers ask for them. */
export const flagsSurface: Surface = {
  prefixes: [""],
  visitors: "allowed",
  refusalBody: ({ message }) => ({ error: message, status: "error" }),
};

/** Administration. */
export const appSurface: Surface = {
  prefixes: ["/api/app"],
  visitors: "own",
  refusalBody: ({ message, details }) => ({ status: "error", error: message, ...details.fields }),
};

/** Tokens, by RFC 6749. */
export const oauthSurface: Surface = {
  prefixes: ["/oauth"],
  visitors: "opened",
  refusalBody: ({ message, details }) => ({ error: message, ...details.fields }),
};

/** What the authorization server says of itself, to anyone. */
export const discoverySurface: Surface = { ...oauthSurface, prefixes: ["/.well-known"] };

/** The sandbox's own page, which Mixpanel doesn't have either. */
export const pageSurface: Surface = {
  prefixes: [""],
  visitors: "opened",
  refusalBody: ({ message }) => ({ error: message }),
};

/** The sandbox's own controls, which Mixpanel doesn't have. */
export const controlsSurface: Surface = {
  prefixes: ["/sandbox"],
  visitors: "own",
  refusalBody: ({ message }) => ({ error: message }),
};
