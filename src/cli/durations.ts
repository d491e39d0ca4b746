/** Spans of time as people type them. */
import { z } from "zod";
import type { ParamMeta } from "../api/params.ts";

const UNITS_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const SPAN = /^(\d+(?:\.\d+)?)\s*([smhdw])$/;

/** `90s`, `5m`, `2h`, `1d` or `1w` in milliseconds; undefined for anything else. */
function parseDuration(text: string): number | undefined {
  const match = SPAN.exec(text.trim().toLowerCase());
  return match === null ? undefined : Number(match[1]) * (UNITS_MS[match[2] as string] as number);
}

/** A flag that takes a span of time; its value is in milliseconds. */
export const duration = (description: string, meta: ParamMeta = {}) =>
  z.string().refine((text) => (parseDuration(text) ?? 0) > 0, {
    error: (issue) => `${JSON.stringify(issue.input)} is not a span of time such as 30s, 5m, 2h or 1d`,
  })
    .transform((text) => parseDuration(text) as number)
    .meta({ placeholder: "SPAN", description, ...meta });
