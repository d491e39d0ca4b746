/** Numbers of reports, counted from the events themselves by other means than those of `mp` and of its emulator. */
import assert from "node:assert/strict";
import { dayBefore, type SandboxProcess } from "../sandbox_process.ts";
import type { Place, StoredEvent } from "./walk.ts";

/** What the server has of the last sixty days, asked without `mp`. */
export async function fetchEvents({ url, env }: SandboxProcess): Promise<StoredEvent[]> {
  const days = `from_date=${dayBefore(59)}&to_date=${dayBefore(0)}&project_id=${env.MP_PROJECT_ID}`;
  const response = await fetch(`${url}/api/2.0/export?${days}`, {
    headers: { authorization: `Basic ${btoa(`${env.MP_USERNAME}:${env.MP_SECRET}`)}` },
  });
  assert.equal(response.status, 200);
  return (await response.text()).split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

const dayOf = ({ properties }: StoredEvent): string => new Date(properties.time * 1000).toISOString().slice(0, 10);

/** The events of the days from so many before today to so many before today, both included. */
export function between({ events }: Place, first: number, last: number, name?: string): StoredEvent[] {
  const [from, to] = [dayBefore(first), dayBefore(last)];
  return events.filter((one) => dayOf(one) >= from && dayOf(one) <= to && (name === undefined || one.event === name));
}

export const usersOf = (events: readonly StoredEvent[]): number =>
  new Set(events.map(({ properties }) => properties.distinct_id)).size;

export const amountsOf = (events: readonly StoredEvent[]): number[] =>
  events.map(({ properties }) => properties.amount).filter((amount) => typeof amount === "number");

export const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** The number that a pattern finds on a screen, without its separators. */
export function numberOn(shown: string, pattern: RegExp): number {
  const [, found] = pattern.exec(shown) ?? [];
  assert.ok(found !== undefined, `${pattern} is not on the screen:\n${shown}`);
  return Number(found.replaceAll(",", ""));
}

/** How many people took the steps in this order within the window of their first entry. */
export function funnelCounts(
  events: readonly StoredEvent[],
  steps: readonly string[],
  windowSeconds: number,
): number[] {
  const counts = steps.map(() => 0);
  const byUser = Map.groupBy(events, ({ properties }) => properties.distinct_id);
  for (const own of byUser.values()) {
    const ordered = own.toSorted((one, other) => one.properties.time - other.properties.time);
    // The first event of the first step, and the window from then on; two seconds apart is simultaneous.
    const entry = ordered.find(({ event }) => event === steps[0]);
    const done = entry === undefined ? [] : [entry];
    while (done.length > 0 && done.length < steps.length) {
      const next = ordered.find((one) =>
        one.event === steps[done.length] && !done.includes(one) &&
        one.properties.time >= done.at(-1)!.properties.time - 2 &&
        one.properties.time - entry!.properties.time <= windowSeconds
      );
      if (next === undefined) break;
      done.push(next);
    }
    for (let step = 0; step < done.length; step++) counts[step]!++;
  }
  return counts;
}
