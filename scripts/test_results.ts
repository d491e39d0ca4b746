/** How many tests passed and failed, and which were skipped, read from what the runners of Bun and Deno print and write. */

/** The outcome of a run of tests. */
export interface TestCounts {
  passed: number;
  failed: number;
  /** Full names of the tests that were skipped; `tests/helpers/needs.ts` puts the reason into them. */
  skipped: string[];
}

/**
 * Reads the summary at the end of `bun test`'s output. A file that cannot be loaded counts as a failed test; a run
 * that ended badly without naming a failure (a crash, no tests at all) counts as one.
 */
export function parseBunOutput(output: string, exitCode: number): TestCounts {
  const lines = withoutColour(output).split("\n");
  const last = (word: string) => {
    const pattern = new RegExp(`^\\s*(\\d+) ${word}s?$`);
    for (let index = lines.length - 1; index >= 0; index--) {
      const found = pattern.exec(lines[index]!);
      if (found) return Number(found[1]);
    }
    return 0;
  };
  // Bun lists what was skipped again at the end, where there are many tests.
  const summary = lines.findIndex((line) => /^\d+ tests? (skipped|todo|failed):$/.test(line));
  const counts = {
    passed: last("pass"),
    failed: Math.max(last("fail"), last("error")),
    skipped: lines.slice(0, summary < 0 ? undefined : summary).flatMap((line) =>
      /^\((?:skip|todo)\) (.*?)(?: \[[\d.]+m?s\])?$/.exec(line)?.[1] ?? []
    ),
  };
  return withExitCode(counts, exitCode);
}

/**
 * Counts the cases of a JUnit file by `deno test`. Deno lists suites (`describe`) beside the tests in them, so a case
 * whose name begins that of another is a suite: it counts only when it failed by itself, in a hook. Without a file
 * (nothing could be loaded) the run counts as one failure.
 */
export function parseDenoJunit(xml: string | undefined, exitCode: number): TestCounts {
  const cases = [...(xml ?? "").matchAll(/<testcase name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g)]
    .map((found) => ({ name: found[1]!, body: found[2] ?? "" }));
  const suites = new Set<string>();
  for (const { name } of cases) {
    const parts = name.split(" &gt; ");
    for (let length = 1; length < parts.length; length++) suites.add(parts.slice(0, length).join(" &gt; "));
  }
  const counts: TestCounts = { passed: 0, failed: 0, skipped: [] };
  for (const { name, body } of cases) {
    const failed = /<(failure|error)\b/.test(body);
    if (suites.has(name)) {
      if (failed && !/\d+ test steps? failed/.test(body)) counts.failed++;
    } else if (failed) counts.failed++;
    else if (/<skipped\b/.test(body)) counts.skipped.push(textOf(name));
    else counts.passed++;
  }
  return withExitCode(counts, exitCode);
}

/** What `bun test` printed, without the tests that passed. */
export function bunFailures(output: string): string {
  return withoutColour(output).split("\n").filter((line) => !/^\((pass|skip|todo)\) /.test(line)).join("\n").trim();
}

/** The files in whose part of `bun test`'s output a test failed. */
export function bunFailedFiles(output: string): string[] {
  const failed = new Set<string>();
  let file = "";
  for (const line of withoutColour(output).split("\n")) {
    // From here on, all that failed is listed once more.
    if (/^\d+ tests? failed:$/.test(line)) break;
    file = /^(\S+_test\.ts):$/.exec(line)?.[1] ?? file;
    if (line.startsWith("(fail) ")) failed.add(file);
  }
  return [...failed];
}

/** The files of which a JUnit file by `deno test` tells failures. */
export function denoFailedFiles(xml: string | undefined): string[] {
  const suites = (xml ?? "").matchAll(/<testsuite name="(?:\.\/)?([^"]*_test\.ts)"[^>]* failures="[1-9]/g);
  return [...suites].map((suite) => suite[1]!);
}

/** The errors of `deno test`'s output; all of it when it never got as far as running tests. */
export function denoFailures(output: string): string {
  const text = withoutColour(output);
  const start = text.indexOf("\n ERRORS \n");
  return (start === -1 ? text : text.slice(start)).trim();
}

function withExitCode(counts: TestCounts, exitCode: number): TestCounts {
  const blameless = counts.failed === 0 && (exitCode !== 0 || counts.passed + counts.skipped.length === 0);
  return blameless ? { ...counts, failed: 1 } : counts;
}

/** A value of XML as it was before it was escaped. */
function textOf(xml: string): string {
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return xml.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name]!);
}

function withoutColour(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b\[[0-9;]*m/g, "");
}
