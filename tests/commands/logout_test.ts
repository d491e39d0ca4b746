import { describe, it } from "node:test";
import assert from "node:assert/strict";
import logout from "../../src/commands/logout.ts";
import { readConfig } from "../../src/settings/file.ts";
import { configPath } from "../../src/settings/paths.ts";
import { makeHome, PROD, runCommand } from "./account/run_command.ts";

describe("mp logout", () => {
  it("forgets the active account, and names what the shell still holds", async () => {
    const env = { ...makeHome(PROD), MP_TOKEN: "tok-of-shell" };
    const outcome = await runCommand(logout, [], { env });
    assert.equal(outcome.code, 0);
    assert.deepEqual((await readConfig(configPath(env))).names, ["tracking"]);
    assert.match(outcome.notes.join("\n"), /account prod is forgotten\nThis shell still holds credentials: MP_TOKEN$/);
    assert.doesNotMatch(outcome.seen, /tok-of-shell/);
    assert.equal((await runCommand(logout, [], { env })).code, 3);
  });

  it("forgets the account that is named", async () => {
    const env = makeHome(PROD);
    await runCommand(logout, ["tracking"], { env });
    const config = await readConfig(configPath(env));
    assert.deepEqual([config.active, config.names], ["prod", ["prod"]]);
  });
});
