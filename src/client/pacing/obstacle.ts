/** What keeps a request from being made now, and how that is said. */
import { MpError } from "../../errors.ts";
import type { QuotaName } from "../types.ts";
import { clockTime, formatWait } from "../wording.ts";
import type { LedgerKey } from "./ledger_store.ts";
import { QUOTAS, type QuotaWindow } from "./quotas.ts";
import type { AnnouncedLimits } from "./rate_limit_headers.ts";

/** Why there is no room now. */
export type Obstacle =
  | { kind: "used"; quota: QuotaName; window: QuotaWindow; freeAt: number }
  | { kind: "blocked"; quota: QuotaName; freeAt: number }
  | { kind: "running"; quota: QuotaName; limit: number };

/** The one that lasts longer. */
export function later(one: Obstacle | undefined, other: Obstacle): Obstacle {
  if (one === undefined || one.kind === "running" || other.kind === "running") return other;
  return one.freeAt >= other.freeAt ? one : other;
}

/** `queries are at their limit of 60 an hour`. */
export function reason(obstacle: Obstacle): string {
  const { unit } = QUOTAS[obstacle.quota];
  switch (obstacle.kind) {
    case "used":
      return `${unit} are at their limit of ${formatRate(obstacle.window)}`;
    case "blocked":
      return `the server takes no more ${unit} for now`;
    case "running":
      return `${unit} are at their limit of ${obstacle.limit} at a time`;
  }
}

/** The error for a request that is not made. */
export function noSlot(obstacle: Obstacle, key: LedgerKey, now: number): MpError {
  const whose = /^\d+$/.test(key.project) ? ` for project ${key.project}` : "";
  const details = { category: "rate_limited" as const, code: "quota_used" };
  const message = `Cannot ask ${key.host}${whose}: ${reason(obstacle)}, and nothing was sent`;
  const rest = "'mp limits' shows what has been used, and --no-pacing sends it anyway";
  if (obstacle.kind === "running") return new MpError(message, { ...details, hint: rest });
  const waitMs = obstacle.freeAt - now;
  return new MpError(message, {
    ...details,
    hint: `the next slot is at ${clockTime(obstacle.freeAt, now)} (in ${formatWait(waitMs)}); ${rest}`,
    retryAfterSeconds: Math.ceil(waitMs / 1000),
  });
}

/** `60 an hour`. */
function formatRate({ limit, windowMs }: QuotaWindow): string {
  const names: Record<number, string> = { 1000: "a second", 60_000: "a minute", 3_600_000: "an hour" };
  return `${limit} ${names[windowMs] ?? `within ${formatWait(windowMs)}`}`;
}

/** `60 an hour, 5 at a time`. */
export function formatLimits({ windows, concurrent }: AnnouncedLimits): string {
  const limits = windows.map(formatRate);
  if (concurrent !== undefined) limits.push(`${concurrent} at a time`);
  return limits.join(", ");
}
