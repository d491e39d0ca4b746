/** The days of a backup: those that are asked for, and those that its folder has already. */
import { inputError } from "../../errors.ts";
import { addDays, type DayRange } from "../export/days.ts";
import { readManifest } from "../export/manifest.ts";
import type { Storage } from "../../storage/storage.ts";
import { type BackupInfo, readBackup } from "./backup_manifest.ts";
import { isoDay } from "../../streams/iso_time.ts";

export interface WantedDays {
  /** Default: the first day that the folder has. */
  from?: string;
  /** Default: yesterday, the last whole day. */
  to?: string;
  /** Leaves days out that are there and were not asked for. */
  restart: boolean;
  nowMs: number;
}

/**
 * The range of a backup, without a gap: days that are there stay in it, so that one that is renewed grows.
 *
 * @param events where its events are
 * @throws MpError (input) when there is nothing to begin with, or the folder holds something else.
 */
export async function backupRange(
  storage: Storage,
  events: Storage,
  info: Pick<BackupInfo, "host" | "project">,
  { from, to, restart, nowMs }: WantedDays,
): Promise<DayRange> {
  const backup = await readBackup(storage, info);
  const there = (await readManifest(events))?.query;
  const first = from ?? there?.from_date ?? backup?.from_date;
  if (first === undefined) {
    throw inputError(
      `Cannot back up to ${JSON.stringify(storage.address)}: it has no backup yet, and no days are given`,
      "say where to begin with --from DAY, or add --last 30d; later runs need not",
      "no_range",
    );
  }
  const last = to ?? addDays(isoDay(nowMs), -1);
  if (last < first) {
    throw inputError(`Cannot back up from ${first} to ${last}: it ends before it begins`, "begin earlier with --from");
  }
  if (there === undefined || restart) return { from: first, to: last };
  return {
    from: there.from_date < first ? there.from_date : first,
    to: there.to_date > last ? there.to_date : last,
  };
}
