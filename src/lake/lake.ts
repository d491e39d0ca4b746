/** A folder, file or bucket of events that answers questions, as Mixpanel's query API would. */
import { dayAt } from "../analytics/calendar.ts";
import { inputError } from "../errors.ts";
import type { Clock } from "../runtime/clock.ts";
import type { RecordSource } from "../records/read/record_source.ts";
import { SANDBOX, seedDefaults } from "../sandbox/defaults.ts";
import { reportServer } from "../sandbox/report_server.ts";
import type { Project } from "../sandbox/store/projects.ts";
import { openStore, type Store } from "../sandbox/store/store.ts";
import { LakeEvents } from "./lake_events.ts";
import { type Asked, askedBy, type Needs, needsOf } from "./needs.ts";
import { readProfiles } from "./read_profiles.ts";
import { type LakeLayout, type ReadingFaults, readLake } from "./read_lake.ts";

const DAY_MS = 86_400_000;

/** A file with events and, where that is known, the days of the project that it has. */
export interface EventSource extends RecordSource {
  days?: { from: string; to: string };
}

export interface LakeOptions {
  /** As messages call it. */
  name: string;
  /** The files with events, all of them. */
  events: readonly EventSource[];
  /** Those with profiles of users, where there are any. */
  profiles?: readonly RecordSource[];
  layout: LakeLayout;
  /** IANA name of the zone by whose clock days are cut. */
  timeZone: string;
  clock: Clock;
  /** Threads that read at the same time, at most. Default: as many as there are cores. */
  threads?: number;
  signal: AbortSignal;
  /** Told what was read for a question. */
  onRead(reading: Reading): Promise<void>;
}

/** What was read for a question. */
export interface Reading extends ReadingFaults {
  /** Events that were looked at, and those of them that are of the days. */
  read: number;
  within: number;
  /** Files that were read, and all there are. */
  files: number;
  allFiles: number;
  /** Days with events, the first and the last of them; undefined when there is none. */
  days?: { count: number; first: string; last: string };
  identities: number;
  milliseconds: number;
}

/** The store of a question, and what it was filled for. */
interface Filled {
  store: Store;
  needs: Needs;
  events: LakeEvents;
  answer(request: Request): Promise<Response>;
}

export class Lake {
  #filled: Filled | undefined;

  constructor(private readonly options: LakeOptions) {}

  /** The names of events in what was read last, and of properties in the lake, as far as they are known. */
  get names(): { events: string[]; properties: string[] } {
    const { events } = this.#filled ?? {};
    return { events: events?.names ?? [], properties: [...events?.properties ?? []] };
  }

  /**
   * Answers a request of the query API.
   *
   * @throws MpError (input) for what files cannot answer, and for files that cannot be read
   */
  async answer(request: Request): Promise<Response> {
    const asked = await askedBy(request.clone());
    const needs = needsOf(asked, this.options.timeZone, this.options.clock.now());
    if (this.#filled === undefined || !covers(this.#filled, needs)) {
      this.close();
      this.#filled = await this.#fill(asked, needs);
    }
    return await this.#filled.answer(request);
  }

  close(): void {
    this.#filled?.store.close();
    this.#filled = undefined;
  }

  async #fill(asked: Asked, needs: Needs): Promise<Filled> {
    const { name, profiles, layout, timeZone, clock, signal } = this.options;
    if (needs.users && profiles === undefined) {
      throw inputError(
        `Cannot ask ${name} about properties of users: it has no profiles`,
        "a backup that 'mp export all' makes has them: name its folder with --source",
        "no_profiles",
      );
    }
    const startedMs = performance.now();
    const store = openStore(":memory:");
    seedDefaults(store, { timeZone });
    const project = store.projects.project(SANDBOX.projectId) as Project;
    const events = new LakeEvents(store.events.table(project.id), needs, { store, project });
    const sources = this.options.events.filter((source) => mayMatter(source, needs));
    const faults = await readLake(sources, events, layout, {
      asked,
      timeZone,
      nowMs: clock.now(),
      threads: this.options.threads,
      signal,
    });
    if (needs.users) await readProfiles(profiles ?? [], store, project.id, signal);
    const { read, within, firstMs, lastMs, joined } = events;
    const days = within === 0 ? undefined : daysOf(firstMs, lastMs, timeZone);
    const milliseconds = performance.now() - startedMs;
    await this.options.onRead({
      ...faults,
      read,
      within,
      files: sources.length,
      allFiles: this.options.events.length,
      days,
      identities: joined,
      milliseconds,
    });
    const recentDays = within === 0 ? 1 : Math.max(1, Math.ceil((clock.now() - firstMs) / DAY_MS) + 1);
    return { store, needs, events, answer: reportServer({ store, clock, settings: { recentDays } }) };
  }
}

/** Whether a file may have events of the days: the clock of its project may be a day apart from that of the question. */
function mayMatter({ days }: EventSource, { fromMs, toMs }: Needs): boolean {
  if (days === undefined) return true;
  return Date.parse(days.to) + 2 * DAY_MS > fromMs && Date.parse(days.from) - DAY_MS < toMs;
}

function daysOf(firstMs: number, lastMs: number, timeZone: string): Reading["days"] {
  const [first, last] = [dayAt(firstMs, timeZone), dayAt(lastMs, timeZone)];
  return { count: first.until(last).days + 1, first: first.toString(), last: last.toString() };
}

/** Whether what was read for one question is enough for another. */
function covers({ needs, events }: Filled, other: Needs): boolean {
  if (other.fromMs < needs.fromMs || other.toMs > needs.toMs || (other.users && !needs.users)) return false;
  if (other.people && !needs.people) return false;
  const hasEvents = needs.events === undefined ||
    (other.events !== undefined && [...other.events].every((event) => needs.events?.has(event)));
  return hasEvents && [...events.properties].every((property) => !other.wants(property) || needs.wants(property));
}
