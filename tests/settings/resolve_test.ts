import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MpError } from "../../src/errors.ts";
import { describeCredential } from "../../src/settings/identity.ts";
import { type SettingsFlags, toConnection } from "../../src/settings/resolve.ts";

import type { RunShell } from "../../src/settings/secret.ts";
import { describeSource } from "../../src/settings/source.ts";
import { type ResolvedSituation, settingsOf } from "./resolved.ts";

const ACCOUNTS = {
  prod: {
    region: "eu",
    project_id: "1",
    workspace_id: "11",
    base_url: "https://gateway.example",
    username: "prod-user",
    secret: "prod-secret",
    project_token: "prod-token",
  },
  bare: { oauth_token: "bare-token" },
  half: { username: "half-user", project_token: "half-token" },
};

type Situation = Partial<ResolvedSituation>;

const resolve = (situation: Situation) => settingsOf({ accounts: ACCOUNTS, ...situation });

async function failure(promise: Promise<unknown>): Promise<MpError> {
  const error = await promise.then(() => undefined, (error) => error);
  assert.ok(error instanceof MpError, `expected an MpError, got ${error}`);
  return error;
}

describe("precedence of plain values", () => {
  const env = { MP_REGION: "in", MP_PROJECT_ID: "2", MP_WORKSPACE_ID: "22", MP_API_BASE_URL: "http://127.0.0.1:8080/" };
  const flags: SettingsFlags = { region: "us", project: "3", workspace: "33" };
  const rows: [string, Situation, string[]][] = [
    ["nothing set", {}, ["us (default)", "", "", ""]],
    ["active account", { active: "prod" }, [
      "eu (account prod)",
      "1 (account prod)",
      "11 (account prod)",
      "https://gateway.example (account prod)",
    ]],
    ["MP_ACCOUNT before the active account", { active: "bare", env: { MP_ACCOUNT: "prod" } }, [
      "eu (account prod)",
      "1 (account prod)",
      "11 (account prod)",
      "https://gateway.example (account prod)",
    ]],
    ["environment before the active account", { active: "prod", env }, [
      "in (MP_REGION)",
      "2 (MP_PROJECT_ID)",
      "22 (MP_WORKSPACE_ID)",
      "https://gateway.example (account prod)",
    ]],
    ["environment before an account of MP_ACCOUNT", { env: { ...env, MP_ACCOUNT: "prod" } }, [
      "in (MP_REGION)",
      "2 (MP_PROJECT_ID)",
      "22 (MP_WORKSPACE_ID)",
      "https://gateway.example (account prod)",
    ]],
    ["an account that was typed before the environment", { env, flags: { account: "prod" } }, [
      "eu (account prod)",
      "1 (account prod)",
      "11 (account prod)",
      "https://gateway.example (account prod)",
    ]],
    ["environment for what the typed account lacks", { env, flags: { account: "bare" } }, [
      "in (MP_REGION)",
      "2 (MP_PROJECT_ID)",
      "22 (MP_WORKSPACE_ID)",
      "http://127.0.0.1:8080 (MP_API_BASE_URL)",
    ]],
    ["flags before all", { env, active: "prod", flags }, [
      "us (--region)",
      "3 (--project)",
      "33 (--workspace)",
      "https://gateway.example (account prod)",
    ]],
    ["flags before an account that was typed", { flags: { ...flags, account: "prod" } }, [
      "us (--region)",
      "3 (--project)",
      "33 (--workspace)",
      "https://gateway.example (account prod)",
    ]],
  ];
  for (const [name, situation, expected] of rows) {
    it(name, async () => {
      const { region, projectId, workspaceId, baseUrl } = await resolve(situation);
      const shown = [region, projectId, workspaceId, baseUrl]
        .map((one) => one === undefined ? "" : `${one.value} (${describeSource(one.source)})`);
      assert.deepEqual(shown, expected);
    });
  }

  it("says where the account's name came from", async () => {
    const sources = [
      await resolve({ flags: { account: "prod" }, env: { MP_ACCOUNT: "bare" }, active: "half" }),
      await resolve({ env: { MP_ACCOUNT: "bare" }, active: "prod" }),
      await resolve({ active: "prod" }),
    ].map(({ account }) => `${account?.value} (${describeSource(account!.source)})`);
    assert.deepEqual(sources, ["prod (--account)", "bare (MP_ACCOUNT)", "prod (config file)"]);
  });

  it("takes time-out and pacing from flags or defaults", async () => {
    const byDefault = await resolve({});
    assert.deepEqual([byDefault.timeoutMs.value, byDefault.pacing.value], [500_000, true]);
    const byFlag = await resolve({ flags: { timeoutMs: 5, pacing: false } });
    assert.deepEqual(byFlag.timeoutMs, { value: 5, source: { kind: "flag", name: "--timeout" } });
    assert.deepEqual(byFlag.pacing, { value: false, source: { kind: "flag", name: "--no-pacing" } });
  });
});

describe("values that can't be right", () => {
  const rows: [Situation, RegExp][] = [
    [{ env: { MP_REGION: "asia" } }, /Cannot use MP_REGION "asia": no such region/],
    [{ flags: { project: "12x" } }, /Cannot use --project "12x": not a numeric id/],
    [{ env: { MP_WORKSPACE_ID: "-1" } }, /Cannot use MP_WORKSPACE_ID "-1"/],
    [{ env: { MP_API_BASE_URL: "ftp://host" } }, /Cannot use MP_API_BASE_URL: it is not an http or https address/],
    [{ env: { MP_API_BASE_URL: "https://host/?key=1" } }, /it has a query or fragment/],
    [{ flags: { account: "prd" } }, /Cannot use --account "prd": no such account/],
    [{ env: { MP_ACCOUNT: "prd" } }, /Cannot use MP_ACCOUNT "prd": no such account/],
    [{ active: "gone" }, /Cannot use the active account "gone": no such account/],
  ];
  for (const [situation, message] of rows) {
    it(`fails with exit code 3: ${message.source}`, async () => {
      const error = await failure(resolve(situation));
      assert.match(error.message, message);
      assert.equal(error.exitCode, 3);
    });
  }

  it("never repeats a password in a base URL", async () => {
    const error = await failure(resolve({ env: { MP_API_BASE_URL: "https://ana:hunter2@host" } }));
    assert.match(error.message, /it holds a user name or password/);
    assert.doesNotMatch(`${error.message} ${error.hint}`, /hunter2/);
  });

  it("lists the accounts that exist", async () => {
    assert.match((await failure(resolve({ flags: { account: "x" } }))).hint ?? "", /accounts: prod, bare, half/);
    assert.match((await failure(resolve({ flags: { account: "x" }, accounts: {} }))).hint ?? "", /mp login/);
  });
});

describe("credentials", () => {
  const pair = { MP_USERNAME: "env-user", MP_SECRET: "env-secret" };
  const rows: [string, Situation, object][] = [
    ["none", {}, {}],
    ["a service account from the environment", { env: pair }, {
      serviceAccount: { username: "env-user", secret: "env-secret" },
    }],
    ["every other kind from the environment", {
      env: { MP_OAUTH_TOKEN: "o", MP_CLIENT_ID: "c", MP_CLIENT_SECRET: "s", MP_API_SECRET: "p", MP_TOKEN: "t" },
    }, {
      oauthToken: "o",
      clientCredentials: { clientId: "c", clientSecret: "s" },
      projectSecret: "p",
      projectToken: "t",
    }],
    ["those of the active account", { active: "prod" }, {
      serviceAccount: { username: "prod-user", secret: "prod-secret" },
      projectToken: "prod-token",
    }],
    ["the environment's before the active account's, whose project token is for its address", {
      env: pair,
      active: "prod",
    }, { serviceAccount: { username: "env-user", secret: "env-secret" } }],
    ["another kind from the environment, and not the account's preferred one", {
      env: { MP_OAUTH_TOKEN: "o", MP_TOKEN: "t" },
      active: "prod",
    }, { oauthToken: "o", projectToken: "t" }],
    ["those of an account that was typed before the environment's", {
      env: { ...pair, MP_OAUTH_TOKEN: "o", MP_TOKEN: "t" },
      flags: { account: "prod" },
    }, { serviceAccount: { username: "prod-user", secret: "prod-secret" }, projectToken: "prod-token" }],
    ["a project token from the environment when the typed account has none", {
      env: { MP_TOKEN: "t" },
      flags: { account: "bare" },
    }, { oauthToken: "bare-token", projectToken: "t" }],
    ["half a pair in the environment does no harm when the typed account has all", {
      env: { MP_USERNAME: "env-user" },
      flags: { account: "prod" },
    }, { serviceAccount: { username: "prod-user", secret: "prod-secret" }, projectToken: "prod-token" }],
    ["a half account does no harm when the environment has all", { env: pair, active: "half" }, {
      serviceAccount: { username: "env-user", secret: "env-secret" },
      projectToken: "half-token",
    }],
  ];
  for (const [name, situation, expected] of rows) {
    it(`uses ${name}`, async () => {
      assert.deepEqual(await (await resolve(situation)).resolveSecrets(), expected);
    });
  }

  it("never mixes a user name from the environment with a secret from an account", async () => {
    const error = await failure(resolve({ env: { MP_USERNAME: "env-user" }, active: "prod" }));
    assert.equal(error.message, "Cannot use MP_USERNAME without MP_SECRET: the environment holds one of the two");
    assert.match(error.hint ?? "", /unset MP_USERNAME to use the account 'prod'/);
    assert.equal(error.exitCode, 2);
    const reverse = await failure(resolve({ env: { MP_SECRET: "env-secret" }, active: "prod" }));
    assert.match(reverse.message, /MP_SECRET without MP_USERNAME/);
    assert.match((await failure(resolve({ env: { MP_CLIENT_ID: "c" } }))).message, /MP_CLIENT_ID without MP_CLIENT_S/);
  });

  it("lets an account keep its secret in MP_SECRET", async () => {
    const accounts = { a: { username: "ana", secret_env: "MP_SECRET" } };
    const resolved = await resolve({ accounts, active: "a", env: { MP_SECRET: "s" } });
    assert.deepEqual(await resolved.resolveSecrets(), { serviceAccount: { username: "ana", secret: "s" } });
    assert.equal(describeCredential(resolved.credentials[0]!), "ana (secret: variable MP_SECRET)");
  });

  it("refuses an account with a user name and no secret", async () => {
    const error = await failure(resolve({ active: "half" }));
    assert.equal(error.message, "Cannot use the account 'half': it has username but no secret");
    assert.equal(error.exitCode, 2);
  });

  it("describes credentials without their secrets", async () => {
    const { credentials } = await resolve({ active: "prod" });
    assert.deepEqual(credentials.map(describeCredential), ["prod-user (secret: hidden)", "hidden"]);
  });
});

describe("secrets that are kept elsewhere", () => {
  const accounts = {
    a: { username: "ana", secret_command: "pass show mixpanel", project_token_env: "TEAM_TOKEN" },
  };
  const shell = (result: Partial<Awaited<ReturnType<RunShell>>>) => () =>
    Promise.resolve({ code: 0, stdout: "", stderr: "", ...result });

  it("runs a command when its secret is asked for, and once", async () => {
    let runs = 0;
    const runShell: RunShell = (command) => {
      assert.equal(command, "pass show mixpanel");
      runs++;
      return Promise.resolve({ code: 0, stdout: "\nhunter2 \nuser: ana\n", stderr: "" });
    };
    const resolved = await resolve({ accounts, active: "a", runShell, env: { TEAM_TOKEN: "t" } });
    assert.deepEqual(await resolved.resolveSecrets(["project_token"]), { projectToken: "t" });
    assert.equal(runs, 0);
    await resolved.resolveSecrets();
    assert.deepEqual(await resolved.resolveSecrets(), {
      serviceAccount: { username: "ana", secret: "hunter2" },
      projectToken: "t",
    });
    assert.equal(runs, 1);
  });

  const failures: [string, RunShell, RegExp][] = [
    ["ends with an error", shell({ code: 1, stdout: "hunter2", stderr: "hunter2" }), /ended with code 1$/],
    ["prints nothing", shell({ stdout: "\n \n" }), /printed nothing$/],
    ["hangs", () => new Promise(() => {}), /took longer than 0.04 s$/],
    ["can't be run", () => Promise.reject(new Error("ENOENT")), /could not be run$/],
  ];
  for (const [what, runShell, message] of failures) {
    it(`fails as an authentication error, which names the command, when it ${what}`, async () => {
      const error = await failure((await resolve({ accounts, active: "a", runShell })).resolveSecrets());
      assert.equal(error.exitCode, 2);
      assert.match(error.message, /^Cannot get the secret of account 'a': the command 'pass show mixpanel'/);
      assert.match(error.message, message);
      assert.doesNotMatch(`${error.message} ${error.hint}`, /hunter2/);
    });
  }

  it("names the variable that is not set", async () => {
    const error = await failure((await resolve({ accounts, active: "a" })).resolveSecrets(["project_token"]));
    assert.equal(error.message, "Cannot get the secret of account 'a': the variable TEAM_TOKEN is not set");
  });
});

describe("toConnection", () => {
  it("carries everything that a client needs", async () => {
    const env = { https_proxy: "http://low:1", HTTPS_PROXY: "http://up:1", ALL_PROXY: "http://all:1", NO_PROXY: "*" };
    const connection = await toConnection(await resolve({ active: "prod", env, flags: { pacing: false } }));
    assert.deepEqual(connection, {
      region: "eu",
      baseUrl: "https://gateway.example",
      projectId: "1",
      workspaceId: "11",
      credentials: { serviceAccount: { username: "prod-user", secret: "prod-secret" }, projectToken: "prod-token" },
      timeoutMs: 500_000,
      secretIn: undefined,
      pacing: false,
      proxy: { http: undefined, https: "http://low:1", all: "http://all:1", none: "*" },
      extraCertificates: undefined,
      clientCertificate: undefined,
      unsentToken: undefined,
      places: {
        identity: "account 'prod'",
        projectToken: "account 'prod'",
        region: "account 'prod'",
        baseUrl: "account 'prod'",
        projectId: undefined,
      },
    });
  });

  it("knows which settings are an account's, and not those of the environment, of flags or given ones", async () => {
    const none = {
      identity: undefined,
      projectToken: undefined,
      region: undefined,
      baseUrl: undefined,
      projectId: undefined,
    };
    const env = { MP_OAUTH_TOKEN: "o", MP_TOKEN: "t", MP_REGION: "in", MP_API_BASE_URL: "http://127.0.0.1:1" };
    assert.deepEqual((await toConnection(await resolve({ active: "prod", env }))).places, none);
    const accounts = { a: { username: "ana", secret: "s" } };
    const ofA = { ...none, identity: "account 'a'" };
    const chosen = await resolve({ accounts, active: "a", env: { MP_TOKEN: "t" }, flags: { region: "eu" } });
    assert.deepEqual((await toConnection(chosen)).places, ofA);
    const byDefault = await resolve({ accounts, active: "a" });
    assert.deepEqual((await toConnection(byDefault)).places, { ...ofA, region: "account 'a'" });
    assert.deepEqual((await toConnection(byDefault, { oauthToken: "given" })).places, none);
    const ofAnother = await resolve({ accounts, active: "a", env: { MP_PROJECT_ID: "7" }, flags: { region: "eu" } });
    assert.deepEqual((await toConnection(ofAnother)).places, { ...ofA, projectId: "MP_PROJECT_ID" });
  });

  it("fetches no secret when credentials are given", async () => {
    const accounts = { a: { username: "ana", secret_command: "never" } };
    const connection = await toConnection(await resolve({ accounts, active: "a" }), { oauthToken: "given" });
    assert.deepEqual(connection.credentials, { oauthToken: "given" });
  });

  it("reads extra certificates, a file named twice once", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mp-certificates-"));
    try {
      const pem = join(folder, "ca.pem");
      writeFileSync(pem, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
      const env = { SSL_CERT_FILE: pem, NODE_EXTRA_CA_CERTS: pem };
      const { extraCertificates } = await toConnection(await resolve({ env }));
      assert.equal(extraCertificates, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
      writeFileSync(pem, "not a certificate");
      assert.match((await failure(toConnection(await resolve({ env })))).message, /it holds no PEM certificate$/);
      const missing = { SSL_CERT_FILE: join(folder, "nowhere.pem") };
      assert.match((await failure(toConnection(await resolve({ env: missing })))).message, /no such file$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
