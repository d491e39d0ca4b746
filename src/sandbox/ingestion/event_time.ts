/** When an event happened, from what clients send. */
import { ZoneClock } from "../../expressions/moment.ts";
import type { Project } from "../store/projects.ts";

/** Larger numbers count milliseconds: as seconds they would lie beyond the year 5000. */
const MOST_SECONDS = 1e11;

/** Milliseconds since 1970 from a number of seconds or milliseconds, or its text; undefined for anything else. */
export function eventTimeMs(time: unknown): number | undefined {
  const number = typeof time === "string" && /^\d+(?:\.\d+)?$/.test(time) ? Number(time) : time;
  if (typeof number !== "number" || !Number.isFinite(number)) return undefined;
  return Math.round(number < MOST_SECONDS ? number * 1000 : number);
}

type ProjectClock = Pick<Project, "timeZone" | "storesLocalTime">;

/**
 * The time as the project stores it. Projects made before 2023 store the local clock of their zone, counted as if it
 * were UTC.
 */
export function storedTimeMs(timeMs: number, project: ProjectClock): number {
  return project.storesLocalTime ? zoneClock(project.timeZone).toLocalMs(timeMs) : timeMs;
}

/** The zone whose clock cuts stored times into days. */
export function storedZone(project: ProjectClock): string {
  return project.storesLocalTime ? "UTC" : project.timeZone;
}

const clocks = new Map<string, ZoneClock>();

function zoneClock(timeZone: string): ZoneClock {
  let clock = clocks.get(timeZone);
  if (clock === undefined) clocks.set(timeZone, clock = new ZoneClock(timeZone));
  return clock;
}
