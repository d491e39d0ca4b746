/** Profile queries that can be paged through: the ids that matched when the query came. */
import type { Clock } from "../../runtime/clock.ts";
import { randomUUID } from "../../runtime/hash.ts";

/** Sessions in memory at a time; the oldest goes first. */
const MOST_SESSIONS = 100;

export interface ProfileSession {
  id: string;
  projectId: number;
  groupKey: string;
  distinctIds: readonly string[];
  pageSize: number;
  startedMs: number;
}

export class ProfileSessions {
  readonly #sessions = new Map<string, ProfileSession>();

  constructor(private readonly clock: Clock, private readonly lifetimeMs: number) {}

  start(found: Pick<ProfileSession, "projectId" | "groupKey" | "distinctIds" | "pageSize">): ProfileSession {
    const startedMs = this.clock.now();
    const id = `${Math.floor(startedMs / 1000)}-${randomUUID().replaceAll("-", "").slice(0, 6)}`;
    const session = { ...found, id, startedMs };
    this.#sessions.set(id, session);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > MOST_SESSIONS) this.#sessions.delete(oldest);
    return session;
  }

  /** A project's session, or undefined when it never was, or is over. */
  find(id: string, projectId: number): ProfileSession | undefined {
    const session = this.#sessions.get(id);
    if (session === undefined || session.projectId !== projectId) return undefined;
    return this.clock.now() - session.startedMs < this.lifetimeMs ? session : undefined;
  }
}
