/** What came of a request. Endpoints fill it in while they work; the log and the page show it. */

/** Events of one project that were stored together: rows of its table. */
export interface ArrivedEvents {
  projectId: number;
  firstRow: number;
  count: number;
}

export class Outcome {
  readonly events: ArrivedEvents[] = [];
  /** The names of these events, and how often each has come. */
  readonly names = new Map<string, number>();
  /** Operations on profiles that were carried out, such as `$set`, and how often. */
  readonly operations = new Map<string, number>();
  /** What was accepted and then dropped, by the reason, and how often. */
  readonly dropped = new Map<string, number>();
  /** What was refused, by the reason, and how often. */
  readonly refused = new Map<string, number>();
  /** What a query or an export asks for: `segmentation Purchase, 2026-01-01 to 2026-01-31`. */
  asked?: string;

  store(arrived: ArrivedEvents, names: ReadonlyMap<string, number>): void {
    this.events.push(arrived);
    for (const [name, count] of names) this.names.set(name, (this.names.get(name) ?? 0) + count);
  }

  operate(operation: string): void {
    increment(this.operations, operation);
  }

  /** Takes note of data for a token that no project has. Mixpanel answers as if it had been stored. */
  drop(token: string): void {
    increment(this.dropped, `no project has the token ${hiddenToken(token)}`);
  }

  /** Takes note of events that the project's data definitions throw away. */
  throwAway(count: number): void {
    const reason = "the project drops such events";
    if (count > 0) this.dropped.set(reason, (this.dropped.get(reason) ?? 0) + count);
  }

  refuse(reason: string): void {
    increment(this.refused, reason);
  }

  /** Takes note of why the whole request is refused; it may be the reason of one of its records. */
  refuseAll(reason: string): void {
    if (!this.refused.has(reason)) this.refuse(reason);
  }
}

/** An unknown token could be a real one that was left in by mistake: its first letters are enough to find it. */
function hiddenToken(token: string): string {
  return token.length <= 8 ? `${token.slice(0, 2)}…` : `${token.slice(0, 4)}…`;
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
