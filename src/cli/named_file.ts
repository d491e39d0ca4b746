/** Files that are named on the command line and read whole, such as scripts and bodies. */
import { inputError } from "../errors.ts";
import { readFault } from "../runtime/files/file_faults.ts";
import { readTextFile } from "../runtime/files/files.ts";
import type { Input } from "../runtime/standard_streams.ts";

/**
 * The text of a file.
 *
 * @param action what cannot be done without it, for the message
 * @throws MpError (input) when it is not there or cannot be read
 */
export async function readNamedFile(path: string, action = `read ${JSON.stringify(path)}`): Promise<string> {
  const text = await readTextFile(path).catch((cause) => {
    const state = readFault(cause);
    if (state === undefined) throw cause;
    throw inputError(`Cannot ${action}: ${state}`, undefined, "unreadable_file");
  });
  if (text !== undefined) return text;
  throw inputError(`Cannot ${action}: no such file`, undefined, "missing_file");
}

/**
 * The text of a file, or of standard input for `-`.
 *
 * @throws MpError (input) when it is not there or cannot be read, and for `-` where nothing is piped in.
 */
export async function readNamedText(path: string, stdin: Input): Promise<string> {
  if (path !== "-") return await readNamedFile(path);
  if (stdin.isTerminal) throw inputError("Cannot read standard input: nothing is piped in", undefined, "no_input");
  return await new Response(stdin.stream()).text();
}
