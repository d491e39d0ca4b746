import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { parseJson } from "../../src/streams/json/json.ts";
import type { BinaryResult } from "../helpers/binary.ts";
import {
  type HelpExample,
  helpExamples,
  inParallel,
  needsAccounts,
  openWorkbench,
  takesAway,
  withFlags,
} from "./workbench.ts";

/**
 * What `--dry-run` prints is run by a shell, with the variables filled in, and must get the answer that the command
 * gets. Answers to questions are equal. Changes are made in two sandboxes with the same data, so that what can be made
 * once can be made by both; their answers, with new ids and times, have the same shape.
 */

/** Commands whose `--dry-run` has no request to show, and why. */
const NO_REQUEST: Record<string, string> = {
  login: "it says what it would ask; the credentials are not stored yet",
  "account test": "it says what it would ask, for each account",
  whoami: "without --verify it sends nothing",
  doctor: "it looks at what needs no network",
  import: "with --check it sends nothing",
  "workspaces use": "with --none it sends nothing",
};

/** Commands that print more or less than the answer to their first request, and why: it need only succeed. */
const OWN_ANSWER: Record<string, string> = {
  whoami: "it prints settings",
  "projects use": "it changes the config file",
  "workspaces use": "it changes the config file",
  "workspaces list": "it prints what is of the project",
  import: "it prints what became of each record",
  track: "it prints what became of each record",
  "profiles batch": "it prints what became of each update",
  "groups batch": "it prints what became of each update",
  "flags evaluate": "it prints the flags that were asked for",
  "gdpr download": "it prints the file that the answer leads to",
  check: "it prints a line about one number of the answer",
  "query active": "it prints the answers to several requests",
  "events top": "it ranks what two requests have answered",
  "reports run": "it asks of what kind the report is, and then for its numbers",
  "reports link": "it prints an address",
  "boards copy": "it reads a board, and makes another step by step",
  "boards apply": "it changes a board step by step",
  agents: "it makes a page of the answers to several requests",
  "lexicon upload": "it adds up the answers to several requests",
};

/** Commands that can do more than ask, and why: only the request is tried. */
const REQUEST_ALONE: Record<string, string> = {
  "events tail": "it asks for today's events again and again, and shows what is new",
  "export events": "it asks for days in slices, and writes files, folders and tables",
  "export profiles": "it asks for pages, and writes one profile a line",
  "export groups": "it asks for pages, and writes one profile a line",
  "export lexicon": "it writes one entry a line",
  "export annotations": "it writes one note a line",
  "export cohorts": "it writes one cohort a line",
  "export all": "it asks for each part of the project",
  watch: "it asks again and again, and prints lines about one number of each answer",
  "boards export": "it writes a file",
  "boards run": "it writes a file for each report of a board",
  copy: "it asks one project and writes to another",
  "replays download": "it loads files from the addresses that it is answered",
};

/** What two answers to one question need not have in common: times, and what is reckoned from them. */
const VOLATILE: ReadonlySet<string> = new Set(["computed_at", "session_id", "percent_change"]);

/** Requests that change nothing although they are no GET. */
const ASKING_POSTS: ReadonlySet<string> = new Set(["/engage", "/jql", "/cohorts/list", "/flags"]);

/** With a status after the body. */
const CURL = `curl() { command curl -sS -w '\\n%{http_code}' "$@"; }\n`;

interface Outcome {
  example: HelpExample;
  dryRun: BinaryResult;
  /** The request; undefined when none is shown. */
  request?: string;
  /** What the command prints, and what curl gets. */
  direct?: BinaryResult;
  curl?: BinaryResult;
}

const examples = (await helpExamples()).filter(({ operations, run }) =>
  // What --jq leaves of an answer can't be compared, a pipe between two commands has two requests, and files are sent none.
  operations.length > 0 && !run.includes("--jq") && !run.includes("--source") && !run.includes("| grep") &&
  run.match(/(^|[|;&] *)mp /g)?.length === 1
);

/** Whether a command only asks; others change something, even if they ask before. */
function isQuestion({ operations }: HelpExample): boolean {
  return operations.every(({ routes: [{ method, family, path }] }) =>
    method === "GET" || (family !== "ingestion" && ASKING_POSTS.has(path))
  );
}

/** What a command finds out by itself, when nobody sets it. */
const env = {
  MP_API_SECRET: SANDBOX.secret,
  MP_WORKSPACE_ID: String(SANDBOX.workspaceId),
  MP_ORGANIZATION_ID: String(SANDBOX.organizationId),
  MP_WEBHOOK_PASSWORD: "a password of a test",
};
const [ours, theirs] = await Promise.all([openWorkbench(), openWorkbench()]);
const outcomes: Outcome[] = [];
try {
  const show = async (example: HelpExample) => {
    const desk = theirs.newDesk({ accounts: needsAccounts(example.command) });
    const dryRun = await desk.type(withFlags(example.run, "--dry-run"));
    return { example, dryRun, request: /^curl [^]*/m.exec(dryRun.stdout)?.[0] };
  };
  const compare = async (outcome: Outcome) => {
    const { example, request } = outcome;
    // Changes are made where the request is not sent to.
    const bench = isQuestion(example) ? theirs : ours;
    const accounts = needsAccounts(example.command);
    const line = `${withFlags(example.run, "--yes")} --format json -o -`;
    outcome.direct = await bench.newDesk({ accounts }).type(line);
    const desk = theirs.newDesk({ accounts });
    // From a file: an import is longer than an argument may be.
    writeFileSync(join(desk.folder, "request.sh"), CURL + request);
    outcome.curl = await desk.type(". ./request.sh", env);
  };
  outcomes.push(...await inParallel(examples, 3, show));
  const shown = outcomes.filter(({ request }) => request !== undefined);
  await inParallel(shown.filter(({ example }) => isQuestion(example)), 3, compare);
  // One after another, so that both sandboxes go through the same states; what others need goes last.
  const changes = shown.filter(({ example }) => !isQuestion(example));
  await inParallel(changes.filter(({ example }) => !takesAway(example.command)), 1, compare);
  await inParallel(changes.filter(({ example }) => takesAway(example.command)), 1, compare);
} finally {
  await Promise.all([ours.close(), theirs.close()]);
}

describe("--dry-run", () => {
  for (const outcome of outcomes) {
    it(`shows what is sent by ${outcome.example.run}`, () => check(outcome));
  }
});

function check({ example, dryRun, request, direct, curl }: Outcome): void {
  const { command } = example;
  assert.equal(dryRun.code, 0, dryRun.stderr);
  if (request === undefined || direct === undefined || curl === undefined) {
    assert.ok(command in NO_REQUEST, `mp ${command} --dry-run shows no request:\n${dryRun.stdout}${dryRun.stderr}`);
    return;
  }
  if (!(command in REQUEST_ALONE)) assert.equal(direct.code, 0, direct.stderr);
  assert.equal(curl.code, 0, curl.stderr);
  const end = curl.stdout.lastIndexOf("\n");
  const status = Number(curl.stdout.slice(end + 1));
  const body = curl.stdout.slice(0, end);
  assert.ok(status >= 200 && status < 300, `${status}: ${body}`);
  if (command in OWN_ANSWER || command in REQUEST_ALONE) return;
  const [printed, answered] = [valueOf(direct.stdout), valueOf(body)];
  if (isQuestion(example)) assert.deepEqual(steady(printed), steady(firstResults(answered, printed)));
  // What is asked before something is changed need only be answered.
  else if (request.startsWith("curl -X ")) assert.deepEqual(shapeOf(printed), shapeOf(answered));
}

/** The text as JSON, or as it is: JSON Lines, and answers that say nothing. */
function valueOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text.trimEnd();
  }
}

/** A list of profiles is made of pages, and cut where --limit says: of the answer, as much as was printed. */
function firstResults(answered: unknown, printed: unknown): unknown {
  if (!isPage(answered) || !isPage(printed) || "page" in printed) return answered;
  const { status, total, results } = answered;
  return { status, total, results: results.slice(0, printed.results.length) };
}

function isPage(value: unknown): value is { status: unknown; total: unknown; results: unknown[] } {
  return isObject(value) && "total" in value && Array.isArray(value.results);
}

function steady(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(steady);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([key]) => !VOLATILE.has(key));
  return Object.fromEntries(entries.map(([key, inner]) => [key, steady(inner)]));
}

/** Each of several shapes once: lists of the same may differ in length. */
function distinct(shapes: unknown[]): unknown[] {
  return [...new Map(shapes.map((shape) => [JSON.stringify(shape), shape])).values()];
}

function shapeOf(value: unknown): unknown {
  // The sandboxes differ in how much has been made in them, and in the ids of it.
  if (Array.isArray(value)) return value.some(isObject) ? distinct(value.map(shapeOf)) : "values";
  if (!isObject(value)) return value === null ? null : typeof value;
  if (Object.keys(value).some((key) => /^[a-z]?\d+$/.test(key))) return "things by id";
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
