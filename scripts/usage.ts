/** How the scripts that take flags are used: what is wrong is said in a line, with exit code 3. */
import process from "node:process";
import { parseArgs, type ParseArgsConfig } from "node:util";

/** Reads the flags of this process. `--help` prints the usage and ends; so does a flag that is not there, with 3. */
export function readOptions<const T extends ParseArgsConfig>(
  usage: string,
  config: T,
): ReturnType<typeof parseArgs<T>> {
  if (process.argv.slice(2).some((word) => word === "--help" || word === "-h")) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    // What parseArgs throws for a wrong command line; everything else is a fault of the config.
    if (!(error instanceof TypeError && String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS_"))) {
      throw error;
    }
    return refuse(`Cannot read the arguments: ${error.message}`, `see --help\n\n${usage}`);
  }
}

/** Ends the process for a wrong command line. */
export function refuse(problem: string, hint: string): never {
  console.error(`${problem}\nhint: ${hint}`);
  process.exit(3);
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
