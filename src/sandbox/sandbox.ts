/** An emulator of Mixpanel's servers: a function from Request to Response over a store. */
import { type Clock, systemClock } from "../runtime/clock.ts";
import type { Services } from "./call.ts";
import { endpoints } from "./endpoints.ts";
import { Faults } from "./faults.ts";
import { respond } from "./pipeline.ts";
import { ProfileSessions } from "./query/profile_sessions.ts";
import { Quotas } from "./quotas.ts";
import { Router } from "./router.ts";
import { DEFAULT_SETTINGS, type SandboxSettings } from "./settings.ts";
import type { Store } from "./store/store.ts";

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
  /** Answers a request. `remoteAddress` is the sender's IP address. */
  handle(request: Request, remoteAddress: string): Promise<Response>;
}

export function createSandbox({ store, clock = systemClock, settings = {} }: SandboxOptions): Sandbox {
  const chosen: SandboxSettings = { ...DEFAULT_SETTINGS, ...settings };
  const services: Services = {
    store,
    clock,
    settings: chosen,
    quotas: new Quotas(clock),
    faults: new Faults(chosen.faults),
    profileSessions: new ProfileSessions(clock, chosen.profileSessionMs),
  };
  const router = new Router(endpoints);
  return {
    store,
    settings: chosen,
    handle: (request, remoteAddress) => respond(request, remoteAddress, router, services),
  };
}
