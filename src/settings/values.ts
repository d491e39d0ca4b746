/** Checks of the plain settings, wherever they come from. `origin` is what the user would change: `--region`. */
import { inputError } from "../errors.ts";
import type { Region } from "../client/types.ts";

export const REGIONS = ["us", "eu", "in"] as const satisfies readonly Region[];

/** A region in any case. Throws an input error for another word. */
export function checkRegion(text: string, origin: string): Region {
  const region = REGIONS.find((one) => one === text.toLowerCase());
  if (region !== undefined) return region;
  throw inputError(`Cannot use ${origin} ${JSON.stringify(text)}: no such region`, "use us, eu or in", "bad_region");
}

/** A project or workspace id: digits. Throws an input error for anything else. */
export function checkId(text: string, origin: string): string {
  if (/^\d+$/.test(text)) return text;
  const hint = "ids are numbers; 'mp projects list' shows those of your projects";
  throw inputError(`Cannot use ${origin} ${JSON.stringify(text)}: not a numeric id`, hint, "bad_id");
}

/**
 * An `http` or `https` address without user and password, query and fragment; the final slash is removed.
 * Throws an input error, which does not repeat an address that could hold a password.
 */
export function checkBaseUrl(text: string, origin: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw inputError(`Cannot use ${origin}: it is not an http or https address`, "for example http://127.0.0.1:8080");
  }
  if (url.username !== "" || url.password !== "") {
    throw inputError(
      `Cannot use ${origin}: it holds a user name or password`,
      "set MP_USERNAME and MP_SECRET for those",
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw inputError(
      `Cannot use ${origin} ${JSON.stringify(text)}: it has a query or fragment`,
      "give origin and path",
    );
  }
  return url.href.replace(/\/+$/, "");
}
