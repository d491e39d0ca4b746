/** An emulator of Mixpanel's servers: a function from Request to Response over a store. */
import { type Clock, systemClock } from "../runtime/clock.ts";
import { endpoints } from "./endpoints.ts";
import { respond } from "./pipeline.ts";
import { Router } from "./router.ts";
import { newServices } from "./services.ts";
import type { SandboxSettings } from "./settings.ts";
import type { Store } from "./store/store.ts";
import { Feed } from "./watch/feed.ts";
import type { ArrivedEvents } from "./watch/outcome.ts";

export interface SandboxOptions {
  store: Store;
  /** Default: the system's. */
  clock?: Clock;
  settings?: Partial<SandboxSettings>;
}

export interface Sandbox {
  readonly store: Store;
  /** May be changed while it runs. */
  readonly settings: SandboxSettings;
  /** What it is asked, and the events that it stores. */
  readonly feed: Feed;
  /** Answers a request. `remoteAddress` is the sender's IP address. */
  handle(request: Request, remoteAddress: string): Promise<Response>;
}

export function createSandbox({ store, clock = systemClock, settings = {} }: SandboxOptions): Sandbox {
  const feed = new Feed((projectId, rows) => store.events.at(projectId, rows), newestEvents(store));
  const services = newServices(store, clock, settings, feed);
  const router = new Router(endpoints);
  return {
    store,
    settings: services.settings,
    feed,
    handle: (request, remoteAddress) => respond(request, remoteAddress, router, services),
  };
}

const MOST_SHOWN = 50;

/** The newest events of a store that is opened, the newest last. */
function newestEvents(store: Store): ArrivedEvents[] {
  return store.projects.projects()
    .flatMap(({ id }) => {
      const { table } = store.events.of(id);
      return store.events.newest(id, MOST_SHOWN)
        .map((row) => ({ projectId: id, firstRow: row, count: 1, timeMs: table.timeAt(row) }));
    })
    .sort((a, b) => a.timeMs - b.timeMs)
    .slice(-MOST_SHOWN);
}
