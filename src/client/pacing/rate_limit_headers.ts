/** Reads the `RateLimit-Policy` and `RateLimit` headers. */
import type { QuotaWindow } from "./quotas.ts";

/** A server's own limits. */
export interface AnnouncedLimits {
  windows: QuotaWindow[];
  concurrent?: number;
}

/**
 * The limits of a policy such as `"project";q=60;w=3600, "project-concurrency";q=5;qu="concurrent-requests"`;
 * undefined when the header is missing or names no limit.
 */
export function announcedLimits(headers: Headers): AnnouncedLimits | undefined {
  const windows: QuotaWindow[] = [];
  let concurrent: number | undefined;
  for (const item of listItems(headers.get("ratelimit-policy"))) {
    const limit = wholeNumber(item.get("q"));
    const seconds = wholeNumber(item.get("w"));
    if (limit === undefined || limit === 0) continue;
    if (item.get("qu") === "concurrent-requests") concurrent = limit;
    else if (seconds !== undefined && seconds > 0) windows.push({ limit, windowMs: seconds * 1000 });
  }
  return windows.length === 0 && concurrent === undefined ? undefined : { windows, concurrent };
}

/** Milliseconds after which the limit that is used up frees something, when `RateLimit` says it (`t`). */
export function resetMs(headers: Headers): number | undefined {
  const times = listItems(headers.get("ratelimit"))
    .filter((item) => wholeNumber(item.get("r")) === 0)
    .map((item) => wholeNumber(item.get("t")))
    .filter((seconds) => seconds !== undefined);
  return times.length === 0 ? undefined : Math.max(...times) * 1000;
}

/** The parameters of each item of a structured-field list, without quotes. */
function listItems(header: string | null): Map<string, string>[] {
  if (header === null) return [];
  return splitOutsideQuotes(header, ",").map((item) => {
    const [, ...parameters] = splitOutsideQuotes(item, ";");
    return new Map(parameters.map((parameter): [string, string] => {
      const [name = "", value = ""] = parameter.split("=", 2);
      return [name.trim().toLowerCase(), value.trim().replace(/^"|"$/g, "")];
    }));
  });
}

function splitOutsideQuotes(text: string, separator: "," | ";"): string[] {
  const pattern = separator === "," ? /,(?=(?:[^"]*"[^"]*")*[^"]*$)/ : /;(?=(?:[^"]*"[^"]*")*[^"]*$)/;
  return text.split(pattern);
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
