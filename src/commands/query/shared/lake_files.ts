/** The files of a lake: those with events, the days that the manifest of an export gives them, and the profiles of a backup. */
import type { Context } from "../../../cli/context.ts";
import { storageAt } from "../../../cli/storage_at.ts";
import { readBackup } from "../../../jobs/backup/backup_manifest.ts";
import { readManifest } from "../../../jobs/export/manifest.ts";
import type { EventSource } from "../../../lake/lake.ts";
import { isPattern } from "../../../records/read/read_folders.ts";
import { openSources } from "../../../records/read/open_sources.ts";
import type { RecordSource } from "../../../records/read/record_source.ts";
import { fileInfo } from "../../../runtime/files/files.ts";
import { isRemoteAddress } from "../../../storage/registry.ts";

export interface LakeFiles {
  events: EventSource[];
  /** Undefined where there is no backup, which would have them. */
  profiles?: RecordSource[];
}

const EVENTS = "events/", PROFILES = "profiles.jsonl.gz";

/** @throws MpError (input) for a path where nothing is or that cannot be read */
export async function lakeFiles(context: Context, paths: readonly string[]): Promise<LakeFiles> {
  const found: LakeFiles = { events: [] };
  for (const path of paths) {
    const folder = await isFolder(path) ? path.replace(/(.)\/+$/, "$1") : undefined;
    const backup = folder === undefined ? undefined : await readBackup(await storageAt(context, folder));
    if (backup === undefined) found.events.push(...await eventSources(context, path, folder));
    else {
      found.events.push(...await eventSources(context, `${folder}/${EVENTS}`, `${folder}/events`));
      if (backup.parts.some(({ path, state }) => path === PROFILES && state !== "failed")) {
        found.profiles = [...found.profiles ?? [], ...await opened(context, `${folder}/${PROFILES}`)];
      }
    }
  }
  return found;
}

async function isFolder(path: string): Promise<boolean> {
  if (path === "-") return false;
  if (isRemoteAddress(path)) return !isPattern(path) && !/\.[a-z]+$/i.test(path);
  return (await fileInfo(path))?.isFolder === true;
}

/** What `mp export` has written below a folder has days; a table's manifest lies beside it. */
async function eventSources(context: Context, path: string, folder: string | undefined): Promise<EventSource[]> {
  const sources = await opened(context, path);
  if (folder === undefined) return sources;
  const manifest = await readManifest(await storageAt(context, folder)) ??
    await readManifest(await storageAt(context, `${folder}.mp`));
  if (manifest === undefined) return sources;
  const files = new Map(manifest.files.map((file) => [`${folder}/${file.path}`, file]));
  return sources.map((source) => {
    const file = files.get(source.name);
    return file === undefined ? source : { ...source, days: { from: file.from, to: file.to } };
  });
}

async function opened(context: Context, path: string): Promise<RecordSource[]> {
  return await openSources([path], context.stdin, { openStorage: (address) => storageAt(context, address) });
}
