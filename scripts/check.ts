/**
 * The test command: every check of the repository, several at once, with a summary at the end.
 *
 *     bun scripts/check.ts                 the gate: format, lint, types, prelude, arrows, docs, picture, openapi, build, bun,
 *                                          deno, binary
 *     bun scripts/check.ts types bun       only these
 *     bun scripts/check.ts gate emulators  the gate, and the binaries of other platforms under emulators
 *     bun scripts/check.ts clients         other people's clients against the emulator; quick-clients are three of them
 *
 * Static checks count as one test each. What was skipped is listed with its reason, and the last line reads
 * `N passed, N failed`, with `, N skipped` where something was.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { endChildren, runChild } from "./child.ts";
import { checkArrows, printViolations, readHouse } from "./check_arrows.ts";
import { checkErrors } from "./check_errors.ts";
import { checkNames } from "./check_names.ts";
import { allQuaintWords } from "./check_words.ts";
import { BUN, DENO, filesUnder, MUSL_ARM64_ROOT, ROOT } from "./project.ts";
import { runTasks, type Task } from "./task_pool.ts";
import { cleanEnvironment } from "./test_environment.ts";
import { bunFailures, denoFailures, parseBunOutput, parseDenoJunit, type TestCounts } from "./test_results.ts";

/** What a check found. */
interface Outcome extends TestCounts {
  /** What to show of it when something failed. */
  details: string;
}

/** What JQL scripts find: code that has neither DOM nor Node. */
const PRELUDE = "src/sandbox/jql/prelude";
const TASK_LIMIT_MS = 22 * 60_000;
/** For the tests of engines, of which some take longer for a statement than for its rows. */
const ENGINES_LIMIT_MS = 60 * 60_000;
/** For one test. Generous, because two runners share a small machine. */
const TEST_LIMIT_MS = 120_000;
/** The SDK for Python takes half a minute for its decisions on a machine that does nothing else. */
const PYTHON_LIMIT_MS = 600_000;
/** Folders of tests/ that hold no unit tests. */
const NOT_UNIT_TESTS = [
  "end_to_end",
  "emulators",
  "stores",
  "readers",
  "engines",
  "sdks",
  "clients",
  "helpers",
  "fixtures",
];

const scratch = mkdtempSync(join(tmpdir(), "mp-check-"));
// Some tests run the program as another user.
chmodSync(scratch, 0o755);
/** Where tests make their folders: they leave none behind. */
const temporary = join(scratch, "tmp");
mkdirSync(temporary);
const environment = { ...cleanEnvironment(scratch), TMPDIR: temporary, TEMP: temporary, TMP: temporary };
const specs = publishedSpecs();
/** With the specification, tests hold the requests that they send against it. */
const testEnvironment = { ...environment, MP_OPENAPI_SPECS: specs, MP_MUSL_ARM64_ROOT: MUSL_ARM64_ROOT };

const build = "Build";
const tasks: (Task<Outcome> & { key: string; extra?: true })[] = [
  { key: "build", name: build, run: () => runStatic(BUN, ["scripts/compile.ts"]) },
  {
    key: "types",
    name: "Types",
    run: () => runStatic(DENO, ["check", "--quiet", "main.ts", "src", "scripts", "tests"]),
  },
  {
    key: "prelude",
    name: "Types of the prelude",
    run: () => runStatic(DENO, ["check", "--quiet", "--config", `${PRELUDE}/interpreter.json`, `${PRELUDE}/main.ts`]),
  },
  { key: "bun", name: "Tests on Bun", run: () => runBunTests(unitTests()) },
  { key: "deno", name: "Tests on Deno", run: runDenoTests },
  {
    key: "binary",
    name: "Tests of the binary",
    after: [build],
    run: () => runBunTests(["./tests/end_to_end"]),
  },
  { key: "format", name: "Format", run: () => runStatic(DENO, ["fmt", "--check"], "run 'deno fmt'") },
  { key: "lint", name: "Lint", run: () => runStatic(DENO, ["lint", "--quiet"]) },
  { key: "arrows", name: "Arrows, names, errors, words", run: runHouseRules },
  { key: "docs", name: "Generated docs", run: () => runStatic(BUN, ["scripts/generate_docs.ts", "--check"]) },
  {
    key: "picture",
    name: "Picture of a session",
    run: () => runStatic(BUN, ["scripts/session_picture.ts", "--check"]),
  },
  { key: "openapi", name: "Published spec", run: runOpenapi },
  // Suites outside of the gate: what takes long, or needs much that has to be installed.
  {
    key: "emulators",
    name: "Tests of other platforms",
    extra: true,
    after: [build],
    run: () => runBunTests(["./tests/emulators"]),
  },
  {
    key: "storage",
    name: "Tests with other stores",
    extra: true,
    run: () => runBunTests(["./tests/stores"]),
  },
  {
    key: "readers",
    name: "Tests with programs for Python",
    extra: true,
    run: () => runBunTests(["./tests/readers"], PYTHON_LIMIT_MS),
  },
  {
    key: "engines",
    name: "Tests with engines of SQL",
    extra: true,
    run: () => runBunTests(["./tests/engines"], ENGINES_LIMIT_MS, ENGINES_LIMIT_MS),
  },
  {
    key: "sdks",
    name: "Tests with Mixpanel's SDKs",
    extra: true,
    after: [build],
    run: () => runBunTests(["./tests/sdks"]),
  },
  {
    key: "quick-clients",
    name: "Tests with SDKs of Node.js and Python, and with a client for agents",
    extra: true,
    after: [build],
    run: () => runBunTests(["./tests/clients/sdks_test.ts", "./tests/clients/mcp_test.ts"], PYTHON_LIMIT_MS),
  },
  {
    key: "clients",
    name: "Tests with other clients",
    extra: true,
    run: () => runBunTests(["./tests/clients"], PYTHON_LIMIT_MS),
  },
];

const words = process.argv.slice(2);
const unknown = words.find((word) => word !== "gate" && !tasks.some((task) => task.key === word));
if (unknown !== undefined) {
  console.error(`Cannot check '${unknown}': the checks are gate, ${tasks.map((task) => task.key).join(", ")}`);
  process.exit(3);
}
const gate = words.length === 0 || words.includes("gate");
const chosen = tasks.filter(({ key, extra }) => words.includes(key) || (gate && !extra));
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    endChildren();
    rmSync(scratch, { recursive: true, force: true });
    process.exit(130);
  });
}

let outcomes: Map<string, Outcome>;
try {
  outcomes = await runTasks(chosen, {
    width: Math.min(4, Math.max(2, availableParallelism())),
    succeeded: (outcome) => outcome.failed === 0,
    failure: (_task, reason) => ({ passed: 0, failed: 1, skipped: [], details: reason }),
    onEnd: (task, outcome, elapsedMs) => console.log(describe(task.name, outcome, elapsedMs)),
  });
  // A test that failed or was cut off has already been reported.
  if ([...outcomes.values()].every(({ failed }) => failed === 0)) reportLeftFolders();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
summarise(outcomes);

async function runStatic(command: string, args: string[], hint?: string): Promise<Outcome> {
  const { code, output } = await runChild(command, args, { cwd: ROOT, env: environment, timeoutMs: TASK_LIMIT_MS });
  const details = hint === undefined ? output.trim() : `${output.trim()}\n\nhint: ${hint}`;
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [], details };
}

function runHouseRules(): Promise<Outcome> {
  const files = readHouse();
  const violations = [...checkArrows(files), ...checkNames(files), ...checkErrors(files)];
  const words = allQuaintWords();
  const failed = violations.length + words.length > 0 ? 1 : 0;
  const details = [...violations.length > 0 ? [printViolations(violations)] : [], ...words].join("\n");
  return Promise.resolve({ passed: 1 - failed, failed, skipped: [], details });
}

async function runOpenapi(): Promise<Outcome> {
  if (specs === undefined) {
    const skipped = ["the published spec [MP_OPENAPI_SPECS names no folder with Mixpanel's OpenAPI files]"];
    return { passed: 0, failed: 0, skipped, details: "" };
  }
  return await runStatic(BUN, ["scripts/check_openapi.ts", "--specs", specs]);
}

/** Says what tests have left in the temporary folder. No failure: a browser may write there when its test is over. */
function reportLeftFolders(): void {
  const names = readdirSync(temporary).filter((name) => name.startsWith("mp-"));
  if (names.length > 0) console.log(`Left in the temporary folder by tests:\n${names.map(describeLeft).join("\n")}`);
}

/** A folder's name, with what is in it: that says which test made it. */
function describeLeft(name: string): string {
  const path = join(temporary, name);
  const inside = statSync(path).isDirectory() ? readdirSync(path).slice(0, 5).join(", ") : "";
  return `    ${name}: ${inside || "empty"}`;
}

/** The folder of Mixpanel's OpenAPI files, which MP_OPENAPI_SPECS names; undefined where they are not at hand. */
function publishedSpecs(): string | undefined {
  const { MP_OPENAPI_SPECS: folder = "" } = process.env;
  return folder !== "" && existsSync(resolve(ROOT, folder)) ? resolve(ROOT, folder) : undefined;
}

async function runBunTests(
  paths: string[],
  limitMs = TEST_LIMIT_MS,
  timeoutMs = TASK_LIMIT_MS,
): Promise<Outcome> {
  const args = ["test", `--timeout=${limitMs}`, ...paths];
  const { code, output } = await runChild(BUN, args, { cwd: ROOT, env: testEnvironment, timeoutMs });
  return { ...parseBunOutput(output, code), details: bunFailures(output) };
}

async function runDenoTests(): Promise<Outcome> {
  const junit = join(scratch, "deno.xml");
  const args = ["test", "--allow-all", "--no-check", `--junit-path=${junit}`, ...unitTests()];
  const { code, output } = await runChild(DENO, args, { cwd: ROOT, env: testEnvironment, timeoutMs: TASK_LIMIT_MS });
  let xml: string | undefined;
  try {
    xml = readFileSync(junit, "utf8");
  } catch { /* Deno got no further than loading the files; its output says why */ }
  return { ...parseDenoJunit(xml, code), details: denoFailures(output) };
}

/** What is directly in tests/ and has unit tests in it, as paths for a runner. */
function unitTests(): string[] {
  return readdirSync(join(ROOT, "tests")).filter((name) => !NOT_UNIT_TESTS.includes(name))
    .map((name) => `./tests/${name}`)
    .filter((path) => path.endsWith("_test.ts") || filesUnder(path).some((file) => file.endsWith("_test.ts")));
}

function describe(name: string, outcome: Outcome, elapsedMs: number): string {
  const isSuite = name.startsWith("Tests");
  const skipped = outcome.skipped.length > 0 ? `, ${outcome.skipped.length} skipped` : "";
  const verdict = isSuite
    ? `${outcome.passed} passed, ${outcome.failed} failed${skipped}`
    : outcome.failed > 0
    ? "FAILED"
    : outcome.skipped.length > 0
    ? "skipped"
    : "ok";
  const heading = `${name.padEnd(28)} ${verdict}  (${(elapsedMs / 1000).toFixed(1)} s)`;
  if (outcome.failed === 0) return heading;
  return `${heading}\n\n${outcome.details.split("\n").map((line) => `    ${line}`.trimEnd()).join("\n")}\n`;
}

function summarise(outcomes: Map<string, Outcome>): void {
  const all = [...outcomes.values()];
  const passed = all.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = all.reduce((sum, outcome) => sum + outcome.failed, 0);
  const broken = [...outcomes].filter(([, outcome]) => outcome.failed > 0).map(([name]) => name);
  const skipped = [...outcomes].flatMap(([name, outcome]) => outcome.skipped.map((test) => `${name}: ${test}`));
  console.log("");
  if (skipped.length > 0) console.log(`Skipped:\n${skipped.map((line) => `    ${line}\n`).join("")}`);
  if (broken.length > 0) console.log(`Failed: ${broken.join(", ")}`);
  console.log(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`);
  process.exitCode = failed > 0 ? 1 : 0;
}
