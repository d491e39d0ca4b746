/** What the endpoints of one emulator share, over a store. */
import type { Clock } from "../runtime/clock.ts";
import type { Services } from "./call.ts";
import { Faults } from "./faults.ts";
import { HotShards } from "./ingestion/hot_shards.ts";
import { ProfileSessions } from "./query/profile_sessions.ts";
import { Quotas } from "./quotas.ts";
import { DEFAULT_SETTINGS, type SandboxSettings } from "./settings.ts";
import type { Store } from "./store/store.ts";
import type { Feed } from "./watch/feed.ts";

/** Services that nobody has used yet; settings that are not given are the usual ones. */
export function newServices(store: Store, clock: Clock, settings: Partial<SandboxSettings>, feed: Feed): Services {
  const chosen: SandboxSettings = { ...DEFAULT_SETTINGS, ...settings };
  return {
    store,
    clock,
    settings: chosen,
    quotas: new Quotas(clock),
    faults: new Faults(chosen.faults),
    hotShards: new HotShards(),
    profileSessions: new ProfileSessions(clock, chosen.profileSessionMs),
    feed,
  };
}
