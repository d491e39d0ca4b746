/**
 * The manifest of a project's backup, `_mp_backup.json`: which parts it has, and what became of each. The events have a
 * manifest of their own in their folder.
 */
import { inputError } from "../../errors.ts";
import { parseJson, stringifyJson } from "../../streams/json/json.ts";
import type { Storage } from "../../storage/storage.ts";

export const BACKUP_NAME = "_mp_backup.json";
/** The version of its form. A higher one is refused; fields may be added without a new version. */
const BACKUP_VERSION = 1;

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
export interface BackupFacts {
  host: string;
  project?: string;
  from_date: string;
  to_date: string;
}

export interface BackupManifest extends BackupFacts {
  mp_backup: typeof BACKUP_VERSION;
  /** The program that wrote it. */
  generator: string;
  /** Whether every part is there. */
  complete: boolean;
  updated_at: string;
  parts: BackupPartRecord[];
  /** What a project has besides, and Mixpanel's endpoints do not give or nobody asked for. */
  not_included: string[];
}

/**
 * The manifest of a folder; undefined when there is none.
 *
 * @throws MpError (input) when it is of another project, or of a later version.
 */
export async function readBackup(
  storage: Storage,
  facts: Pick<BackupFacts, "host" | "project">,
): Promise<BackupManifest | undefined> {
  const text = await storage.readText(BACKUP_NAME);
  if (text === undefined) return undefined;
  const manifest = parsed(text);
  if (manifest === undefined) throw refusal(storage, `its ${BACKUP_NAME} cannot be read`);
  if (manifest.mp_backup !== BACKUP_VERSION) throw refusal(storage, "a later version of mp has written it");
  if (manifest.host !== facts.host || manifest.project !== facts.project) {
    throw refusal(storage, `it is the backup of project ${manifest.project} on ${manifest.host}`);
  }
  return manifest;
}

export async function writeBackup(
  storage: Storage,
  manifest: Omit<BackupManifest, "mp_backup">,
): Promise<void> {
  await storage.writeText(BACKUP_NAME, stringifyJson({ mp_backup: BACKUP_VERSION, ...manifest }, 2) + "\n");
}

function parsed(text: string): BackupManifest | undefined {
  try {
    const value = parseJson(text) as BackupManifest;
    return typeof value.mp_backup === "number" && Array.isArray(value.parts) ? value : undefined;
  } catch {
    return undefined;
  }
}

function refusal(storage: Storage, state: string) {
  return inputError(
    `Cannot back up to ${JSON.stringify(storage.address)}: ${state}`,
    "choose another folder",
    "other_backup",
  );
}
