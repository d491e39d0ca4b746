/** The answer to a change, which is given once: where it cannot be printed as it was asked for, it goes elsewhere. */
import { ClosedPipeError, MpError } from "../errors.ts";
import { ensureLineEnd } from "../output/json.ts";
import { cleanForTerminal } from "../output/clean.ts";
import { join, makeFolder, writeFileAtomically } from "../runtime/files/files.ts";
import type { Context } from "./context.ts";

/** Beside what else `mp` keeps for this user. */
const FOLDER = "answers";

/**
 * Writes the answer to standard error or, where that fails, to a file that only this user can read.
 *
 * @param cause why it could not be printed
 * @param isRepeatable whether to make the change once more would change nothing more
 * @returns the error to end with, which says that the change was made, and where its answer is; undefined where nobody
 * reads standard output, which is no error.
 */
export async function keepAnswer(
  context: Context,
  text: string,
  cause: unknown,
  isRepeatable = false,
): Promise<MpError | undefined> {
  const isUnread = cause instanceof ClosedPipeError;
  const { stderr } = context;
  const answer = ensureLineEnd(stderr.isTerminal ? cleanForTerminal(text) : text);
  try {
    if (stderr.isClosed) throw new ClosedPipeError();
    await stderr.write(isUnread ? `Done; nobody reads standard output, so here is the answer:\n${answer}` : answer);
    return isUnread ? undefined : doneError(cause, "its answer is above", isRepeatable);
  } catch {
    // expected: any fault of standard error, since there is a file for that
    return doneError(cause, `its answer is in ${await writePrivately(context, text)}`, isRepeatable);
  }
}

async function writePrivately(context: Context, text: string): Promise<string> {
  const { stateFolder } = await context.settings();
  const folder = join(stateFolder, FOLDER);
  await makeFolder(folder, 0o700);
  const path = join(folder, `${new Date(context.clock.now()).toISOString().replaceAll(":", "-")}.json`);
  await writeFileAtomically(path, ensureLineEnd(text), { mode: 0o600 });
  return path;
}

function doneError(cause: unknown, place: string, isRepeatable: boolean): MpError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MpError(`${reason}; what was asked for has been done, and ${place}`, {
    category: "failure",
    code: "done_not_printed",
    hint: isRepeatable
      ? "there is no need to run the same command again; it would change nothing more"
      : "do not run the same command again: it would be done twice",
    cause,
  });
}
