/** Where an agent may write: new files in one folder, and nowhere else. */
import { inputError } from "../../../errors.ts";
import { fileInfo, join, realPath } from "../../../runtime/files/files.ts";

/**
 * The path of a new file.
 *
 * @param name a name without folders
 * @throws MpError (input) for anything that leads out of the folder, and for a file that is there.
 */
export async function newFileIn(folder: string, name: unknown): Promise<string> {
  if (typeof name !== "string" || !/^[\p{L}\p{N}_][\p{L}\p{N}_. -]*$/u.test(name) || /[. ]$/.test(name)) {
    throw inputError(
      `Cannot write ${JSON.stringify(name) ?? "a file"}: it must be a plain name without folders`,
      "such as events.jsonl.gz; it goes into the folder that the server was started with",
      "bad_file",
    );
  }
  const inside = await realPath(folder);
  const path = join(inside, name);
  if (await realPath(path) !== path) {
    throw inputError(`Cannot write ${name}: it is a link`, "choose another name", "bad_file");
  }
  if (await fileInfo(path) !== undefined) {
    throw inputError(`Cannot write ${name}: it is there already`, "choose another name", "file_exists");
  }
  return path;
}

/** @throws MpError (input) where there is no such folder. */
export async function checkFolder(folder: string): Promise<void> {
  if ((await fileInfo(folder))?.isFolder) return;
  throw inputError(
    `Cannot use --files ${JSON.stringify(folder)}: there is no such folder`,
    `make it first: mkdir -p ${folder}`,
    "bad_folder",
  );
}
