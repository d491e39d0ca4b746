/** Copies profiles of users or of groups: all of them are fetched first, and then set in the target. */
import { updateGroups } from "../../api/groups.ts";
import { GROUPS, USERS } from "../../api/profile_updates.ts";
import { updateProfiles as updateUsers } from "../../api/profiles.ts";
import { fileInfo, join, makeFolder, readFileStream, removeFile } from "../../runtime/files/files.ts";
import { gunzip } from "../../runtime/compression/gzip.ts";
import { exportProfiles } from "../profiles/export_profiles.ts";
import { SILENT_PROGRESS } from "../progress.ts";
import { storedTarget } from "../target.ts";
import { localStorage } from "../../storage/files/local.ts";
import { sendProfileUpdates } from "../profiles/update_profiles.ts";
import { writingFile } from "../../runtime/files/write_fault.ts";
import { profilesFolder } from "./copy_folder.ts";
import { type CopyContext, copyPart } from "./copy_part.ts";
import type { CopiedPart } from "./copy_state.ts";
import { profileRewriter } from "./profile_rewriter.ts";

/** A type of group: the property that its groups are called by, and its id in the source. */
export interface GroupType {
  key: string;
  dataGroupId: string;
}

const CONCURRENCY = 8;

/**
 * Copies the profiles that an earlier run has not copied. Properties that are only in the target stay.
 *
 * @throws DeliveryStoppedError when the target cannot be written to, MpError when the source cannot be read.
 */
export async function copyProfiles(context: CopyContext, group?: GroupType): Promise<CopiedPart> {
  const { target, state } = context;
  const folder = profilesFolder(context.folder);
  // With its id: when that was wrong, what has been copied is not what is wanted.
  const name = group === undefined ? "profiles" : `groups of type ${group.key} (${group.dataGroupId})`;
  const earlier = state.partOf(name);
  if (earlier !== undefined) return earlier;
  const file = group === undefined ? "profiles.jsonl.gz" : `groups_${group.dataGroupId}.jsonl.gz`;
  const path = join(folder, file);
  const info = await fileInfo(path);
  if (info === undefined) await fetchProfiles(context, folder, file, group);
  const fetched = info ?? await fileInfo(path);
  const copied = await copyPart(context, {
    name,
    version: `${fetched?.sizeBytes} ${fetched?.modifiedMs}`,
    lines: () => gunzip(readFileStream(path)),
    ...profileRewriter(group?.key),
    readWith: { command: group === undefined ? "profiles batch" : "groups batch" },
  }, (blocks, options) =>
    sendProfileUpdates(target, group === undefined ? updateUsers : updateGroups, blocks, {
      ...options,
      kind: group === undefined ? USERS : GROUPS,
      ip: false,
      onlyRepeatable: true,
    }));
  await removeFile(path);
  return copied;
}

async function fetchProfiles(context: CopyContext, folder: string, file: string, group?: GroupType): Promise<void> {
  const { source, clock, signal, onNote, progress } = context;
  await writingFile(folder, makeFolder(folder, 0o700));
  await exportProfiles(source, {
    query: group === undefined ? {} : { data_group_id: group.dataGroupId },
    form: { format: "jsonl", compression: "gzip" },
    target: storedTarget(localStorage(folder), file),
    stateFolder: join(folder, `${file}.mp-export`),
  }, {
    clock,
    signal,
    concurrency: CONCURRENCY,
    onNote,
    // They count when they are copied.
    progress: { ...SILENT_PROGRESS, wait: (wait) => progress.wait(wait) },
  });
}
