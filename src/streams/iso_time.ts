/** Points in time as ISO 8601 texts in UTC. Times are milliseconds since 1970. */

/** `2026-01-31`. */
export function isoDay(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

/** `2026-01-31T08:30:00`: whole seconds, without a time zone. */
export function isoSeconds(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 19);
}
