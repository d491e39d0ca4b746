/** The program: runs a command, and turns what it throws into words and an exit code. `--version` loads little else. */
import { ClosedPipeError } from "./errors.ts";
import type { World } from "./cli/context.ts";
import { showsUnicode, withPlainCharacters } from "./cli/plain_characters.ts";
import { VERSION } from "./version.ts";

/** Runs the program and returns its exit code. It never throws. */
export async function run(argv: string[], outside: World): Promise<number> {
  const world = showsUnicode(outside.env) ? outside : {
    ...outside,
    stdout: withPlainCharacters(outside.stdout),
    stderr: withPlainCharacters(outside.stderr),
  };
  const code = await attempt(argv, world);
  // Traces and notices are written without waiting; the last of them must be out before the process ends.
  // expected: any fault of standard error, since the exit code says how the work ended
  await world.stderr.write("").catch(() => {});
  return code;
}

async function attempt(argv: string[], world: World): Promise<number> {
  try {
    if (argv.length === 1 && ["--version", "-V", "version"].includes(argv[0]!)) {
      await world.stdout.write(`mp ${VERSION}\n`);
      return 0;
    }
    if (mayAskForHelp(argv)) {
      const { showStoredPage } = await import("./cli/stored_pages.ts");
      if (await showStoredPage(argv, world)) return 0;
    }
    const { route } = await import("./route.ts");
    return await route(argv, world);
  } catch (error) {
    if (error instanceof ClosedPipeError) return 0;
    const { reportError } = await import("./cli/report_error.ts");
    return await reportError(error, argv, world);
  }
}

/** Whether a page of help may be ready for these words; other commands do not look for one. */
function mayAskForHelp(argv: readonly string[]): boolean {
  const last = argv.at(-1) ?? "";
  return argv.length < 2 || argv[0] === "help" || ["-h", "--help", "--list"].includes(last);
}
