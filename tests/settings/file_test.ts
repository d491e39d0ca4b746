import { after, before, describe, it } from "node:test";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { MpError } from "../../src/errors.ts";
import { readConfig, updateConfig } from "../../src/settings/file.ts";
import { fetchAccountSecrets } from "../../src/settings/secret_fetcher.ts";
import { itUnless } from "../helpers/needs.ts";

let folder: string;
let count = 0;
before(() => folder = mkdtempSync(join(tmpdir(), "mp-settings-")));
after(() => rmSync(folder, { recursive: true }));

function write(content: string, mode = 0o600): string {
  const path = join(folder, `config-${count++}.toml`);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

async function failure(promise: Promise<unknown>): Promise<MpError> {
  const error = await promise.then(() => undefined, (error) => error);
  assert.ok(error instanceof MpError, `expected an MpError, got ${error}`);
  return error;
}

describe("readConfig", () => {
  it("takes a missing file for an empty one", async () => {
    const config = await readConfig(join(folder, "nowhere", "config.toml"));
    assert.equal(config.exists, false);
    assert.deepEqual(config.names, []);
  });

  it("reads accounts with secrets of every kind, and ids written as numbers", async () => {
    const path = write(`[active]
account = "prod"
[accounts.prod]
region = "EU"
project_id = 123
username = "ana"
secret_command = "pass show mixpanel"
project_token_env = "PROD_TOKEN"
[accounts."a.b"]
oauth_token = "abc"
`);
    const config = await readConfig(path);
    assert.equal(config.active, "prod");
    assert.deepEqual(config.names, ["prod", "a.b"]);
    const prod = config.account("prod");
    assert.equal(prod?.region, "eu");
    assert.equal(prod?.projectId, "123");
    assert.deepEqual(prod?.secret, { kind: "command", command: "pass show mixpanel" });
    assert.deepEqual(prod?.projectToken, { kind: "env", variable: "PROD_TOKEN" });
    assert.deepEqual(config.account("a.b")?.oauthToken, { kind: "value", value: "abc" });
    assert.equal(config.account("staging"), undefined);
    assert.equal(config.account("toString"), undefined);
  });

  it("reads the active account also as a plain key", async () => {
    const config = await readConfig(write(`active = "a"\n[accounts.a]\nusername = "ana"\nsecret_env = "S"\n`));
    assert.equal(config.active, "a");
  });

  for (const mode of [0o620, 0o602, 0o660, 0o666]) {
    it(`refuses a file of mode ${mode.toString(8)}, which others can change, and says how to fix it`, async () => {
      const path = write("", mode);
      const error = await failure(readConfig(path));
      assert.equal(error.exitCode, 3);
      assert.match(error.message, new RegExp(`mode ${mode.toString(8)}`));
      assert.equal(error.hint, `chmod 600 ${path}`);
    });
  }

  for (const mode of [0o640, 0o604, 0o644, 0o440, 0o444]) {
    it(`reads a file of mode ${mode.toString(8)}, but gives away no secret in it`, async () => {
      const path = write(
        `[accounts.a]\nusername = "ana"\nsecret = "hunter2"\nproject_token = "t"\n` +
          `[accounts.b]\nusername = "ana"\nsecret_env = "S"\n[accounts.c]\noauth_token_command = "pass show c"\n`,
        mode,
      );
      const config = await readConfig(path);
      const keeper = {
        env: { S: "of the variable" },
        timeoutMs: 1000,
        runShell: () => Promise.resolve({ code: 0, stdout: "of the command\n", stderr: "" }),
      };
      const fetched = (name: string) => fetchAccountSecrets(config.account(name)!, keeper);
      const error = await failure(fetched("a"));
      assert.equal(error.exitCode, 3);
      assert.equal(error.code, "config_not_private");
      assert.equal(
        error.message,
        `Cannot use the secret of account 'a' in ${path}: other users of this machine can read it (mode ${
          mode.toString(8)
        })`,
      );
      assert.deepEqual(await fetched("b"), { serviceAccount: { username: "ana", secret: "of the variable" } });
      assert.deepEqual(await fetched("c"), { oauthToken: "of the command" });
      assert.deepEqual(config.account("a")?.projectToken, { kind: "value", value: "t" });
    });
  }

  itUnless(process.getuid?.() !== 0 && "needs root", "refuses a file of another user, but not of root", async () => {
    const path = write("");
    chownSync(path, 4321, 4321);
    const error = await failure(readConfig(path));
    assert.equal(error.exitCode, 3);
    assert.equal(error.code, "config_not_own");
    assert.equal(error.message, `Cannot read ${path}: it belongs to another user (user id 4321)`);
    chownSync(path, 0, 0);
    assert.equal((await readConfig(path)).exists, true);
  });

  it("accepts 400, which only its owner can read", async () => {
    assert.equal((await readConfig(write("", 0o400))).exists, true);
  });

  it("names line and column of a mistake, and shows nothing of the file", async () => {
    const path = write(`[accounts.prod]\nusername = "ana"\nsecret = hunter2\n`);
    const error = await failure(readConfig(path));
    assert.equal(error.message, `Cannot read ${path}: line 3, column 10: invalid value`);
    assert.doesNotMatch(JSON.stringify({ ...error, cause: String(error.cause) }), /hunter2/);
  });

  it("names line and column of an unfinished text", async () => {
    const error = await failure(readConfig(write(`[accounts.prod]\nsecret = "hunter2\n`)));
    assert.match(error.message, /line 2, column \d+/);
    assert.doesNotMatch(error.message, /hunter2/);
  });

  it("refuses two places for one secret, and values of the wrong kind, by account", async () => {
    const config = await readConfig(write(`[accounts.a]
username = "ana"
secret = "hunter2"
secret_env = "S"
[accounts.b]
secret = 12345678
[accounts.c]
region = "asia"
[accounts.d]
project_id = "12a"
[accounts.e]
username = "fine"
secret = "fine"
`));
    const message = (name: string) => {
      try {
        config.account(name);
        return "";
      } catch (error) {
        return (error as Error).message;
      }
    };
    assert.match(message("a"), /more than one of secret, secret_env and secret_command/);
    assert.doesNotMatch(message("a"), /hunter2/);
    assert.equal(message("b"), "Cannot use the account 'b': secret is not a text");
    assert.equal(message("c"), `Cannot use accounts.c.region "asia": no such region`);
    assert.match(message("d"), /accounts.d.project_id "12a": not a numeric id/);
    assert.equal(message("e"), "");
  });
});

describe("updateConfig", () => {
  const account = (name: string) => ({ name, username: "ana", secret: { kind: "value" as const, value: "hunter2" } });

  it("makes a private file in a private folder", async () => {
    const path = join(folder, "new", "deep", "config.toml");
    await updateConfig(path, () => ({ set: [account("prod")], active: "prod" }));
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(join(folder, "new")).mode & 0o777, 0o700);
    assert.equal((await readConfig(path)).account("prod")?.username, "ana");
    assert.deepEqual(readdirSync(join(folder, "new", "deep")).filter((name) => name.endsWith(".tmp")), []);
  });

  it("keeps the file behind a symbolic link, and the link", async () => {
    const path = write(`# mine\n`);
    const link = join(folder, "link.toml");
    symlinkSync(path, link);
    await updateConfig(link, () => ({ set: [account("prod")] }));
    assert.match(readFileSync(path, "utf8"), /^# mine\n\n\[accounts.prod\]/);
    assert.deepEqual((await readConfig(link)).names, ["prod"]);
  });

  it("changes nothing when the decision fails", async () => {
    const path = write(`[active]\naccount = "a"\n`);
    const error = await failure(updateConfig(path, () => {
      throw new MpError("Cannot do it", { category: "input" });
    }));
    assert.equal(error.message, "Cannot do it");
    assert.equal(readFileSync(path, "utf8"), `[active]\naccount = "a"\n`);
  });

  it("refuses to change a file that others can read, and one that is not TOML", async () => {
    const open = write("", 0o644);
    assert.equal((await failure(updateConfig(open, () => ({ set: [account("a")] })))).code, "config_not_private");
    const broken = write("[accounts");
    assert.equal((await failure(updateConfig(broken, () => ({ set: [account("a")] })))).code, "bad_config");
    assert.equal(readFileSync(broken, "utf8"), "[accounts");
  });

  it("refuses names that a shell would have to quote", async () => {
    const error = await failure(updateConfig(write(""), () => ({ set: [account("my account")] })));
    assert.equal(error.code, "bad_account_name");
  });

  it("reads the file of Mixpanel's Python client, and never changes it", async () => {
    const text = `[active]\naccount = "team"\n\n[accounts.team]\ntype = "service_account"\nregion = "in"\n` +
      `default_project = "7"\nusername = "ana"\nsecret = "hunter2"\n`;
    const path = write(text);
    const config = await readConfig(path);
    assert.equal(config.active, "team");
    assert.equal(config.account("team")?.projectId, "7");
    assert.equal((await failure(updateConfig(path, () => ({ set: [account("b")] })))).code, "foreign_config");
    assert.equal(readFileSync(path, "utf8"), text);
  });

  it("empties a lock file that a crash has left full of something else, and tells which", async () => {
    const path = write("");
    writeFileSync(`${path}.lock`, "garbage, and no database".repeat(50));
    const told: string[] = [];
    await updateConfig(path, () => ({ set: [account("a")] }), (lock) => told.push(lock));
    assert.deepEqual((await readConfig(path)).names, ["a"]);
    assert.deepEqual(told, [`${path}.lock`]);
    assert.equal(statSync(`${path}.lock`).size, 0);
  });

  it("loses nothing when tasks of one process add accounts at once", async () => {
    const path = write("");
    const names = Array.from({ length: 8 }, (_, index) => `account-${index}`);
    await Promise.all(names.map((name) => updateConfig(path, () => ({ set: [account(name)] }))));
    assert.deepEqual([...(await readConfig(path)).names].sort(), names);
  });

  it("loses nothing when several processes add accounts at once", async () => {
    const path = write("");
    const script = fileURLToPath(new URL("./add_accounts.ts", import.meta.url));
    const runtime = "Deno" in globalThis ? ["run", "-A", "--no-check"] : ["run"];
    await Promise.all(["a", "b", "c"].map((prefix) =>
      new Promise<void>((resolve, reject) => {
        const child = spawn(process.execPath, [...runtime, script, path, prefix], { stdio: "inherit" });
        child.on("error", reject);
        child.on("close", (code) => code === 0 ? resolve() : reject(new Error(`process ${prefix} ended with ${code}`)));
      })
    ));
    const names = [...(await readConfig(path)).names].sort();
    assert.deepEqual(names, ["a", "b", "c"].flatMap((prefix) => [0, 1, 2, 3, 4].map((index) => prefix + index)));
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });
});
