import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { type ResolvedSituation, settingsOf } from "./resolved.ts";

type Situation = Omit<ResolvedSituation, "accounts">;

const EMULATOR = { base_url: "http://127.0.0.1:8080", username: "sandbox", secret: "of-the-emulator" };
const GATEWAY = { base_url: "https://gateway.example", project_id: "1" };
const REAL = { username: "ana", secret: "of-mixpanel" };
/** The credentials of that account in the environment. */
const IDENTITY = { MP_USERNAME: REAL.username, MP_SECRET: REAL.secret };

describe("an address and the credentials that go to it", () => {
  const accounts = {
    emulator: EMULATOR,
    real: REAL,
    lent: { username: REAL.username, secret_env: "MP_SECRET" },
    gateway: GATEWAY,
  };
  const address = { MP_API_BASE_URL: EMULATOR.base_url };
  const rows: [string, Situation, secret: string, address: string | undefined][] = [
    ["the emulator's go to the emulator", { active: "emulator" }, "of-the-emulator", "http://127.0.0.1:8080"],
    [
      "the environment's do not go to the address of an account with its own",
      { active: "emulator", env: IDENTITY },
      "of-mixpanel",
      undefined,
    ],
    ["nor by MP_ACCOUNT", { env: { ...IDENTITY, MP_ACCOUNT: "emulator" } }, "of-mixpanel", undefined],
    [
      "a token of the environment neither",
      { active: "emulator", env: { MP_OAUTH_TOKEN: "of-oauth" } },
      "of-oauth",
      undefined,
    ],
    [
      "they go to the environment's own",
      { active: "emulator", env: { ...IDENTITY, MP_API_BASE_URL: "https://own.example" } },
      "of-mixpanel",
      "https://own.example",
    ],
    [
      "they go to an account's address that stands without credentials",
      { active: "gateway", env: IDENTITY },
      "of-mixpanel",
      "https://gateway.example",
    ],
    [
      "those of an account do not go to the address of an environment with its own",
      { flags: { account: "real" }, env: { MP_USERNAME: "sandbox", MP_SECRET: "of-the-emulator", ...address } },
      "of-mixpanel",
      undefined,
    ],
    [
      "they go to the environment's address that stands without credentials",
      { active: "real", env: address },
      "of-mixpanel",
      "http://127.0.0.1:8080",
    ],
    [
      "those of an account with an address of its own do not go to the environment's",
      { active: "emulator", env: { MP_API_BASE_URL: "https://own.example" } },
      "of-the-emulator",
      "http://127.0.0.1:8080",
    ],
    [
      "nor by MP_ACCOUNT to the environment's",
      { env: { MP_ACCOUNT: "emulator", MP_API_BASE_URL: "https://own.example" } },
      "of-the-emulator",
      "http://127.0.0.1:8080",
    ],
    [
      "nor with a token beside it",
      { active: "emulator", env: { MP_TOKEN: "of-a-project", MP_API_BASE_URL: "https://own.example" } },
      "of-the-emulator",
      "http://127.0.0.1:8080",
    ],
    [
      "an account that keeps its secret in the environment goes to the environment's address",
      { active: "lent", env: { MP_SECRET: "of-mixpanel", ...address } },
      "of-mixpanel",
      "http://127.0.0.1:8080",
    ],
  ];
  for (const [name, situation, secret, baseUrl] of rows) {
    it(name, async () => {
      const settings = await settingsOf({ accounts, ...situation });
      const { serviceAccount, oauthToken } = await settings.resolveSecrets();
      assert.deepEqual([serviceAccount?.secret ?? oauthToken, settings.baseUrl?.value], [secret, baseUrl]);
    });
  }
});

describe("an address and the project token that goes to it", () => {
  const emulators = EMULATOR.base_url;
  const accounts = {
    emulator: EMULATOR,
    complete: { ...EMULATOR, project_token: "account-token" },
    lent: { ...EMULATOR, project_token_env: "MP_TOKEN" },
    tokenOnly: { base_url: emulators, project_token: "account-token" },
    gateway: GATEWAY,
    real: REAL,
  };
  const token = { MP_TOKEN: "environment-token" };
  const address = { MP_API_BASE_URL: "http://own.example" };
  const unsent = "MP_TOKEN does not go to http://127.0.0.1:8080, the address of account 'emulator'";
  const rows: [string, Situation, token: string | undefined, address: string | undefined, unsent?: string][] = [
    ["the environment's does not go to an account's", { active: "emulator", env: token }, undefined, emulators, unsent],
    ["nor by MP_ACCOUNT", { env: { ...token, MP_ACCOUNT: "emulator" } }, undefined, emulators, unsent],
    ["nor by --account", { flags: { account: "emulator" }, env: token }, undefined, emulators, unsent],
    ["the account's own goes there instead", { active: "complete", env: token }, "account-token", emulators],
    [
      "one that the account lends from the environment does",
      { active: "lent", env: token },
      "environment-token",
      emulators,
    ],
    [
      "an account of nothing else keeps its address for it",
      { active: "tokenOnly", env: token },
      "account-token",
      emulators,
    ],
    [
      "it goes to an address that stands without credentials",
      { active: "gateway", env: token },
      "environment-token",
      "https://gateway.example",
    ],
    [
      "with all credentials of the environment it goes to Mixpanel",
      { active: "emulator", env: { ...token, ...IDENTITY } },
      "environment-token",
      undefined,
    ],
    ["an account's does not go to Mixpanel with these", { active: "complete", env: IDENTITY }, undefined, undefined],
    [
      "it goes to the environment's address",
      { active: "emulator", env: { ...token, ...IDENTITY, ...address } },
      "environment-token",
      "http://own.example",
    ],
    [
      "also beside an account's credentials",
      { active: "real", env: { ...token, ...address } },
      "environment-token",
      "http://own.example",
    ],
    ["an account without an address takes it", { active: "real", env: token }, "environment-token", undefined],
    [
      "a lone token of an account with an address does not go to the environment's",
      { active: "tokenOnly", env: address },
      "account-token",
      emulators,
    ],
    [
      "but the environment's does",
      { active: "tokenOnly", env: { ...token, ...address } },
      "environment-token",
      "http://own.example",
    ],
    [
      "the environment's stays away from an account's address that is used instead of its own",
      { active: "emulator", env: { ...token, ...address } },
      undefined,
      emulators,
      unsent,
    ],
    [
      "an account that is named does not take it from beside another address",
      { flags: { account: "real" }, env: { ...token, ...IDENTITY, ...address } },
      undefined,
      undefined,
      "MP_TOKEN goes to MP_API_BASE_URL alone, and account 'real' does not",
    ],
  ];
  for (const [name, situation, expected, baseUrl, why] of rows) {
    it(name, async () => {
      const settings = await settingsOf({ accounts, ...situation });
      const { projectToken } = await settings.resolveSecrets();
      assert.deepEqual([projectToken, settings.baseUrl?.value, settings.unsentToken], [expected, baseUrl, why]);
    });
  }

  it("says so when an account's address is skipped, but not when another is set", async () => {
    const said = async (situation: Situation) => (await settingsOf({ accounts, ...situation })).passedOverAddress;
    assert.equal(
      await said({ active: "emulator", env: IDENTITY }),
      "The credentials of the environment go to Mixpanel, and not to http://127.0.0.1:8080, which is for those of " +
        "account 'emulator'; --account emulator uses these",
    );
    assert.equal(await said({ active: "emulator", env: { ...IDENTITY, ...address } }), undefined);
    assert.equal(await said({ active: "emulator" }), undefined);
    const kept = "MP_API_BASE_URL is not used: account 'emulator' has an address of its own";
    assert.equal(await said({ active: "emulator", env: address }), kept);
    assert.equal(await said({ flags: { account: "emulator" }, env: address }), undefined);
    assert.equal(await said({ active: "emulator", env: { MP_API_BASE_URL: emulators } }), undefined);
    assert.equal(await said({ active: "gateway", env: address }), undefined);
    assert.equal(await said({ active: "gateway", env: IDENTITY }), undefined);
  });
});
