/** All that the sandbox answers, family by family. */
import { meEndpoints } from "./app/me.ts";
import { organizationEndpoints } from "./app/organizations.ts";
import { controlEndpoints } from "./controls.ts";
import type { Endpoint } from "./endpoint.ts";
import { exportEndpoints } from "./export/export.ts";
import { importEndpoints } from "./ingestion/import.ts";
import { lookupTableEndpoints } from "./ingestion/lookup_tables.ts";
import { profileEndpoints } from "./ingestion/profiles.ts";
import { trackEndpoints } from "./ingestion/track.ts";
import { oauthEndpoints } from "./oauth.ts";
import { activityEndpoints } from "./query/activity.ts";
import { cohortEndpoints } from "./query/cohorts.ts";
import { engageEndpoints } from "./query/engage.ts";
import { eventsEndpoints } from "./query/events.ts";
import { funnelEndpoints } from "./query/funnels.ts";
import { retentionEndpoints } from "./query/retention.ts";
import { segmentationEndpoints } from "./query/segmentation.ts";

export const endpoints: readonly Endpoint[] = [
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
  ...activityEndpoints,
  ...meEndpoints,
  ...organizationEndpoints,
  ...oauthEndpoints,
  ...controlEndpoints,
];
