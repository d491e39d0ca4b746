import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import add from "../../../src/commands/account/add.ts";
import { group } from "../../../src/commands/account/group.ts";
import importAccounts from "../../../src/commands/account/import.ts";
import list from "../../../src/commands/account/list.ts";
import remove from "../../../src/commands/account/remove.ts";
import show from "../../../src/commands/account/show.ts";
import use from "../../../src/commands/account/use.ts";
import { readConfig } from "../../../src/settings/file.ts";
import { configPath } from "../../../src/settings/paths.ts";
import { makeHome, runCommand } from "./run_command.ts";

const TWO = `[active]
account = "prod"

[accounts.prod]
username = "ana"
secret = "hunter2secret"
region = "eu"
project_id = "5"

[accounts.test]
project_token_env = "TEST_TOKEN"
`;

const config = (env: { HOME: string }) => readConfig(configPath(env));

describe("mp account", () => {
  it("has the verbs that its group names", async () => {
    for (const load of Object.values(group)) assert.ok((await load()).default.examples.length > 0);
    assert.deepEqual(Object.keys(group), ["add", "list", "use", "show", "test", "remove", "import"]);
  });
});

describe("mp account add", () => {
  it("stores a piped secret in a private file, makes the first account active, and never shows the secret", async () => {
    const env = makeHome();
    const argv = ["prod", "--username", "ana", "--secret-stdin", "--region", "eu", "--project", "5"];
    const outcome = await runCommand(add, argv, { env, stdin: "hunter2secret\n" });
    assert.equal(outcome.error, undefined);
    assert.deepEqual(outcome.data, {
      name: "prod",
      active: true,
      credentials: ["service account"],
      username: "ana",
      secret: "hidden",
      region: "eu",
      project_id: "5",
    });
    assert.doesNotMatch(outcome.seen, /hunter2/);
    assert.equal(statSync(configPath(env)).mode & 0o777, 0o600);
    const stored = await config(env);
    assert.equal(stored.active, "prod");
    assert.deepEqual(stored.account("prod")?.secret, { kind: "value", value: "hunter2secret" });
  });

  it("stores where a secret is, for every kind of credential", async () => {
    const env = makeHome(TWO);
    const argv =
      "all --username ana --secret-command op --oauth-token-env OAUTH --client-id c --client-secret-env CS " +
      "--project-secret-command ps --token-env TOKEN --base-url http://127.0.0.1:1/ --workspace 8 --use";
    const outcome = await runCommand(add, argv.split(" "), { env, noInput: true });
    assert.deepEqual(outcome.data, {
      name: "all",
      active: true,
      credentials: ["service account", "OAuth token", "OAuth client", "project secret", "project token"],
      username: "ana",
      secret: "command 'op'",
      oauth_token: "variable OAUTH",
      client_id: "c",
      client_secret: "variable CS",
      project_secret: "command 'ps'",
      project_token: "variable TOKEN",
      workspace_id: "8",
      base_url: "http://127.0.0.1:1",
    });
    assert.equal((await config(env)).active, "all");
    assert.deepEqual((await config(env)).names, ["prod", "test", "all"]);
  });

  const refusals: [string, string, RegExp][] = [
    ["no credentials", "new", /no credentials were given/],
    ["a user name without a secret, without asking", "new --username ana", /--username without its secret/],
    ["a secret without a user name", "new --secret-env S", /without --username/],
    ["an OAuth client without a secret", "new --client-id c", /--client-id without its secret/],
    ["two places for one secret", "new --username a --secret-env S --secret-command c", /more than one place/],
    ["two secrets from one pipe", "new --oauth-token-stdin --token-stdin", /more than one secret from standard input/],
    ["what is no name of a variable", "new --token-env not-a-name", /not the name of a variable/],
    ["a name that is taken", "prod --token-env T", /there is one already/],
    ["a name with a space", "my\u00a0name --token-env T", /only letters, digits/],
    ["a project that is no number", "new --token-env T --project abc", /--project "abc": not a numeric id/],
    ["an empty pipe", "new --oauth-token-stdin", /standard input is empty/],
  ];
  for (const [what, argv, message] of refusals) {
    it(`refuses ${what}, and changes nothing`, async () => {
      const env = makeHome(TWO);
      const outcome = await runCommand(add, argv.split(" "), { env });
      assert.match(outcome.error?.message ?? "", message);
      assert.equal(outcome.code, 3);
      assert.equal(readFileSync(configPath(env), "utf8"), TWO);
    });
  }

  it("does not repeat a secret that was given for a variable's name", async () => {
    const outcome = await runCommand(add, ["new", "--token-env", "hunter2-secret"], { env: makeHome() });
    assert.doesNotMatch(outcome.seen, /hunter2/);
  });

  it("replaces an account when it is told to", async () => {
    const env = makeHome(TWO);
    await runCommand(add, ["prod", "--oauth-token-stdin", "--replace"], { env, stdin: "token-of-ana" });
    const account = (await config(env)).account("prod");
    assert.equal(account?.username, undefined);
    assert.equal(account?.secret, undefined);
    assert.deepEqual(account?.oauthToken, { kind: "value", value: "token-of-ana" });
  });

  it("changes nothing with --dry-run", async () => {
    const env = makeHome(TWO);
    const outcome = await runCommand(add, ["new", "--token-env", "T", "--dry-run"], { env });
    assert.match(outcome.notes.join("\n"), /was not changed \(--dry-run\)/);
    assert.equal(readFileSync(configPath(env), "utf8"), TWO);
  });
});

describe("mp account list and show", () => {
  it("list marks the active account and shows no secret", async () => {
    const outcome = await runCommand(list, [], { env: makeHome(TWO) });
    assert.deepEqual(outcome.rows, [
      { active: "*", name: "prod", credentials: "service account", user: "ana", region: "eu", project: "5" },
      { active: "", name: "test", credentials: "project token", user: "", region: "", project: "" },
    ]);
    assert.doesNotMatch(outcome.seen, /hunter2/);
  });

  it("list shows the others when one account can't be read", async () => {
    const env = makeHome(`[accounts.bad]\nregion = "asia"\n\n[accounts.good]\noauth_token = "x"\n`);
    const { rows } = await runCommand(list, [], { env });
    assert.deepEqual(rows?.map((row) => [row.name, row.credentials]), [
      ["bad", `Cannot use accounts.bad.region "asia": no such region`],
      ["good", "OAuth token"],
    ]);
  });

  it("list of no accounts is an empty list, and says how to get one", async () => {
    const outcome = await runCommand(list, [], { env: makeHome() });
    assert.deepEqual(outcome.data, []);
    assert.match(outcome.notes[0] ?? "", /mp login/);
  });

  it("show takes the active account, --account or a name", async () => {
    const env = makeHome(TWO);
    const names = await Promise.all(
      [[], ["-a", "test"], ["test"]].map(async (argv) =>
        ((await runCommand(show, argv, { env })).data as { name: string }).name
      ),
    );
    assert.deepEqual(names, ["prod", "test", "test"]);
  });

  it("show names the nearest account there is", async () => {
    const outcome = await runCommand(show, ["prdo"], { env: makeHome(TWO) });
    assert.equal(outcome.error?.hint, "did you mean 'prod'?");
    assert.equal(outcome.code, 3);
  });
});

describe("mp account use and remove", () => {
  it("use changes the active account, and says when the shell's goes before", async () => {
    const env = { ...makeHome(TWO), MP_ACCOUNT: "prod" };
    const outcome = await runCommand(use, ["test"], { env });
    assert.equal((await config(env)).active, "test");
    assert.match(outcome.notes.join("\n"), /now test\nMP_ACCOUNT is set in this shell: prod/);
  });

  it("use refuses an account that is not there", async () => {
    const env = makeHome(TWO);
    assert.equal((await runCommand(use, ["nobody"], { env })).code, 3);
    assert.equal(readFileSync(configPath(env), "utf8"), TWO);
  });

  it("remove asks first, and leaves no account active when the active one goes", async () => {
    const env = makeHome(TWO);
    assert.equal((await runCommand(remove, ["prod"], { env })).error?.code, "not_confirmed");
    assert.equal(readFileSync(configPath(env), "utf8"), TWO);
    const outcome = await runCommand(remove, ["prod", "--yes"], { env });
    assert.equal(outcome.confirmed.length, 1);
    const left = await config(env);
    assert.deepEqual([left.active, left.names], [undefined, ["test"]]);
    assert.doesNotMatch(readFileSync(configPath(env), "utf8"), /hunter2/);
  });
});

describe("mp account import", () => {
  const official = `[active]
account = "team"
[accounts.team]
type = "service_account"
region = "in"
default_project = "7"
username = "bob"
secret = "bobs-own-secret"
[accounts.prod]
type = "oauth_token"
region = "us"
token = "other-token"
[accounts.me]
type = "oauth_browser"
region = "us"
`;
  const write = (home: string) => {
    const path = join(home, "official.toml");
    writeFileSync(path, official, { mode: 0o600 });
    return path;
  };

  it("takes over what it can, keeps accounts of the same name, and shows no secret", async () => {
    const env = makeHome(TWO);
    const outcome = await runCommand(importAccounts, [write(env.HOME)], { env });
    assert.deepEqual(outcome.rows?.map((row) => `${row.name}: ${row.outcome}`), [
      "team: imported",
      "prod: skipped",
      "me: skipped",
    ]);
    const stored = await config(env);
    assert.equal(stored.active, "prod");
    assert.equal(stored.account("team")?.projectId, "7");
    assert.equal(stored.account("prod")?.username, "ana");
    assert.doesNotMatch(outcome.seen, /bobs-own|other-token/);
  });

  it("makes the client's default the active account when none is", async () => {
    const env = makeHome();
    await runCommand(importAccounts, [write(env.HOME), "--replace"], { env });
    const stored = await config(env);
    assert.deepEqual([stored.active, stored.names], ["team", ["team", "prod"]]);
    assert.equal(stored.official, false);
  });

  it("says when the file is not there, or something else", async () => {
    const env = makeHome(TWO);
    assert.match(
      (await runCommand(importAccounts, [], { env })).error?.message ?? "",
      /\.mp\/config.toml: no such file/,
    );
    const own = await runCommand(importAccounts, [configPath(env)], { env });
    assert.match(own.error?.message ?? "", /no config file of Mixpanel's Python client/);
  });
});
