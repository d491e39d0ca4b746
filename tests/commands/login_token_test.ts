import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { join, makeTemporaryFolder, readTextFile, removeFile } from "../../src/runtime/files/files.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { openProgramLab } from "../helpers/program_lab.ts";

describe("mp login with an OAuth client", () => {
  it("trades its secret for a token, proves it, and keeps where the secret is", async () => {
    const lab = openProgramLab();
    const folder = await makeTemporaryFolder("mp-login-");
    const config = join(folder, "config.toml");
    try {
      const env = {
        MP_CONFIG_PATH: config,
        MP_USERNAME: "",
        MP_SECRET: "",
        CLIENT_SECRET: SANDBOX.clientSecret,
      };
      const flags = ["--client-id", SANDBOX.clientId, "--client-secret-env", "CLIENT_SECRET"];
      const { code, stdout, stderr } = await lab.mp(["login", "ci", ...flags, "--yes", "-f", "json"], { env });
      assert.equal(code, 0, stderr);
      const [token, me] = lab.requests;
      assert.deepEqual([token!.method, token!.path], ["POST", "/oauth/token"]);
      assert.deepEqual(Object.fromEntries(new URLSearchParams(token!.text)), {
        grant_type: "client_credentials",
        client_id: SANDBOX.clientId,
        client_secret: SANDBOX.clientSecret,
      });
      assert.equal(me!.path, "/api/app/me");
      assert.match(me!.headers.get("authorization")!, /^Bearer sandbox-/);
      assert.match(JSON.parse(stdout).user, /^sandbox-client@/);
      for (const text of [stdout, stderr, (await readTextFile(config))!]) {
        assert.ok(!text.includes(SANDBOX.clientSecret), text);
      }
    } finally {
      await lab.stop();
      await removeFile(folder);
    }
  });
});
