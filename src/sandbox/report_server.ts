/** The emulator's reports alone, over a store that others fill: questions are answered, and nothing is taken in. */
import type { Clock } from "../runtime/clock.ts";
import type { Services } from "./call.ts";
import { Faults } from "./faults.ts";
import { HotShards } from "./ingestion/hot_shards.ts";
import { respond } from "./pipeline.ts";
import { eventsEndpoints } from "./query/events.ts";
import { flowEndpoints } from "./query/flows.ts";
import { insightsEndpoints } from "./query/insights.ts";
import { ProfileSessions } from "./query/profile_sessions.ts";
import { retentionEndpoints } from "./query/retention.ts";
import { segmentationEndpoints } from "./query/segmentation.ts";
import { Quotas } from "./quotas.ts";
import { Router } from "./router.ts";
import { DEFAULT_SETTINGS, type SandboxSettings } from "./settings.ts";
import type { Store } from "./store/store.ts";
import { Feed } from "./watch/feed.ts";

const reportEndpoints = [
  ...eventsEndpoints,
  ...segmentationEndpoints,
  ...retentionEndpoints,
  ...insightsEndpoints,
  ...flowEndpoints,
];

interface ReportServerOptions {
  store: Store;
  clock: Clock;
  settings: Partial<SandboxSettings>;
}

/** Answers a request to `http://127.0.0.1/api/query/…` with the credentials of the default project. */
export function reportServer({ store, clock, settings }: ReportServerOptions): (request: Request) => Promise<Response> {
  const chosen: SandboxSettings = { ...DEFAULT_SETTINGS, ...settings };
  const services: Services = {
    store,
    clock,
    settings: chosen,
    quotas: new Quotas(clock),
    faults: new Faults(chosen.faults),
    hotShards: new HotShards(),
    profileSessions: new ProfileSessions(clock, chosen.profileSessionMs),
    feed: new Feed(() => [], []),
  };
  const router = new Router(reportEndpoints);
  return (request) => respond(request, "127.0.0.1", router, services);
}
