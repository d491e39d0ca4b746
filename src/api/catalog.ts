/** Every declared operation, for what looks at all of them: `mp api --list`, the generated reference, checks. */
import type { Operation } from "./operation.ts";

/** One loader for each family; a family's module exports its operations among other things. */
const FAMILIES: readonly (() => Promise<Record<string, unknown>>)[] = [
  () => import("./ingestion.ts"),
  () => import("./profiles.ts"),
  () => import("./profile_queries.ts"),
  () => import("./profile_stats.ts"),
  () => import("./groups.ts"),
  () => import("./identity.ts"),
  () => import("./lookup_tables.ts"),
  () => import("./query.ts"),
  () => import("./event_definitions.ts"),
  () => import("./numeric_segmentation.ts"),
  () => import("./funnels.ts"),
  () => import("./retention.ts"),
  () => import("./insights.ts"),
  () => import("./flows.ts"),
  () => import("./report_links.ts"),
  () => import("./activity.ts"),
  () => import("./jql.ts"),
  () => import("./cohorts.ts"),
  () => import("./custom_events.ts"),
  () => import("./custom_properties.ts"),
  () => import("./saved_metrics.ts"),
  () => import("./export.ts"),
  () => import("./app.ts"),
  () => import("./projects.ts"),
  () => import("./workspaces.ts"),
  () => import("./organization.ts"),
  () => import("./service_accounts.ts"),
  () => import("./annotations.ts"),
  () => import("./bookmarks.ts"),
  () => import("./dashboards.ts"),
  () => import("./dashboard_templates.ts"),
  () => import("./board_mails.ts"),
  () => import("./lexicon.ts"),
  () => import("./alerts.ts"),
  () => import("./webhooks.ts"),
  () => import("./business_context.ts"),
  () => import("./replays.ts"),
  () => import("./data_definitions.ts"),
  () => import("./data_governance.ts"),
  () => import("./experiments.ts"),
  () => import("./feature_flags.ts"),
  () => import("./flag_changes.ts"),
  () => import("./flag_evaluation.ts"),
  () => import("./gdpr.ts"),
  () => import("./pipelines.ts"),
  () => import("./warehouse.ts"),
  () => import("./oauth.ts"),
];

/** All operations by id, in the order of their families. */
export async function loadOperations(): Promise<Map<string, Operation>> {
  const operations = new Map<string, Operation>();
  for (const load of FAMILIES) {
    for (const one of Object.values(await load())) {
      // Variants of an operation share its id; the first is the operation itself.
      if (isOperation(one) && !operations.has(one.id)) operations.set(one.id, one);
    }
  }
  return operations;
}

function isOperation(value: unknown): value is Operation {
  return typeof value === "object" && value !== null && "id" in value && "routes" in value && "params" in value;
}
