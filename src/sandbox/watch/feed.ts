/** The newest requests and events, for whoever watches: the log, the page, and `mp events tail`. */
import { randomUUID } from "../../runtime/hash.ts";
import { meaningOf, problemOf } from "./meaning.ts";
import type { ArrivedEvent, Outcome } from "./outcome.ts";

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
export type NumberedEvent = ArrivedEvent & { number: number };

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
  readonly #events: NumberedEvent[] = [];
  readonly #listeners = new Set<(request: WatchedRequest) => void>();
  readonly #waiting = new Set<() => void>();
  #isClosed = false;
  lastRequest = 0;
  lastEvent = 0;

  /** @param stored events that were there before, the newest last */
  constructor(stored: readonly ArrivedEvent[] = []) {
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

  #take(events: readonly ArrivedEvent[]): void {
    const kept = events.slice(-MOST_EVENTS);
    this.lastEvent += events.length - kept.length;
    for (const event of kept) this.#events.push({ number: ++this.lastEvent, ...event });
    if (this.#events.length > MOST_EVENTS) this.#events.splice(0, this.#events.length - MOST_EVENTS);
  }

  since(request: number, event: number): FeedNews {
    return {
      requests: this.#requests.filter(({ number }) => number > request),
      events: this.#events.filter(({ number }) => number > event),
    };
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
