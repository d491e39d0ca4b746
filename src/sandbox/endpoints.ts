/** All that the sandbox answers, family by family. */
import { alertEndpoints } from "./app/alerts.ts";
import { annotationEndpoints } from "./app/annotations.ts";
import { businessContextEndpoints } from "./app/business_context.ts";
import { blueprintEndpoints } from "./app/blueprints.ts";
import { bookmarkUrlEndpoints } from "./app/bookmark_urls.ts";
import { bookmarkEndpoints } from "./app/bookmarks.ts";
import { dashboardEndpoints } from "./app/dashboards.ts";
import { appCohortEndpoints } from "./app/cohorts.ts";
import { customEventEndpoints } from "./app/custom_events.ts";
import { customPropertyEndpoints } from "./app/custom_properties.ts";
import { emailDigestEndpoints } from "./app/email_digests.ts";
import { experimentEndpoints } from "./app/experiments.ts";
import { featureFlagEndpoints } from "./app/feature_flags.ts";
import { lexiconEndpoints } from "./app/lexicon.ts";
import { meEndpoints } from "./app/me.ts";
import { organizationEndpoints } from "./app/organization.ts";
import { projectEndpoints } from "./app/projects.ts";
import { recordingEndpoints } from "./app/recordings.ts";
import { savedMetricEndpoints } from "./app/saved_metrics.ts";
import { serviceAccountEndpoints } from "./app/service_accounts.ts";
import { webhookEndpoints } from "./app/webhooks.ts";
import { controlEndpoints } from "./controls.ts";
import { dataDefinitionEndpoints } from "./data_definitions/endpoints.ts";
import type { SandboxEndpoint } from "./endpoint.ts";
import { exportEndpoints } from "./export/export.ts";
import { flagEndpoints } from "./flags/endpoints.ts";
import { gdprEndpoints } from "./gdpr/endpoints.ts";
import { retrievalResultEndpoints } from "./gdpr/results.ts";
import { importEndpoints } from "./ingestion/import.ts";
import { lookupTableEndpoints } from "./ingestion/lookup_tables.ts";
import { profileEndpoints } from "./ingestion/profiles.ts";
import { trackEndpoints } from "./ingestion/track.ts";
import { oauthEndpoints } from "./oauth/endpoints.ts";
import { pipelineEndpoints } from "./pipelines/endpoints.ts";
import { warehouseSyncEndpoints } from "./pipelines/syncs.ts";
import { activityEndpoints } from "./query/activity.ts";
import { cohortEndpoints } from "./query/cohorts.ts";
import { eventsWithPropertiesEndpoints } from "./query/event_definitions.ts";
import { engageEndpoints } from "./query/engage.ts";
import { engageStatsEndpoints } from "./query/engage_stats.ts";
import { eventsEndpoints } from "./query/events.ts";
import { flowEndpoints } from "./query/flows.ts";
import { funnelEndpoints } from "./query/funnels.ts";
import { insightsEndpoints } from "./query/insights.ts";
import { jqlEndpoints } from "./query/jql.ts";
import { retentionEndpoints } from "./query/retention.ts";
import { segmentationEndpoints } from "./query/segmentation.ts";
import { appSurface } from "./surfaces.ts";
import { warehouseEndpoints } from "./warehouse/endpoints.ts";
import { watchEndpoints } from "./watch/endpoints.ts";

const published: readonly SandboxEndpoint[] = [
  ...trackEndpoints,
  ...profileEndpoints,
  ...importEndpoints,
  ...lookupTableEndpoints,
  ...exportEndpoints,
  ...eventsEndpoints,
  ...segmentationEndpoints,
  ...funnelEndpoints,
  ...retentionEndpoints,
  ...cohortEndpoints,
  ...engageEndpoints,
  ...engageStatsEndpoints,
  ...eventsWithPropertiesEndpoints,
  ...activityEndpoints,
  ...jqlEndpoints,
  ...insightsEndpoints,
  ...flowEndpoints,
  ...meEndpoints,
  ...projectEndpoints,
  ...serviceAccountEndpoints,
  ...organizationEndpoints,
  ...annotationEndpoints,
  ...alertEndpoints,
  ...webhookEndpoints,
  ...businessContextEndpoints,
  ...recordingEndpoints,
  ...bookmarkEndpoints,
  ...bookmarkUrlEndpoints,
  ...dashboardEndpoints,
  ...blueprintEndpoints,
  ...emailDigestEndpoints,
  ...appCohortEndpoints,
  ...customEventEndpoints,
  ...customPropertyEndpoints,
  ...savedMetricEndpoints,
  ...lexiconEndpoints,
  ...dataDefinitionEndpoints,
  ...experimentEndpoints,
  ...featureFlagEndpoints,
  ...flagEndpoints,
  ...gdprEndpoints,
  ...retrievalResultEndpoints,
  ...pipelineEndpoints,
  ...warehouseSyncEndpoints,
  ...warehouseEndpoints,
  ...oauthEndpoints,
  ...controlEndpoints,
  ...watchEndpoints,
];

/** What stands before the rest of a path that belongs to a project, each with the same meaning. */
const SCOPES = [
  "/projects/{project_id}/",
  "/workspaces/{workspace_id}/",
  "/projects/{project_id}/workspaces/{workspace_id}/",
];

/** All of them, and for each of a project its twins below a workspace. */
export const endpoints: readonly SandboxEndpoint[] = published.flatMap((endpoint) => {
  const scope = SCOPES.find((one) => endpoint.path.startsWith(one));
  const rest = endpoint.path.slice(scope?.length ?? 0);
  // The others are only there as they are published: flags need a workspace, and say so to those who name none.
  const isScoped = endpoint.surface === appSurface &&
    !/^(?:feature-flags|workspaces|metrics|behaviors|business-context|replays)\b/.test(rest);
  return scope === undefined || !isScoped ? [endpoint] : SCOPES.map((one) => ({ ...endpoint, path: one + rest }));
});
