/** Writing a file that has its name only when it is whole. */
import { alsoFailed } from "../errors.ts";
import type { StoredFile } from "./storage.ts";

/**
 * Writes a file, and commits it when `write` is done; with `isWanted`, only where that says so of the result. Otherwise,
 * and when anything fails, the file is taken back.
 *
 * @throws the failure that came first. One to take the file back becomes part of its `cause`.
 */
export async function writeWhole<T>(
  file: StoredFile,
  write: (file: StoredFile) => Promise<T>,
  isWanted: (result: T) => boolean = () => true,
): Promise<T> {
  try {
    const result = await write(file);
    if (isWanted(result)) await file.commit();
    else await file.abort();
    return result;
  } catch (error) {
    throw await file.abort().then(() => error, (failure) => alsoFailed(error, failure));
  }
}
