/**
 * Runs the tests that look at the clock on days and at hours that are special, in several time zones, by libfaketime.
 *
 *     bun scripts/test_dates.ts                                  the tests that a scan finds, at every moment in every zone
 *     bun scripts/test_dates.ts --date leap-day --zone UTC       at one moment in one zone; shows what failed in full
 *     bun scripts/test_dates.ts --runtime deno tests/cli/dates_test.ts
 *     bun scripts/test_dates.ts --all                            all tests, and not only those that the scan finds
 *     bun scripts/test_dates.ts --list                           what the scan finds
 *
 * A moment is one of `scripts/dates/moments.ts` or any other by the clock of the zone, such as 2027-01-31T23:59:00.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import process from "node:process";
import { type ChildResult, endChildren, runChild } from "./child.ts";
import { allTests, clockTests } from "./dates/clock_tests.ts";
import { findFaketime, underFakedClock } from "./dates/faked_clock.ts";
import { type Moment, momentOf, MOMENTS, timeOf, ZONES } from "./dates/moments.ts";
import { BUN, DENO, filesUnder, ROOT } from "./project.ts";
import { cleanEnvironment } from "./test_environment.ts";
import {
  bunFailedFiles,
  bunFailures,
  denoFailedFiles,
  denoFailures,
  parseBunOutput,
  parseDenoJunit,
  type TestCounts,
} from "./test_results.ts";
import { counted, readOptions, refuse } from "./usage.ts";

/** What one runtime found at one moment in one zone. */
interface Run extends TestCounts {
  failedFiles: string[];
  details: string;
}

type Runtime = "bun" | "deno";

/** Runs a command under the faked clock. */
type Starter = (...command: [string, ...string[]]) => Promise<ChildResult>;

const RUN_LIMIT_MS = 30 * 60_000;
const TEST_LIMIT_MS = 120_000;

const USAGE = `Usage: npm run test:dates -- [flags] [tests/…_test.ts …]

  --date MOMENT     one of those below, or any such as 2027-01-31T23:59:00; may be repeated; default all
  --zone ZONE       may be repeated; default ${ZONES.join(", ")}
  --runtime NAME    bun or deno; default both
  --all             all tests, and not only those that look at the clock
  --list            print which those are, and run none

The moments: ${MOMENTS.map(({ name }) => name).join(", ")}`;

const { values, positionals } = readOptions(USAGE, {
  allowPositionals: true,
  options: {
    date: { type: "string", multiple: true },
    zone: { type: "string", multiple: true },
    runtime: { type: "string", multiple: true },
    all: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
  },
});

const files = new Map(
  filesUnder("tests").filter((path) => path.endsWith(".ts")).map((
    path,
  ) => [path, readFileSync(join(ROOT, path), "utf8")]),
);
const chosen = positionals.length > 0
  ? positionals.map((path) => posix.normalize(path))
  : values.all
  ? allTests(files)
  : clockTests(files);
if (values.list) {
  console.log(chosen.join("\n"));
  process.exit(0);
}

const moments = (values.date ?? MOMENTS.map(({ name }) => name)).map((text) =>
  momentOf(text) ??
    refuse(`Cannot test on '${text}': no such moment`, `they are ${MOMENTS.map((one) => one.name).join(", ")}`)
);
const zones = (values.zone ?? ZONES).map((zone) =>
  isZone(zone) ? zone : refuse(`Cannot test in '${zone}': no such time zone`, "they are written America/Los_Angeles")
);
const runtimes = (values.runtime ?? ["bun", "deno"]).map((name) =>
  name === "bun" || name === "deno"
    ? name
    : refuse(`Cannot test on '${name}': no such runtime`, "they are bun and deno")
);
const missing = chosen.find((path) => !files.has(path));
if (missing !== undefined) refuse(`Cannot test ${missing}: no such file`, "paths begin with tests/");
const faketime = findFaketime(process.env.PATH) ??
  refuse("Cannot fake the clock: faketime is not installed", "Debian and Ubuntu have it: apt-get install faketime");

const scratch = mkdtempSync(join(tmpdir(), "mp-dates-"));
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    endChildren();
    rmSync(scratch, { recursive: true, force: true });
    process.exit(130);
  });
}
try {
  await runAll();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function runAll(): Promise<void> {
  const total = { combinations: 0, passed: 0, failed: 0 };
  const isSingle = moments.length * zones.length === 1;
  console.log(
    `${counted(chosen.length, "file")}, ${counted(moments.length, "moment")}, ${counted(zones.length, "time zone")}`,
  );
  for (const moment of moments) {
    for (const zone of zones) {
      const startedMs = performance.now();
      const runs = await Promise.all(
        runtimes.map(async (runtime) => ({ runtime, run: await runTests(runtime, moment, zone) })),
      );
      total.combinations++;
      const counts = runs.map(({ runtime, run }) => {
        total.passed += run.passed;
        total.failed += run.failed;
        return `${runtime} ${run.passed} passed, ${run.failed} failed`;
      });
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
      console.log(`${moment.name.padEnd(24)}${zone.padEnd(20)}${counts.join("; ")}  (${seconds} s)`);
      for (const { runtime, run } of runs) {
        if (run.failed > 0) printFailures(run, `--date ${moment.name} --zone ${zone} --runtime ${runtime}`, isSingle);
      }
    }
  }
  console.log(`\n${counted(total.combinations, "combination")}: ${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

function printFailures(run: Run, flags: string, inFull: boolean): void {
  const names = run.details.split("\n").filter((line) => line.startsWith("(fail) ") || / => .*:\d+:\d+$/.test(line));
  const lines = inFull || names.length === 0 ? run.details.split("\n") : [...new Set(names)];
  console.log(lines.map((line) => `    ${line}`.trimEnd()).join("\n"));
  console.log(`    again: bun scripts/test_dates.ts ${[flags, ...run.failedFiles].join(" ")}`);
}

function runTests(runtime: Runtime, moment: Moment, zone: string): Promise<Run> {
  const start = (...command: [string, ...string[]]): Promise<ChildResult> => {
    const offsetMs = timeOf(moment, zone) - Date.now();
    const faked = underFakedClock(faketime, { zone, offsetMs }, command);
    const env = { ...cleanEnvironment(scratch), ...faked.env, MP_OPENAPI_SPECS: process.env.MP_OPENAPI_SPECS };
    return runChild(faked.command, faked.args, { cwd: ROOT, env, timeoutMs: RUN_LIMIT_MS });
  };
  return runtime === "bun" ? runOnBun(start) : runOnDeno(start);
}

async function runOnBun(start: Starter): Promise<Run> {
  const { code, output } = await start(
    BUN,
    "test",
    `--timeout=${TEST_LIMIT_MS}`,
    ...chosen.map((path) => `./${path}`),
  );
  return { ...parseBunOutput(output, code), failedFiles: bunFailedFiles(output), details: bunFailures(output) };
}

/** Tests of the binary run on Bun alone: they find the same whoever starts it. */
async function runOnDeno(start: Starter): Promise<Run> {
  const paths = chosen.filter((path) => !path.startsWith("tests/end_to_end/"));
  if (paths.length === 0) return { passed: 0, failed: 0, skipped: [], failedFiles: [], details: "" };
  const junit = join(scratch, "deno.xml");
  rmSync(junit, { force: true });
  const { code, output } = await start(DENO, "test", "--allow-all", "--no-check", `--junit-path=${junit}`, ...paths);
  // Without it, Deno got no further than loading the files; its output says why.
  const xml = existsSync(junit) ? readFileSync(junit, "utf8") : undefined;
  return { ...parseDenoJunit(xml, code), failedFiles: denoFailedFiles(xml), details: denoFailures(output) };
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
