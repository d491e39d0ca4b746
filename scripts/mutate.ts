/**
 * Breaks the program on purpose, one line at a time, and sees whether the tests of its room notice: `npm run
 * test:mutations`. It works on a copy of the tree.
 *
 *     bun scripts/mutate.ts              every line of scripts/mutations.ts
 *     bun scripts/mutate.ts src/client   those of files whose path begins so
 *
 * It ends with 1 when something went unnoticed, and with 3 when a line is no longer found: then the list has to follow
 * the code.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { endChildren, runChild } from "./child.ts";
import { type Mutation, MUTATIONS } from "./mutations.ts";
import { readOptions } from "./usage.ts";
import { BUN, filesUnder, ROOT } from "./project.ts";

/** A list of mutations that does not fit the code. */
export class StaleMutationError extends Error {}

/** What tests of a room need of the tree, generated files included. */
const FOLDERS = ["src", "tests", "scripts", "assets"];
const FILES = ["main.ts", "package.json", "package-lock.json", "deno.json"];
const LIMIT_MS = 180_000;

/** The file's text with the line broken. @throws StaleMutationError unless the text is there exactly once. */
export function broken(source: string, { file, text, becomes }: Pick<Mutation, "file" | "text" | "becomes">): string {
  const parts = source.split(text);
  if (parts.length === 2) return parts.join(becomes);
  const times = parts.length === 1 ? "it is not there" : `it is there ${parts.length - 1} times`;
  throw new StaleMutationError(`Cannot break ${JSON.stringify(text)} in ${file}: ${times}`);
}

/** What is done in the copy of the tree. */
export interface Runner {
  /** Whether a file is still a program: one that is none proves nothing. */
  parses(file: string): Promise<boolean>;
  /** Whether all these tests pass. */
  passes(tests: readonly string[]): Promise<boolean>;
}

/** What came of a list of mutations. */
export interface MutationOutcome {
  noticed: Mutation[];
  unnoticed: Mutation[];
}

/**
 * Breaks one line after the other in a copy of the tree.
 *
 * @throws StaleMutationError before anything is run, when lines are not found; Error when the tests fail without that
 */
export async function tryMutations(
  mutations: readonly Mutation[],
  folder: string,
  { parses, passes }: Runner,
  onOutcome: (mutation: Mutation, noticed: boolean) => void = () => {},
): Promise<MutationOutcome> {
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const stale = mutations.flatMap((mutation) => {
    try {
      broken(read(mutation.file), mutation);
      return [];
    } catch (error) {
      if (error instanceof StaleMutationError) return [error.message];
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [`Cannot break ${mutation.file}: it is not there`];
      throw error;
    }
  });
  if (stale.length > 0) throw new StaleMutationError(stale.join("\n"));
  const tests = [...new Set(mutations.flatMap((mutation) => mutation.tests))].sort();
  if (!await passes(tests)) throw new Error("Cannot break lines: the tests fail without that");

  const outcome: MutationOutcome = { noticed: [], unnoticed: [] };
  for (const mutation of mutations) {
    const source = read(mutation.file);
    writeFileSync(join(folder, mutation.file), broken(source, mutation));
    const isProgram = await parses(mutation.file);
    const isNoticed = isProgram && !await passes(mutation.tests);
    writeFileSync(join(folder, mutation.file), source);
    if (!isProgram) {
      throw new StaleMutationError(
        `Cannot break ${JSON.stringify(mutation.text)} in ${mutation.file}: no program is left`,
      );
    }
    outcome[isNoticed ? "noticed" : "unnoticed"].push(mutation);
    onOutcome(mutation, isNoticed);
  }
  return outcome;
}

/** A copy of what tests read; the packages are the checkout's own. */
function copyTree(folder: string): void {
  for (const path of [...FILES, ...FOLDERS.flatMap((name) => filesUnder(name))]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(join(ROOT, path), join(folder, path));
  }
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
}

/** Runs Bun in a folder; what does not end has not passed. */
const runnerIn = (folder: string): Runner => {
  const succeeds = async (...args: string[]) =>
    (await runChild(BUN, args, { cwd: folder, env: process.env, timeoutMs: LIMIT_MS })).code === 0;
  return {
    parses: (file) => succeeds("build", "--no-bundle", file),
    passes: (tests) => succeeds("test", "--bail", "--timeout=60000", ...tests.map((test) => `./${test}`)),
  };
};

async function main(): Promise<number> {
  const { positionals: places } = readOptions("Usage: npm run test:mutations -- [src/… …]", { allowPositionals: true });
  const chosen = MUTATIONS.filter(({ file }) => places.length === 0 || places.some((place) => file.startsWith(place)));
  if (chosen.length === 0) {
    throw new StaleMutationError(`Cannot break anything in ${places.join(", ")}: nothing is listed`);
  }
  const folder = mkdtempSync(join(tmpdir(), "mp-mutate-"));
  const clear = () => rmSync(folder, { recursive: true, force: true });
  process.on("SIGINT", () => {
    endChildren();
    clear();
    process.exit(130);
  });
  try {
    copyTree(folder);
    const { noticed, unnoticed } = await tryMutations(
      chosen,
      folder,
      runnerIn(folder),
      ({ file, text, becomes }, isNoticed) => {
        if (isNoticed) console.log(`noticed      ${file}: ${text}`);
        else console.log(`NOT NOTICED  ${file}: ${text}\n             → ${becomes}`);
      },
    );
    console.log(`\n${noticed.length} of ${chosen.length} noticed`);
    return unnoticed.length > 0 ? 1 : 0;
  } finally {
    clear();
  }
}

if (import.meta.main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = error instanceof StaleMutationError ? 3 : 1;
  }
}
