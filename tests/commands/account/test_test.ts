import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { testAccount } from "../../../src/commands/account/test.ts";
import { GLOBALS, makeContext, makeHome, ME, PROD, REFUSED, regions } from "./run_command.ts";

describe("mp account test", () => {
  async function test(answer: unknown, name: string, env: Record<string, string> = makeHome(PROD)) {
    const { connect, asked } = regions({ eu: answer, us: answer });
    const { context } = makeContext(GLOBALS, { env });
    const result = await testAccount(context, name, connect).catch((error) => error);
    return { result, asked };
  }

  it("asks with the account's credentials, also when the environment has others", async () => {
    const env = { ...makeHome(PROD), MP_USERNAME: "bob", MP_SECRET: "bobs-secret", MP_PROJECT_ID: "9" };
    const { result, asked } = await test(ME, "prod", env);
    assert.deepEqual(result, {
      account: "prod",
      works: true,
      region: "eu",
      user: "ana@example.com",
      project: "5",
      visible_projects: 2,
    });
    assert.deepEqual(asked[0]?.credentials, { serviceAccount: { username: "ana", secret: "hunter2secret" } });
  });

  it("fails when the server refuses, or when the project is not visible", async () => {
    assert.equal((await test(REFUSED, "prod")).result, REFUSED);
    assert.equal((await test({ ...ME, projects: {} }, "prod")).result.code, "project_not_visible");
  });

  it("says that a project token can't be tested", async () => {
    const { result, asked } = await test(ME, "tracking");
    assert.equal(result.code, "untestable_account");
    assert.equal(asked.length, 0);
  });
});
