/** Which items a script begins with: it plans in the interpreter, and the sandbox fetches them. */

/** Of `Events()`. */
export interface EventsSource {
  kind: "events";
  fromDay: string;
  toDay: string;
  selectors?: unknown;
}

/** Of `People()`. */
export interface PeopleSource {
  kind: "people";
  selectors?: unknown;
}

/** Of `join()`. */
export interface JoinSource {
  kind: "join";
  events: EventsSource;
  people: PeopleSource;
  type: "full" | "left" | "right" | "inner";
  selectors?: unknown;
}

export type JqlSource = EventsSource | PeopleSource | JoinSource;
