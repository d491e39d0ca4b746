/** The error for a word that is no command, with the nearest one that is. */
import { inputError, type MpError } from "../errors.ts";

export async function unknownCommand(typed: string, words: readonly string[], group: string): Promise<MpError> {
  const { nearest } = await import("../streams/nearest.ts");
  const near = nearest(typed, words);
  const prefix = group === "" ? "mp" : `mp ${group}`;
  return inputError(
    `Cannot run '${prefix} ${typed}': no such command`,
    near === undefined ? `see '${prefix} --help'` : `did you mean '${prefix} ${near}'?`,
    "unknown_command",
  );
}
