import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { MpError } from "../../src/errors.ts";
import type { GlobalFlags } from "../../src/cli/globals.ts";
import login from "../../src/commands/login.ts";
import { logIn } from "../../src/commands/login/shared/log_in.ts";
import type { Prompts } from "../../src/commands/account/shared/prompts.ts";
import { readConfig } from "../../src/settings/file.ts";
import { configPath } from "../../src/settings/paths.ts";
import {
  GLOBALS,
  makeContext,
  makeHome,
  ME,
  REFUSED,
  regions,
  runCommand,
  type Situation,
} from "./account/run_command.ts";

const ONE = { ...ME, projects: { "5": { name: "Shop" } } };

interface Try extends Situation {
  globals?: Partial<GlobalFlags>;
  input?: Record<string, unknown>;
  prompts?: Prompts;
  name?: string;
}

async function tryLogin(answers: Partial<Record<string, unknown>>, attempt: Try) {
  const { connect, asked } = regions(answers);
  const { context, outcome } = makeContext({ ...GLOBALS, ...attempt.globals }, attempt);
  const input = attempt.input ?? { username: "ana", secret_stdin: true };
  const result = await logIn(context, attempt.name ?? "default", input, { connect, prompts: attempt.prompts })
    .catch((error) => error);
  const error = result instanceof Error ? result : undefined;
  return { asked, outcome, error: error as MpError | undefined, config: await readConfig(configPath(attempt.env)) };
}

const noPrompts: Prompts = {
  text: (question) => Promise.reject(new Error(`asked: ${question}`)),
  secret: (question) => Promise.reject(new Error(`asked: ${question}`)),
  select: (question) => Promise.reject(new Error(`asked: ${question}`)),
};

describe("mp login", () => {
  it("names the account whose secret cannot be had", async () => {
    const input = { username: "ana", secret_env: "NOT_THERE" };
    const { error, asked } = await tryLogin({ us: ONE }, { env: makeHome(), input, name: "work" });
    assert.match(error!.message, /^Cannot get the secret of account 'work': the variable NOT_THERE is not set$/);
    assert.deepEqual(asked, []);
  });

  it("asks us, eu and in until one knows the credentials, and stores that region", async () => {
    const answers = { us: REFUSED, eu: ONE };
    const { asked, config, error } = await tryLogin(answers, { env: makeHome(), stdin: "hunter2secret" });
    assert.equal(error, undefined);
    assert.deepEqual(asked.map((one) => one.region), ["us", "eu"]);
    assert.deepEqual(asked[0]?.credentials, { serviceAccount: { username: "ana", secret: "hunter2secret" } });
    assert.equal(config.active, "default");
    const account = config.account("default");
    assert.deepEqual([account?.region, account?.projectId, account?.username], ["eu", "5", "ana"]);
    assert.deepEqual(account?.secret, { kind: "value", value: "hunter2secret" });
  });

  it("prefers a region where the credentials see a project", async () => {
    const { config } = await tryLogin({ us: { ...ME, projects: {} }, eu: REFUSED, in: ONE }, {
      env: makeHome(),
      stdin: "hunter2secret",
    });
    assert.equal(config.account("default")?.region, "in");
  });

  it("asks only the region that was named, by flag or by MP_REGION", async () => {
    const byFlag = await tryLogin({ in: ONE }, { env: makeHome(), stdin: "hunter2s", globals: { region: "in" } });
    assert.equal(byFlag.config.account("default")?.region, "in");
    const byVariable = await tryLogin({ eu: ONE }, { env: { ...makeHome(), MP_REGION: "eu" }, stdin: "hunter2s" });
    assert.equal(byVariable.config.account("default")?.region, "eu");
  });

  it("asks one time at MP_API_BASE_URL, and stores it", async () => {
    const env = { ...makeHome(), MP_API_BASE_URL: "http://127.0.0.1:9" };
    const { asked, config } = await tryLogin({ us: ONE }, { env, stdin: "hunter2secret" });
    assert.deepEqual(asked.map((one) => one.baseUrl), ["http://127.0.0.1:9"]);
    assert.equal(config.account("default")?.baseUrl, "http://127.0.0.1:9");
  });

  it("stores nothing when no region knows the credentials", async () => {
    const attempt = { env: makeHome(), stdin: "hunter2secret" };
    const { error, config, outcome } = await tryLogin({ us: REFUSED, eu: REFUSED, in: REFUSED }, attempt);
    assert.equal(error?.exitCode, 2);
    assert.match(error?.message ?? "", /unknown in every region \(us, eu, in\)/);
    assert.equal(error?.serverMessage, "Invalid service account credentials");
    assert.equal(config.exists, false);
    assert.doesNotMatch(outcome.seen + JSON.stringify(error), /hunter2/);
  });

  it("stops at once when the network fails", async () => {
    const down = new MpError("Cannot reach mixpanel.com", { category: "network" });
    const { error, asked } = await tryLogin({ us: down }, { env: makeHome(), stdin: "hunter2secret" });
    assert.equal(error?.exitCode, 7);
    assert.equal(asked.length, 1);
  });

  it("never asks anything without a terminal", async () => {
    const { error } = await tryLogin({}, { env: makeHome(), input: {}, noInput: true });
    assert.equal(error?.exitCode, 3);
    assert.match(error?.hint ?? "", /--secret-stdin/);
    const outcome = await runCommand(login, [], { env: makeHome(), noInput: true });
    assert.equal(outcome.code, 3);
  });

  it("lists the projects in a script when it can't choose, and takes --project", async () => {
    const open = await tryLogin({ us: ME }, { env: makeHome(), stdin: "hunter2secret" });
    assert.equal(open.config.account("default")?.projectId, undefined);
    assert.match(open.outcome.notes.join("\n"), /6 {2}App\n {2}5 {2}Shop/);
    const chosen = await tryLogin({ us: ME }, { env: makeHome(), stdin: "hunter2secret", globals: { project: "6" } });
    assert.equal(chosen.config.account("default")?.projectId, "6");
  });

  it("refuses a project that the credentials don't see, and names those that they see", async () => {
    const attempt = { env: makeHome(), stdin: "hunter2secret", globals: { project: "7" } };
    const { error, config } = await tryLogin({ us: ME }, attempt);
    assert.equal(error?.code, "project_not_visible");
    assert.equal(error?.hint, "they see 6 (App), 5 (Shop)");
    assert.equal(config.exists, false);
  });

  it("asks for kind, user name, secret and project at a terminal", async () => {
    const questions: string[] = [];
    const prompts: Prompts = {
      text: (question) => (questions.push(question), Promise.resolve("ana")),
      secret: (question) => (questions.push(question), Promise.resolve("hunter2secret")),
      select: (question, choices) => {
        questions.push(question);
        return Promise.resolve((choices.find(({ value }) => value === "service_account") ?? choices[0]!).value);
      },
    };
    const { config, error } = await tryLogin({ us: ME }, { env: makeHome(), input: {}, prompts, noInput: true });
    assert.equal(error, undefined);
    assert.deepEqual(questions, ["How do you want to log in?", "User name", "Secret", "Which project?"]);
    assert.deepEqual([config.account("default")?.username, config.account("default")?.projectId], ["ana", "6"]);
  });

  it("asks nothing at a terminal when the flags say everything", async () => {
    const env = { ...makeHome(), THE_SECRET: "hunter2secret" };
    const input = { username: "ana", secret_env: "THE_SECRET" };
    const attempt = { env, input, prompts: noPrompts, globals: { project: "5" } };
    const { config, error, asked } = await tryLogin({ us: ME }, attempt);
    assert.equal(error, undefined);
    assert.equal(asked[0]?.credentials.serviceAccount?.secret, "hunter2secret");
    assert.deepEqual(config.account("default")?.secret, { kind: "env", variable: "THE_SECRET" });
  });

  it("takes bearer tokens and OAuth clients", async () => {
    const bearer = await tryLogin({ us: ONE }, {
      env: makeHome(),
      input: { oauth_token_stdin: true },
      stdin: "bearer-token",
    });
    assert.deepEqual(bearer.asked[0]?.credentials, { oauthToken: "bearer-token" });
    const input = { client_id: "c", client_secret_stdin: true };
    const client = await tryLogin({ us: ONE }, { env: makeHome(), input, stdin: "oauth-client-hush" });
    assert.deepEqual(client.asked[0]?.credentials, {
      clientCredentials: { clientId: "c", clientSecret: "oauth-client-hush" },
    });
    assert.equal(client.config.account("default")?.clientId, "c");
  });

  it("ignores credentials of the environment and of other accounts", async () => {
    const env = {
      ...makeHome(`[active]\naccount = "x"\n[accounts.x]\nbase_url = "http://127.0.0.1:1"\noauth_token = "xx"\n`),
      MP_USERNAME: "half a pair",
      MP_TOKEN: "abcdefgh",
    };
    const { asked, error } = await tryLogin({ us: ONE }, { env, stdin: "hunter2secret" });
    assert.equal(error, undefined);
    assert.equal(asked[0]?.baseUrl, undefined);
    assert.deepEqual(asked[0]?.credentials, { serviceAccount: { username: "ana", secret: "hunter2secret" } });
  });

  it("asks before someone else's account is replaced, and not for the same user again", async () => {
    const config = `[accounts.default]\nusername = "bob"\nsecret = "bobs-secret"\n`;
    const other = await tryLogin({ us: ONE }, { env: makeHome(config), stdin: "hunter2secret" });
    assert.equal(other.error?.code, "not_confirmed");
    assert.equal(other.config.account("default")?.username, "bob");
    const same = config.replace("bob", "ana") + `project_id = "5"\nproject_token = "tok"\nnote = "mine"\n`;
    const again = await tryLogin({ us: ONE }, { env: makeHome(same), stdin: "hunter2secret" });
    assert.equal(again.error, undefined);
    assert.deepEqual(again.config.account("default")?.secret, { kind: "value", value: "hunter2secret" });
    assert.deepEqual(again.config.account("default")?.projectToken, { kind: "value", value: "tok" });
  });

  it("sends and stores nothing with --dry-run", async () => {
    const attempt = { env: makeHome(), stdin: "hunter2secret", globals: { dryRun: true } };
    const { asked, config, outcome } = await tryLogin({}, attempt);
    assert.equal(asked.length, 0);
    assert.equal(config.exists, false);
    assert.doesNotMatch(outcome.seen, /hunter2/);
  });
});

describe("a secret that was mistyped at mp login", () => {
  /** Only one secret is right; what is typed comes from a list. */
  async function typed(...secrets: string[]) {
    const asked: string[] = [];
    const [refusing, knowing] = [regions({ us: REFUSED, eu: REFUSED, in: REFUSED }), regions({ us: ONE })];
    const prompts: Prompts = {
      ...noPrompts,
      secret: (question) => (asked.push(question), Promise.resolve(secrets[asked.length - 1]!)),
    };
    const { context, outcome } = makeContext(GLOBALS, { env: makeHome(), noInput: true });
    const connect = (connection: Parameters<typeof knowing.connect>[0]) =>
      (connection.credentials.serviceAccount?.secret === "right-word" ? knowing : refusing).connect(connection);
    const result = await logIn(context, "default", { username: "ana", secret_stdin: true }, { connect, prompts })
      .catch((error) => error);
    return { asked, result, notes: outcome.notes };
  }

  it("is asked for again, with the reason, up to three times", async () => {
    const { asked, result, notes } = await typed("wrong-word", "other-word", "right-word");
    assert.equal(result.account?.projectId, "5");
    assert.equal(asked.length, 3);
    assert.match(asked[1]!, /Secret of ana, again/);
    assert.match(notes[0]!, /unknown in every region.*\nhint: type it again/);
    const vain = await typed("wrong-word", "other-word", "third-word", "right-word");
    assert.deepEqual([vain.result.code, vain.asked.length], ["unknown_credentials", 3]);
  });

  it("is not asked for again when a pipe has brought it", async () => {
    const { error } = await tryLogin({ us: REFUSED, eu: REFUSED, in: REFUSED }, {
      env: { ...makeHome(), WORD: "wrong-word" },
      input: { username: "ana", secret_env: "WORD" },
      prompts: noPrompts,
    });
    assert.equal(error?.code, "unknown_credentials");
  });
});
