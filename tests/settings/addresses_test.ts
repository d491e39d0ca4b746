import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { type Account, readAccount, type Table } from "../../src/settings/account.ts";
import { resolveSettings, type SettingsFlags } from "../../src/settings/resolve.ts";

interface Situation {
  flags?: SettingsFlags;
  env?: Record<string, string>;
  active?: string;
}

function resolve({ flags = {}, env = {}, active }: Situation, accounts: Record<string, Table>) {
  return resolveSettings({
    flags,
    env: { HOME: "/home/ana", ...env },
    readConfig: () =>
      Promise.resolve({
        path: "/home/ana/.config/mp/config.toml",
        exists: true,
        active,
        names: Object.keys(accounts),
        account: (name): Account | undefined => accounts[name] && readAccount(name, accounts[name]),
        official: false,
      }),
    runShell: (command) => Promise.reject(new Error(`unexpected command: ${command}`)),
  });
}

describe("an address and the credentials that go to it", () => {
  const emulator = {
    base_url: "http://127.0.0.1:8080",
    username: "sandbox",
    secret: "of-the-emulator",
  };
  const accounts = {
    emulator,
    real: { username: "ana", secret: "of-mixpanel" },
    lent: { username: "ana", secret_env: "MP_SECRET" },
    gateway: { base_url: "https://gateway.example", project_id: "1" },
  };
  const real = { MP_USERNAME: "ana", MP_SECRET: "of-mixpanel" };
  const address = { MP_API_BASE_URL: "http://127.0.0.1:8080" };
  const rows: [string, Situation, secret: string, address: string | undefined][] = [
    ["the emulator's go to the emulator", { active: "emulator" }, "of-the-emulator", "http://127.0.0.1:8080"],
    [
      "the environment's do not go to the address of an account with its own",
      { active: "emulator", env: real },
      "of-mixpanel",
      undefined,
    ],
    ["nor by MP_ACCOUNT", { env: { ...real, MP_ACCOUNT: "emulator" } }, "of-mixpanel", undefined],
    [
      "a token of the environment neither",
      { active: "emulator", env: { MP_OAUTH_TOKEN: "of-oauth" } },
      "of-oauth",
      undefined,
    ],
    [
      "they go to the environment's own",
      { active: "emulator", env: { ...real, MP_API_BASE_URL: "https://own.example" } },
      "of-mixpanel",
      "https://own.example",
    ],
    [
      "they go to an account's address that stands without credentials",
      { active: "gateway", env: real },
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
      "an account that keeps its secret in the environment goes to the environment's address",
      { active: "lent", env: { MP_SECRET: "of-mixpanel", ...address } },
      "of-mixpanel",
      "http://127.0.0.1:8080",
    ],
  ];
  for (const [name, situation, secret, baseUrl] of rows) {
    it(name, async () => {
      const settings = await resolve(situation, accounts);
      const { serviceAccount, oauthToken } = await settings.resolveSecrets();
      assert.deepEqual([serviceAccount?.secret ?? oauthToken, settings.baseUrl?.value], [secret, baseUrl]);
    });
  }
});
