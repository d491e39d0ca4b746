/** The emulator's reports alone, over a store that others fill: questions are answered, and nothing is taken in. */
import type { Clock } from "../runtime/clock.ts";
import type { SandboxEndpoint } from "./endpoint.ts";
import { respond } from "./pipeline.ts";
import { Router } from "./router.ts";
import { newServices } from "./services.ts";
import type { SandboxSettings } from "./settings.ts";
import type { Store } from "./store/store.ts";
import { Feed } from "./watch/feed.ts";

/** By the first word of their paths: each kind of report is loaded for who asks for it. */
const ENDPOINTS: Readonly<Record<string, () => Promise<readonly SandboxEndpoint[]>>> = {
  events: async () => (await import("./query/events.ts")).eventsEndpoints,
  segmentation: async () => (await import("./query/segmentation.ts")).segmentationEndpoints,
  retention: async () => (await import("./query/retention.ts")).retentionEndpoints,
  insights: async () => (await import("./query/insights.ts")).insightsEndpoints,
  arb_funnels: async () => (await import("./query/flows.ts")).flowEndpoints,
};

const KIND = /^\/api\/(?:query|2\.0)\/(\w+)/;

interface ReportServerOptions {
  store: Store;
  clock: Clock;
  settings: Partial<SandboxSettings>;
}

/** Answers a request to `http://127.0.0.1/api/query/…` with the credentials of the default project. */
export function reportServer({ store, clock, settings }: ReportServerOptions): (request: Request) => Promise<Response> {
  const services = newServices(store, clock, settings, new Feed(() => [], []));
  return async (request) => {
    const [, kind = ""] = KIND.exec(new URL(request.url).pathname) ?? [];
    const endpoints = Object.hasOwn(ENDPOINTS, kind) ? await ENDPOINTS[kind]!() : [];
    return await respond(request, "127.0.0.1", new Router(endpoints), services);
  };
}
