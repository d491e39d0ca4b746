/** What a copy keeps in its folder, which may be one of the user's with other things in it. */
import { join, removeAtomically, removeFile } from "../../runtime/files/files.ts";

export const STATE_FILE = "state.json";
export const REJECTS_FILE = "rejects.jsonl";

const FETCHED = "mp_fetched";

/** Where events are that wait for their import. */
export function spoolFolder(folder: string): string {
  return join(folder, FETCHED, "events");
}

/** Where profiles are until all of them are in the target. */
export function profilesFolder(folder: string): string {
  return join(folder, FETCHED);
}

/** Removes what has been fetched, then the state: without it, nobody would know what the rest belongs to. */
export async function clearFolder(folder: string): Promise<void> {
  await removeFile(join(folder, FETCHED));
  await removeAtomically(join(folder, STATE_FILE));
}
