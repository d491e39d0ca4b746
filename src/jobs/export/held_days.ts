/** Which days an exported folder holds, final. */
import type { Storage } from "../../storage/storage.ts";
import { type DayRange, daysWithout } from "./days.ts";
import type { Manifest, ManifestFile } from "./manifest.ts";

/** Days that one request may have brought together with others. */
interface Fetched extends DayRange {
  together?: DayRange;
}

/** The files of a manifest that are there in the size that it says. */
export async function filesThere(storage: Storage, files: readonly ManifestFile[]): Promise<ManifestFile[]> {
  const sizes = new Map<string, number>();
  for await (const { path, sizeBytes } of storage.list()) sizes.set(path, sizeBytes);
  return files.filter(({ path, bytes }) => sizes.get(path) === bytes);
}

/**
 * Those that can stay when others are fetched again. What one request has brought was taken apart by UTC, and the
 * project's days need not be those of UTC: all of it has all events of its days, which cannot be said of a part.
 */
export function withWholeRequests<T extends Fetched>(fetched: readonly T[]): T[] {
  const byRequest = new Map<string, T[]>();
  for (const one of fetched) {
    const key = nameOf(one);
    const others = byRequest.get(key);
    if (others === undefined) byRequest.set(key, [one]);
    else others.push(one);
  }
  const broken = new Set<string>();
  for (const [key, parts] of byRequest) {
    const { together } = parts[0] as T;
    if (together !== undefined && daysWithout(together, parts).length > 0) broken.add(key);
  }
  return fetched.filter((one) => !broken.has(nameOf(one)));
}

/** The days of its query that a manifest lists no file for. */
export function daysWithoutFile({ query, files }: Pick<Manifest, "query" | "files">): DayRange[] {
  return daysWithout({ from: query.from_date, to: query.to_date }, files);
}

function nameOf({ together }: Fetched): string {
  return together === undefined ? "" : `${together.from}_${together.to}`;
}
