/** The error for a word that is no command, with the nearest one that is. */
import { inputError, type MpError } from "../errors.ts";

/** The commands of this group are called as the questions whose statements they print, and those are meant. */
const STATEMENTS = "sql ";

/**
 * @param words what may stand in its place
 * @param commands the names of all commands: the word may be that of one in another group
 */
export async function unknownCommand(
  typed: string,
  words: readonly string[],
  group: string,
  commands: readonly string[] = [],
): Promise<MpError> {
  const { nearest } = await import("../streams/nearest.ts");
  const near = nearest(typed, words);
  const prefix = group === "" ? "mp" : `mp ${group}`;
  const elsewhere = commands.filter((name) => name.endsWith(` ${typed}`) && !name.startsWith(STATEMENTS));
  const meant = near !== undefined ? `${prefix} ${near}` : elsewhere.length === 1 ? `mp ${elsewhere[0]}` : undefined;
  return inputError(
    `Cannot run '${prefix} ${typed}': no such command`,
    meant === undefined ? `see '${prefix} --help'` : `did you mean '${meant}'?`,
    "unknown_command",
  );
}

/** The error for a command's flag that stands where only global ones may: before the command's name. */
export function misplacedFlag(flag: string, group: string): MpError {
  const prefix = group === "" ? "mp" : `mp ${group}`;
  return inputError(
    `Cannot use ${flag} after '${prefix}': it is not a global flag`,
    `write it after the whole name: ${prefix} <command> ${flag}; see '${prefix} --help'`,
    "usage",
  );
}
