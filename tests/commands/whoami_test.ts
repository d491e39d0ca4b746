import { describe, it } from "node:test";
import assert from "node:assert/strict";
import type { Connection } from "../../src/client/types.ts";
import whoami from "../../src/commands/whoami.ts";
import { configPath } from "../../src/settings/paths.ts";
import { makeHome, ME, meClient, PROD, REFUSED, runCommand } from "./account/run_command.ts";

describe("mp whoami", () => {
  it("shows each value and where it came from, and no secret", async () => {
    const env = { ...makeHome(PROD), MP_TOKEN: "tok-of-shell", HTTPS_PROXY: "http://ana:hunter2@proxy:3128" };
    const outcome = await runCommand(whoami, ["--region", "in"], { env });
    assert.equal(outcome.error, undefined);
    const shown = outcome.rows?.map((row) => `${row.setting} | ${row.value} | ${row.source}`);
    assert.deepEqual(shown, [
      "account | prod | config file",
      "service account | ana (secret: hidden) | account prod",
      "project token | hidden | MP_TOKEN",
      "region | in | --region",
      "project | 5 | account prod",
      "time-out | 500 s | default",
      "pacing | on | default",
      "https proxy | http://…@proxy:3128 | environment",
      `config file | ${configPath(env)} | `,
    ]);
    assert.deepEqual((outcome.data as Record<string, unknown>).region, { value: "in", source: "--region" });
    assert.doesNotMatch(outcome.seen, /hunter2|tok-of-shell/);
  });

  it("says what to do without credentials", async () => {
    const outcome = await runCommand(whoami, [], { env: makeHome() });
    assert.equal(outcome.code, 0);
    assert.match(outcome.notes[0] ?? "", /mp login/);
  });

  it("asks the server with --verify", async () => {
    const connection = { region: "eu", credentials: {} } as Connection;
    const found = await runCommand(whoami, ["--verify"], { env: makeHome(PROD), client: meClient(connection, ME) });
    assert.deepEqual(
      found.rows?.filter((row) => row.source === "Mixpanel").map((row) => `${row.setting}: ${row.value}`),
      [
        "user: ana@example.com",
        "project name: Shop",
        "visible projects: 2",
      ],
    );
    const denied = await runCommand(whoami, ["--verify"], {
      env: makeHome(PROD),
      client: meClient(connection, REFUSED),
    });
    assert.equal(denied.code, 2);
    const gone = await runCommand(whoami, ["--verify", "--project", "7"], {
      env: makeHome(PROD),
      client: meClient(connection, ME),
    });
    assert.equal(gone.error?.code, "project_not_visible");
  });
});
