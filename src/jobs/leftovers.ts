import { writeFault } from "../runtime/files/file_faults.ts";
import { removeFile } from "../runtime/files/files.ts";

/** Removes what a job does not need any more. When it cannot be removed, that is said, and is no failure of the job. */
export async function removeLeftovers(path: string, note: ((line: string) => void) | undefined): Promise<void> {
  try {
    await removeFile(path);
  } catch (error) {
    note?.(`Cannot remove ${JSON.stringify(path)}: ${writeFault(error)}`);
  }
}
