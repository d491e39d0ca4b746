/**
 * The endpoints that Mixpanel does not publish and that are known for sure enough to be called: from recorded answers of the
 * real server, or from the code of an official client. Each must be reached by a command; `docs/api-coverage.md` has them
 * as a table, and `tests/scripts/unpublished_endpoints_test.ts` fails when one is missing. What is seen in one client only
 * may be declared, and need not.
 */
import { loadOperations } from "../src/api/catalog.ts";
import { type Certainty, type Route } from "../src/api/operation.ts";
import { pathOf } from "../src/client/hosts.ts";
import { listOperations } from "../src/commands/api/shared/list.ts";
import { tree } from "../src/commands/tree.ts";

interface EndpointFamily {
  /** What the endpoints are about. */
  name: string;
  certainty: Certainty;
  /**
   * One line for a path: its methods, and the path after `P/`, which is a project of the App API, `O/`, which is an
   * organization, or `Q/`, which is the Query API.
   */
  endpoints: readonly string[];
}

/** Those that one method of a family is surer of are a family of their own. */
export const UNPUBLISHED_ENDPOINTS: readonly EndpointFamily[] = [
  { name: "Workspaces", certainty: "client", endpoints: ["GET P/workspaces/public"] },
  { name: "Ad-hoc insights, funnels and retention", certainty: "recorded", endpoints: ["POST Q/insights"] },
  { name: "Flows", certainty: "client", endpoints: ["POST Q/arb_funnels", "GET Q/arb_funnels"] },
  {
    name: "Report links",
    certainty: "recorded",
    endpoints: ["POST P/bookmark-urls", "GET P/bookmark-urls/{slug}"],
  },
  {
    name: "Saved reports",
    certainty: "client",
    endpoints: [
      "GET,POST P/bookmarks",
      "GET,PATCH,DELETE P/bookmarks/{id}",
      "POST P/bookmarks/bulk-delete",
      "POST P/bookmarks/bulk-update",
      "GET P/bookmarks/{id}/linked-dashboard-ids",
      "GET P/bookmarks/{id}/history",
      "GET P/dashboards/bookmarks/{id}/dashboard-ids",
    ],
  },
  {
    name: "Boards",
    certainty: "client",
    endpoints: [
      "GET,POST P/dashboards",
      "GET,PATCH,DELETE P/dashboards/{id}",
      "POST P/dashboards/bulk-delete",
      "POST,DELETE P/dashboards/{id}/favorites",
      "POST,DELETE P/dashboards/{id}/pin",
      "GET P/dashboards/{id}/erf",
      "PATCH P/dashboards/{id}/report-links/{link}",
      "PATCH P/dashboards/{id}/text-cards/{card}",
      "GET P/dashboards/blueprints-all",
      "POST P/dashboards/blueprints",
      "GET P/dashboards/{id}/blueprint-config",
      "PUT P/dashboards/blueprints/cohorts",
      "POST P/dashboards/blueprints/finish",
      "POST P/dashboards/rca",
    ],
  },
  {
    name: "Alerts",
    certainty: "client",
    endpoints: [
      "GET,POST P/alerts/custom",
      "GET,PATCH,DELETE P/alerts/custom/{id}",
      "POST P/alerts/custom/bulk-delete",
      "GET P/alerts/custom/alert-count",
      "GET P/alerts/custom/{id}/history",
      "POST P/alerts/custom/test",
      "GET P/alerts/custom/screenshot",
      "POST P/alerts/custom/validate-alerts-for-bookmark",
    ],
  },
  {
    name: "Webhooks",
    certainty: "client",
    endpoints: ["GET,POST P/webhooks", "PATCH,DELETE P/webhooks/{id}", "POST P/webhooks/test"],
  },
  {
    name: "Cohorts",
    certainty: "client",
    endpoints: [
      "GET,POST P/cohorts",
      "GET,PATCH,DELETE P/cohorts/{id}",
      "POST P/cohorts/bulk-delete",
      "POST P/cohorts/bulk-update",
    ],
  },
  { name: "Custom events", certainty: "client", endpoints: ["POST P/custom_events"] },
  {
    name: "Custom properties",
    certainty: "client",
    endpoints: [
      "GET,POST P/custom_properties",
      "GET,PUT,DELETE P/custom_properties/{id}",
      "POST P/custom_properties/validate",
    ],
  },
  {
    name: "Lexicon",
    certainty: "client",
    endpoints: [
      "GET,PATCH,DELETE P/data-definitions/events",
      "GET,PATCH P/data-definitions/properties",
      "GET,POST P/data-definitions/tags",
      "PATCH P/data-definitions/tags/{id}",
      "GET P/data-definitions/events/tracking-metadata",
      "GET P/data-definitions/events/{name}/history",
      "GET P/data-definitions/properties/{name}/history",
      "GET P/data-definitions/export",
      "GET,POST,PATCH,DELETE P/data-definitions/events/drop-filters",
      "GET P/data-definitions/events/drop-filters/limits",
      "GET,POST,PATCH,PUT,DELETE P/data-definitions/schema",
      "PATCH P/schemas",
      "PATCH P/schemas/{type}/{name}",
      "GET P/data-definitions/audit",
      "GET P/data-definitions/audit-events-only",
      "GET,PATCH P/data-definitions/data-volume-anomalies",
      "PATCH P/data-definitions/data-volume-anomalies/bulk",
      "GET,POST,DELETE P/data-definitions/events/deletion-requests",
      "POST P/data-definitions/events/deletion-requests/preview-filters",
    ],
  },
  {
    name: "Lookup tables",
    certainty: "client",
    endpoints: [
      "GET,POST,PATCH,DELETE P/data-definitions/lookup-tables",
      "GET P/data-definitions/lookup-tables/upload-url",
      "GET P/data-definitions/lookup-tables/upload-status",
      "GET P/data-definitions/lookup-tables/download",
      "GET P/data-definitions/lookup-tables/download-url",
    ],
  },
  {
    name: "Saved metrics and behaviors",
    certainty: "recorded",
    endpoints: [
      "GET,POST,PATCH,DELETE P/metrics",
      "GET,PATCH P/metrics/{id}",
      "GET,POST,PATCH,DELETE P/behaviors",
      "GET,PATCH,DELETE P/behaviors/{id}",
    ],
  },
  { name: "Session replay", certainty: "recorded", endpoints: ["POST P/replays/sign/bulk"] },
  {
    name: "Feature flags",
    certainty: "client",
    endpoints: [
      "POST,DELETE P/workspaces/{workspace}/feature-flags/{id}/archive",
      "PUT P/workspaces/{workspace}/feature-flags/{id}/test-users",
      "GET P/workspaces/{workspace}/feature-flags/{id}/history",
      "GET P/feature-flags/limits",
    ],
  },
  {
    name: "Copies of feature flags",
    certainty: "recorded",
    endpoints: ["POST P/workspaces/{workspace}/feature-flags/{id}/duplicate"],
  },
  {
    name: "Experiments",
    certainty: "client",
    endpoints: ["POST P/experiments/{id}/duplicate", "GET P/experiments/erf"],
  },
  {
    name: "Business context",
    certainty: "recorded",
    endpoints: ["GET,PUT P/business-context", "GET,PUT O/business-context", "GET P/business-context/chain"],
  },
  { name: "Statistics of profiles", certainty: "client", endpoints: ["POST Q/engage/stats"] },
  { name: "All events with their properties", certainty: "recorded", endpoints: ["GET Q/data_definitions/events"] },
];

const PREFIXES: Readonly<Record<string, string>> = {
  P: "/api/app/projects/{project_id}/",
  O: "/api/app/organizations/{organization_id}/",
  Q: "/api/query/",
};

/** An endpoint, and what reaches it. */
export interface KnownEndpoint {
  family: string;
  /** `GET /api/app/projects/{project_id}/metrics` */
  endpoint: string;
  certainty: Certainty;
  /** Undefined where no declared operation with a command calls it. */
  command?: string;
}

/** Every endpoint of the list, and after them those that are declared and only seen in one client. */
export async function knownEndpoints(): Promise<KnownEndpoint[]> {
  const commands = new Map((await listOperations(tree)).map(({ id, command }) => [id, command]));
  const operations = [...(await loadOperations()).values()];
  const reached = new Map<string, string>();
  // Where two operations go to one path, the one that is not published is meant.
  for (
    const { id, routes, unpublished } of operations.toSorted((a, b) => Number(!a.unpublished) - Number(!b.unpublished))
  ) {
    const command = commands.get(id);
    if (!command) continue;
    for (const route of routes) {
      const key = keyOf(nameOf(route));
      if (unpublished !== undefined || !reached.has(key)) reached.set(key, reached.get(key) ?? command);
    }
  }
  const listed = UNPUBLISHED_ENDPOINTS.flatMap(({ name, certainty, endpoints }) =>
    endpoints.flatMap(wholeNames).map((endpoint): KnownEndpoint => ({
      family: name,
      endpoint,
      certainty,
      command: reached.get(keyOf(endpoint)),
    }))
  );
  const keys = new Set(listed.map(({ endpoint }) => keyOf(endpoint)));
  const others = operations.filter(({ unpublished }) => unpublished === "one_client").map((one): KnownEndpoint => ({
    family: "Seen in one client only",
    endpoint: nameOf(one.routes[0]),
    certainty: "one_client",
    command: commands.get(one.id) ?? undefined,
  }));
  return [...listed, ...others.filter(({ endpoint }) => !keys.has(keyOf(endpoint)))];
}

/** `GET,POST P/metrics` as one name for each method. */
function wholeNames(line: string): string[] {
  const [methods, path] = line.split(" ") as [string, string];
  const whole = path.replace(/^(\w)\//, (_all, letter: string) => PREFIXES[letter]!);
  return methods.split(",").map((method) => `${method} ${whole}`);
}

const nameOf = ({ method, family, path }: Route): string => `${method} ${pathOf(family, path)}`;

/** The same for two spellings of one endpoint: parameters have other names, and a slash at the end decides nothing. */
const keyOf = (endpoint: string): string => endpoint.replace(/\{\w+\}/g, "{}").replace(/\/$/, "");
