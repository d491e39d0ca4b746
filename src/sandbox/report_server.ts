/** The emulator's reports alone, over a store that others fill: questions are answered, and nothing is taken in. */
import type { Clock } from "../runtime/clock.ts";
import { respond } from "./pipeline.ts";
import { eventsEndpoints } from "./query/events.ts";
import { flowEndpoints } from "./query/flows.ts";
import { insightsEndpoints } from "./query/insights.ts";
import { retentionEndpoints } from "./query/retention.ts";
import { segmentationEndpoints } from "./query/segmentation.ts";
import { Router } from "./router.ts";
import { newServices } from "./services.ts";
import type { SandboxSettings } from "./settings.ts";
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
  const services = newServices(store, clock, settings, new Feed(() => [], []));
  const router = new Router(reportEndpoints);
  return (request) => respond(request, "127.0.0.1", router, services);
}
