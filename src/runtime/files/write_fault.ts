/** Faults of the files that a job writes, in words. */
import { ClosedPipeError, inputError, MpError } from "../../errors.ts";
import { fileFault, writeFault } from "./file_faults.ts";

/** Waits for something that is done to a file; a fault of the file becomes an error that names it, with the hint if any. */
export async function writingFile<T>(path: string, action: Promise<T>, hint?: string): Promise<T> {
  try {
    return await action;
  } catch (cause) {
    if (cause instanceof MpError || cause instanceof ClosedPipeError) throw cause;
    const message = `Cannot write ${JSON.stringify(path)}: ${writeFault(cause)}`;
    const code = "unwritable_file";
    if (isMachines(cause) || fileFault(cause) === undefined) {
      throw new MpError(message, { category: "failure", code, hint, cause });
    }
    throw inputError(message, hint, code);
  }
}

/** Whether another file would fare no better. */
function isMachines(cause: unknown): boolean {
  return /^(ENOSPC|EDQUOT|EMFILE|ENFILE|EIO)$/.test((cause as { code?: string } | undefined)?.code ?? "");
}
