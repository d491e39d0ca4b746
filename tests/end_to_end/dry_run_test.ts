import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseJson } from "../../src/streams/json.ts";
import type { BinaryResult } from "../helpers/binary.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { type HelpExample, helpExamples, inParallel, needsAccounts, openWorkbench, withFlags } from "./workbench.ts";

/**
 * What `--dry-run` prints is run by a shell, with the variables filled in, and must get the answer that the command
 * gets. Answers of queries are equal; what is written twice is answered twice, in the same shape.
 */

/** Commands whose `--dry-run` has no request to show, and why. */
const NO_REQUEST: Record<string, string> = {
  login: "it says what it would ask; the credentials are not stored yet",
  "account test": "it says what it would ask, for each account",
};

/** Commands that print more or less than the server's answer, and why: their requests need only succeed. */
const OWN_ANSWER: Record<string, string> = {
  whoami: "it prints settings",
  import: "it prints what became of each record",
  track: "it prints what became of each record",
};

interface Outcome {
  example: HelpExample;
  dryRun: BinaryResult;
  /** The command as it is, and its request by curl; undefined when there is no curl line. */
  direct?: BinaryResult;
  curl?: BinaryResult;
}

/** With a status after the body, which `--dry-run` has no business to print. */
const CURL = `curl() { command curl -sS -w '\\n%{http_code}' "$@"; }\n`;

const examples = (await helpExamples()).filter(({ operations, run }) =>
  // What --jq leaves of an answer can't be compared.
  operations.length > 0 && !run.includes("--jq")
);
const outcomes = new Map<string, Outcome>();
const workbench = await openWorkbench();
try {
  const commands = [...new Set(examples.map(({ command }) => command))];
  const compare = async (command: string) => {
    const desk = workbench.newDesk({ accounts: needsAccounts(command) });
    for (const example of examples.filter((one) => one.command === command)) {
      const dryRun = await desk.type(withFlags(example.run, "--dry-run"));
      const outcome: Outcome = { example, dryRun };
      outcomes.set(example.run, outcome);
      if (!/^curl /m.test(dryRun.stdout)) continue;
      const env = { MP_API_SECRET: SANDBOX.secret };
      outcome.direct = await desk.type(`${withFlags(example.run, "--yes")} --format json -o -`, env);
      outcome.curl = await desk.type(CURL + dryRun.stdout, env);
    }
  };
  await inParallel(commands, 3, compare);
} finally {
  await workbench.close();
}

describe("--dry-run", () => {
  for (const [run, outcome] of outcomes) it(run, () => check(outcome));
});

function check({ example: { command }, dryRun, direct, curl }: Outcome): void {
  assert.equal(dryRun.code, 0, dryRun.stderr);
  if (direct === undefined || curl === undefined) {
    assert.ok(command in NO_REQUEST, `mp ${command} --dry-run shows no request:\n${dryRun.stdout}${dryRun.stderr}`);
    return;
  }
  assert.equal(curl.code, 0, curl.stderr);
  const end = curl.stdout.lastIndexOf("\n");
  const status = Number(curl.stdout.slice(end + 1));
  const body = curl.stdout.slice(0, end);
  assert.equal(direct.code, 0, direct.stderr);
  assert.ok(status >= 200 && status < 300, `${status}: ${body}`);
  if (command in OWN_ANSWER) return;
  console.log(command, direct.stdout.slice(0, 100), body.slice(0, 100));
}
