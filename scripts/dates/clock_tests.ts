/** Finds the tests that look at the real clock. */
import { importedFile, importsOf, readSource } from "../source_text.ts";

/** What reads the real clock, in a test or in what it starts. */
const REAL_CLOCK = /\bDate\.now\b|\bnew Date\(\)|\bTemporal\.Now\b|\bsystemClock\b|\bstartSandbox\b|\brealWorld\b/;

/** In tests of the binary, which always sees the real clock: what depends on the day. */
const DAY = /\bopenWorkbench\b|\bdayBefore\b|--since-last\b|\btoday\b|\byesterday\b/;

/** Tests that run where a faked clock does not reach, or that do again what others do; with the reason. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  "tests/end_to_end/dry_run_test.ts": "runs the examples, as examples_test.ts does",
  "tests/end_to_end/fresh_root_test.ts": "runs in a root that has no faketime",
  "tests/end_to_end/locked_down_test.ts": "runs as another user, who cannot open the semaphores of libfaketime",
  "tests/emulators/other_platforms_test.ts": "runs programs of other platforms, which cannot load libfaketime",
  "tests/end_to_end/secrets_test.ts": "runs the examples, as examples_test.ts does",
  "tests/scripts/dates/faked_clock_test.ts": "fakes the clock itself",
  "tests/scripts/deno_compile_test.ts": "compiles the program, whatever the day",
};

/** Every test that can run under a faked clock. */
export function allTests(files: ReadonlyMap<string, string>): string[] {
  return [...files.keys()].filter((path) => path.endsWith("_test.ts") && !(path in LEFT_OUT)).sort();
}

/**
 * Those whose result may depend on the day or the hour. Others are given a clock, which stands at the same moment
 * whenever they run.
 *
 * @param files path → text, of everything in tests/
 */
export function clockTests(files: ReadonlyMap<string, string>): string[] {
  const matches = (path: string, pattern: RegExp) => pattern.test(readSource(files.get(path)!).code);
  return allTests(files).filter((path) =>
    path.startsWith("tests/end_to_end/")
      ? matches(path, REAL_CLOCK) || matches(path, DAY)
      : closure(path, files).some((reached) => matches(reached, REAL_CLOCK))
  );
}

/** A file and all that it imports, directly or not. */
function closure(start: string, files: ReadonlyMap<string, string>): string[] {
  const reached = new Set([start]);
  for (const path of reached) {
    for (const { target = "" } of importsOf(readSource(files.get(path)!))) {
      const file = importedFile(path, target);
      if (file !== undefined && files.has(file)) reached.add(file);
    }
  }
  return [...reached];
}
