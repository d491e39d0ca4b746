/** What came of a request, in a few words. */
import type { Outcome } from "./outcome.ts";

const MOST_NAMES = 5;
export const LONGEST_NAME = 60;
const LONGEST_REASON = 300;

/** What was done: `3 events: Sign Up ×2, Purchase`. Empty when there is nothing to say. */
export function meaningOf({ names, operations, asked }: Outcome): string {
  return [
    counted(names, "event"),
    counted(operations, "profile update"),
    asked,
  ].filter((part) => part !== undefined).join("; ");
}

/** What was not done, and why: `2 refused: time, must be within the last 5 days`. Undefined when nothing was refused. */
export function problemOf({ refused, dropped }: Outcome): string | undefined {
  const parts = [
    ...[...dropped].map(([reason, count]) => `${count} dropped: ${reason}`),
    ...[...refused].map(([reason, count]) => `${count > 1 ? `${count} refused` : "refused"}: ${reason}`),
  ];
  return parts.length === 0 ? undefined : shortened(parts.join("; "), LONGEST_REASON);
}

function counted(counts: ReadonlyMap<string, number>, noun: string): string | undefined {
  if (counts.size === 0) return undefined;
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const names = [...counts].slice(0, MOST_NAMES).map(([name, count]) =>
    shortened(name, LONGEST_NAME) + (count > 1 ? ` ×${count}` : "")
  );
  if (counts.size > MOST_NAMES) names.push(`and ${counts.size - MOST_NAMES} more`);
  return `${total} ${noun}${total === 1 ? "" : "s"}: ${names.join(", ")}`;
}

/** The text if it is short enough, else its beginning. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}
