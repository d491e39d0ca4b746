import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseJson } from "../../src/streams/json/json.ts";
import { allCommands } from "../../src/commands/api/shared/list.ts";
import type { ListedOperation } from "../../src/commands/api/shared/listed_operation.ts";
import { tree } from "../../src/commands/tree.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { encodedForms, secretsIn } from "./encoded_forms.ts";
import { succeeded } from "./expectations.ts";
import { type Desk, helpExamples, inParallel, needsAccounts, openWorkbench, withFlags } from "./workbench.ts";

/**
 * Nothing prints a secret. Every command runs with credentials that work and with credentials that are refused, from
 * the environment and from accounts of each kind, with its requests traced and with `--dry-run`; then everything that
 * it printed is searched for every secret in every encoding.
 */
const SANDBOX_SECRETS = [
  SANDBOX.serviceSecret,
  SANDBOX.token,
  SANDBOX.oauthToken,
  SANDBOX.clientSecret,
  SANDBOX.secret,
];

/** Nobody's credentials, full of what encodings change. */
const REFUSED = {
  MP_USERNAME: "ana.mp-service-account",
  MP_SECRET: "Sv1+c/9f8&e7=d6%c5",
  MP_OAUTH_TOKEN: "0a.uTh-~t0k/en+x==",
  MP_CLIENT_ID: "client-1",
  MP_CLIENT_SECRET: "cL1%20\"s'<é>&+/",
  MP_API_SECRET: "pR0j:ect/s3cr?et#1",
  MP_TOKEN: "t0k'en\\of+a/project",
  HTTPS_PROXY: "http://ana:Pr0xy%2Fpa55+w@127.0.0.1:9",
};
const REFUSED_SECRETS = [
  ...["MP_SECRET", "MP_OAUTH_TOKEN", "MP_CLIENT_SECRET", "MP_API_SECRET", "MP_TOKEN"].map((name) =>
    REFUSED[name as keyof typeof REFUSED]
  ),
  "Pr0xy%2Fpa55+w",
  "Pr0xy/pa55+w",
];

const NO_CREDENTIALS = { MP_USERNAME: "", MP_SECRET: "", MP_OAUTH_TOKEN: "" };

interface Attempt {
  line: string;
  /** For the failure's message. */
  with: string;
  env: Record<string, string>;
  secrets: string[];
  accounts: boolean;
}

const commands = await allCommands(tree);
const examples = await helpExamples();

/** Accounts of each kind, and how a command is run with them. */
const ACCOUNTS = [["stored", "-v"], ["staging", "-v"], ["production", "-v"], ["production", "--dry-run -v"]] as const;

/**
 * How a command is run: by its first example, with credentials of each kind. The accounts take turns, since they are
 * read by the same code for every command.
 */
function attemptsOf(name: string, index: number): Attempt[] {
  const first = examples.find((example) => example.command === name);
  if (first === undefined) return [];
  const accounts = needsAccounts(name);
  const attempts: Attempt[] = [];
  // The tour takes seconds, and the sandbox prints its own credentials: that is what it is for.
  if (name !== "sandbox" && name !== "demo") {
    const good = { env: {}, secrets: SANDBOX_SECRETS, accounts, with: "good credentials" };
    attempts.push({ ...good, line: withFlags(first.run, "-v") });
    const [account, flags] = ACCOUNTS[index % ACCOUNTS.length]!;
    attempts.push({
      line: withFlags(first.run, flags),
      with: `the account '${account}'`,
      // What is tracked goes where the account's token says, which stays in this variable.
      env: { ...NO_CREDENTIALS, MP_PROJECT_ID: "", MP_ACCOUNT: account, MP_TOKEN: SANDBOX.token },
      secrets: SANDBOX_SECRETS,
      accounts: true,
    });
  }
  const refused = { env: REFUSED, secrets: REFUSED_SECRETS, accounts, with: "refused credentials" };
  attempts.push({ ...refused, line: withFlags(first.run, "-v") });
  attempts.push({ ...refused, line: withFlags(first.run, "--dry-run -v") });
  return attempts;
}

/** Calls of every operation by hand, which fail in as many ways as there are operations. */
function attemptsAt({ method, path }: ListedOperation): Attempt[] {
  const filled = path.replace(/\{(?!project_id|workspace_id)\w+\}/g, "1");
  const body = method === "GET" ? "" : " --data '{}'";
  const env = { ...REFUSED, MP_WORKSPACE_ID: "1" };
  const line = `mp -v api ${method} '${filled}'${body}`;
  return [{ line, env, secrets: REFUSED_SECRETS, accounts: false, with: "refused credentials" }];
}

/** Runs them all and returns, for each, the secrets that were found in what it printed. */
async function search(desks: (accounts: boolean) => Desk, attempts: Attempt[]): Promise<[Attempt, string[]][]> {
  const found: [Attempt, string[]][] = [];
  const own = { true: undefined as Desk | undefined, false: undefined as Desk | undefined };
  for (const attempt of attempts) {
    const desk = own[`${attempt.accounts}`] ??= desks(attempt.accounts);
    const { stdout, stderr } = await desk.type(attempt.line, attempt.env);
    found.push([attempt, secretsIn(`${stdout}\n${stderr}`, attempt.secrets)]);
  }
  return found;
}

const workbench = await openWorkbench();
const results = new Map<string, [Attempt, string[]][]>();
const subjects: [string, Attempt[]][] = commands.map((
  { name },
  index,
) => [`mp ${name}`, attemptsOf(name, index)]);
let listed: ListedOperation[];
try {
  listed = parseJson(succeeded(await workbench.sandbox.mp(["api", "--list", "-f", "json"]))) as ListedOperation[];
  for (const operation of listed) subjects.push([`mp api ${operation.id}`, attemptsAt(operation)]);
  await inParallel(subjects, 4, async ([subject, attempts]) => {
    results.set(subject, await search((accounts) => workbench.newDesk({ accounts }), attempts));
  });
} finally {
  await workbench.close();
}

describe("no secret is printed", () => {
  for (const [subject, found] of results) {
    it(`by ${subject}`, () => {
      assert.ok(found.length > 0);
      for (const [attempt, secrets] of found) {
        assert.deepEqual(secrets, [], `${attempt.line} with ${attempt.with} prints them`);
      }
    });
  }
});

describe("the search for secrets", () => {
  it("finds each in every form that a request can carry it in", () => {
    const secret = REFUSED.MP_CLIENT_SECRET;
    const bytes = new TextEncoder().encode(`client-1:${secret}`);
    const carriers = [
      `x${secret}x`,
      `token=${encodeURIComponent(secret)}&a=1`,
      new URLSearchParams({ a: secret }).toString(),
      `Basic ${bytes.toBase64()}`,
      `data=${encodeURIComponent(new TextEncoder().encode(JSON.stringify({ token: secret })).toBase64())}`,
      JSON.stringify({ token: secret }),
    ];
    for (const carrier of carriers) assert.deepEqual(secretsIn(carrier, [secret, "another"]), [secret], carrier);
    assert.deepEqual(secretsIn("nothing of it", [secret]), []);
  });

  it("knows forms that are long enough not to be met by chance", () => {
    for (const secret of [...SANDBOX_SECRETS, ...REFUSED_SECRETS]) {
      for (const form of encodedForms(secret)) assert.ok(form.length >= 12, `${form} of ${secret}`);
    }
  });
});
