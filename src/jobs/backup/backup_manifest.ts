/**
 * The manifest of a project's backup, `_mp_backup.json`: which parts it has, and what became of each. The events have a
 * manifest of their own in their folder.
 */
import { z } from "zod";
import type { Storage } from "../../storage/storage.ts";
import { readState, type StateFormat, storedState, unusableState, writeState } from "../state_file.ts";

const BACKUP_NAME = "_mp_backup.json";

export interface BackupPartRecord {
  name: string;
  /** In the folder; a folder of its own ends in a slash. */
  path: string;
  /** `partial` is there and known to be less than all. */
  state: "done" | "partial" | "failed";
  records?: number;
  /** Why it is not whole. */
  reason?: string;
  finished_at: string;
}

/** Whose backup it is, and of which days. */
export interface BackupInfo {
  host: string;
  project?: string;
  from_date: string;
  to_date: string;
}

export interface BackupManifest extends BackupInfo {
  /** The program that wrote it. */
  generator: string;
  /** Whether every part is there. */
  complete: boolean;
  updated_at: string;
  parts: BackupPartRecord[];
  /** What a project has besides, and Mixpanel's endpoints do not give or nobody asked for. */
  not_included: string[];
}

const BACKUP: StateFormat<BackupManifest> = {
  marker: "mp_backup",
  version: 1,
  hint: "choose another folder",
  code: "other_backup",
  indent: 2,
  schema: () =>
    z.object({
      host: z.string(),
      project: z.string().optional(),
      from_date: z.string(),
      to_date: z.string(),
      complete: z.boolean(),
      parts: z.array(z.object({ name: z.string(), path: z.string(), state: z.string() })),
    }),
};

/**
 * The manifest of a folder; undefined when there is none.
 *
 * @param info whose it has to be; default anybody's
 * @throws MpError (input) when it is of another project, or of a later version.
 */
export async function readBackup(
  storage: Storage,
  info?: Pick<BackupInfo, "host" | "project">,
): Promise<BackupManifest | undefined> {
  const place = storedState(storage, BACKUP_NAME);
  const manifest = await readState(place, BACKUP);
  if (info === undefined) return manifest;
  if (manifest !== undefined && (manifest.host !== info.host || manifest.project !== info.project)) {
    throw unusableState(place, BACKUP, `it is the backup of project ${manifest.project} on ${manifest.host}`);
  }
  return manifest;
}

export async function writeBackup(storage: Storage, manifest: BackupManifest): Promise<void> {
  await writeState(storedState(storage, BACKUP_NAME), BACKUP, manifest);
}
