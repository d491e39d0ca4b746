/** The newest requests and events, for whoever watches: the log, the page, and `mp events tail`. */
import { randomUUID } from "../../runtime/hash.ts";
import { meaningOf, problemOf } from "./meaning.ts";
import type { EventRow } from "../store/events.ts";
import type { ArrivedEvents, Outcome } from "./outcome.ts";

/** A request as it is shown. What it says comes from outside, and may hold anything. */
export interface WatchedRequest {
  /** Counted from 1. */
  number: number;
  timeMs: number;
  method: string;
  /** Without the query string, in which there may be credentials. */
  path: string;
  status: number;
  durationMs: number;
  /** What was done; see `meaningOf`. */
  meaning: string;
  /** What was not, and why. */
  problem?: string;
}

/** A stored event, counted from 1. */
export interface NumberedEvent {
  number: number;
  projectId: number;
  row: EventRow;
}

/** Reads events of a project by their rows; those that have been deleted are missing. */
type ReadRows = (projectId: number, rows: Iterable<number>) => Iterable<[row: number, event: EventRow]>;

/** What has come after the numbers that somebody has seen. */
export interface FeedNews {
  requests: readonly WatchedRequest[];
  events: readonly NumberedEvent[];
}

const MOST_REQUESTS = 500;
const MOST_EVENTS = 2000;

export class Feed {
  /** Another one after each start, so that a watcher notices that the numbers begin again. */
  readonly id: string = randomUUID();
  readonly #requests: WatchedRequest[] = [];
  /** With the number of the first event of each. */
  #events: (ArrivedEvents & { number: number })[] = [];
  readonly #listeners = new Set<(request: WatchedRequest) => void>();
  readonly #waiting = new Set<() => void>();
  #isClosed = false;
  lastRequest = 0;
  lastEvent = 0;

  /** @param stored events that were there before, the newest last */
  constructor(private readonly read: ReadRows = () => [], stored: readonly ArrivedEvents[] = []) {
    this.#take(stored);
  }

  add(request: Omit<WatchedRequest, "number" | "meaning" | "problem">, outcome: Outcome): void {
    this.#take(outcome.events);
    const problem = problemOf(outcome) ?? (request.status >= 400 ? "refused" : undefined);
    const watched = { number: ++this.lastRequest, ...request, meaning: meaningOf(outcome), problem };
    this.#requests.push(watched);
    if (this.#requests.length > MOST_REQUESTS) this.#requests.shift();
    for (const listener of this.#listeners) listener(watched);
    this.#wake();
  }

  #take(arrived: readonly ArrivedEvents[]): void {
    for (const events of arrived) {
      this.#events.push({ number: this.lastEvent + 1, ...events });
      this.lastEvent += events.count;
    }
    const first = this.#events.findIndex(({ number, count }) => number + count > this.lastEvent - MOST_EVENTS + 1);
    if (first > 0) this.#events = this.#events.slice(first);
  }

  since(request: number, event: number): FeedNews {
    return {
      requests: this.#requests.filter(({ number }) => number > request),
      events: this.#events.flatMap((arrived) => this.#eventsAfter(event, arrived)),
    };
  }

  #eventsAfter(
    seen: number,
    { number, projectId, firstRow, count }: ArrivedEvents & { number: number },
  ): NumberedEvent[] {
    const skipped = Math.max(seen, this.lastEvent - MOST_EVENTS) + 1 - number;
    const rows = Array.from({ length: count }, (_, index) => firstRow + index).slice(Math.max(skipped, 0));
    return Array.from(
      this.read(projectId, rows),
      ([row, event]) => ({ number: number + row - firstRow, projectId, row: event }),
    );
  }

  /** Calls `listener` with each request that has been answered, from now on. */
  onRequest(listener: (request: WatchedRequest) => void): void {
    this.#listeners.add(listener);
  }

  /** Resolves when there is news, when the time is over, and when nothing more will come. */
  async changed(waitMs: number): Promise<void> {
    if (this.#isClosed) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, waitMs);
      this.#waiting.add(wake);
    });
  }

  /** Lets nobody wait any more. */
  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
