/** The files of a lake: those with events, the days that the manifest of an export gives them, and the profiles of a backup. */
import type { Context } from "../../../cli/context.ts";
import { storageAt } from "../../../cli/storage_at.ts";
import { readBackup } from "../../../jobs/backup/backup_manifest.ts";
import { readManifest } from "../../../jobs/export/manifest.ts";
import type { EventSource } from "../../../lake/lake.ts";
import type { LakeLayout } from "../../../lake/read_lake.ts";
import { recipeOf } from "../../../records/map/map_flags.ts";
import { OWN_FIELDS } from "../../../records/map/map_recipe.ts";
import { isPattern } from "../../../records/read/read_folders.ts";
import { openSources } from "../../../records/read/open_sources.ts";
import type { RecordSource } from "../../../records/read/record_source.ts";
import { fileInfo } from "../../../runtime/files/files.ts";
import { isRemoteAddress } from "../../../storage/registry.ts";
import { JsonScope } from "../../../streams/json/json_spans.ts";
import type { TableSchema } from "../../../streams/table/table_schema.ts";
import type { SourceFlags } from "./source_flags.ts";

export interface LakeFiles {
  events: EventSource[];
  /** Undefined where there is no backup, which would have them. */
  profiles?: RecordSource[];
  /** Columns that are not called as their properties are, by the names of these. */
  renamed: Record<string, string>;
}

/** The layout that flags say, with what the manifests of exports say of their columns. */
export function layoutOf(
  { preset, map }: Pick<SourceFlags, "preset" | "map">,
  { renamed }: Pick<LakeFiles, "renamed">,
): LakeLayout {
  const recipe = recipeOf({ kind: "events", preset, map });
  return {
    recipe: Object.keys(renamed).length === 0 ? recipe : { ...recipe, rename: { ...renamed, ...recipe.rename } },
  };
}

/** Properties that are fields of every event, and known as such by any name that an export gives them. */
const OWN_KEYS: ReadonlySet<string> = new Set(Object.values(OWN_FIELDS).flat());

const EVENTS = "events/", PROFILES = "profiles.jsonl.gz";

/** @throws MpError (input) for a path where nothing is or that cannot be read */
export async function lakeFiles(context: Context, paths: readonly string[]): Promise<LakeFiles> {
  const found: LakeFiles = { events: [], renamed: {} };
  for (const path of paths) {
    const folder = await isFolder(path) ? path.replace(/(.)\/+$/, "$1") : undefined;
    const backup = folder === undefined ? undefined : await readBackup(await storageAt(context, folder));
    if (backup === undefined) await addEvents(context, found, path, folder);
    else {
      await addEvents(context, found, `${folder}/${EVENTS}`, `${folder}/events`);
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

/** What `mp export` has written below a folder has days and columns; a table's manifest lies beside it. */
async function addEvents(
  context: Context,
  { events, renamed }: LakeFiles,
  path: string,
  folder: string | undefined,
): Promise<void> {
  const sources = await opened(context, path);
  const manifest = folder === undefined ? undefined : await readManifest(await storageAt(context, folder)) ??
    await readManifest(await storageAt(context, `${folder}.mp`));
  const files = new Map(manifest?.files.map((file) => [`${folder}/${file.path}`, file]));
  events.push(...sources.map((source) => {
    const file = files.get(source.name);
    return file === undefined ? source : { ...source, days: { from: file.from, to: file.to } };
  }));
  Object.assign(renamed, renamedColumns(manifest?.schema));
}

function renamedColumns(schema: TableSchema | undefined): Record<string, string> {
  return Object.fromEntries(
    schema?.columns.flatMap(({ name, source }) =>
      source === undefined || source.scope !== JsonScope.properties || OWN_KEYS.has(source.key)
        ? []
        : [[source.key, name]]
    ) ?? [],
  );
}

async function opened(context: Context, path: string): Promise<RecordSource[]> {
  return await openSources([path], context.stdin, { openStorage: (address) => storageAt(context, address) });
}
