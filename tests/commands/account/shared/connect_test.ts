import { after, before, describe, it } from "node:test";
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import login from "../../../../src/commands/login.ts";
import test from "../../../../src/commands/account/test.ts";
import { readConfig } from "../../../../src/settings/file.ts";
import { configPath } from "../../../../src/settings/paths.ts";
import { makeHome, ME, runCommand } from "../run_command.ts";

/** Knows one service account and one bearer token, and `/me` alone. */
let server: Server;
let baseUrl: string;
const asked: string[] = [];

before(async () => {
  const known = new Set([`Basic ${btoa("ana:hunter2secret")}`, "Bearer token-of-ana"]);
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const isKnown = known.has(request.headers.authorization ?? "");
    const body = isKnown
      ? { status: "ok", results: ME }
      : { status: "error", error: "Invalid service account credentials" };
    response.writeHead(isKnown ? 200 : 401, { "content-type": "application/json", connection: "close" });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => new Promise((resolve) => server.close(resolve)));

describe("credentials that are tried over HTTP", () => {
  it("are stored by login when the server knows them, and then pass the test", async () => {
    const home = makeHome();
    const env = { ...home, MP_API_BASE_URL: baseUrl };
    const argv = ["prod", "--username", "ana", "--secret-stdin", "--project", "5"];
    const outcome = await runCommand(login, argv, { env, stdin: "hunter2secret\n" });
    assert.equal(outcome.error, undefined);
    assert.deepEqual(outcome.data, {
      name: "prod",
      active: true,
      credentials: ["service account"],
      username: "ana",
      secret: "hidden",
      region: "us",
      project_id: "5",
      base_url: baseUrl,
      user: "ana@example.com",
      project_name: "Shop",
      visible_projects: 2,
    });
    assert.match(asked[0] ?? "", /^GET \/api\/app\/me/);
    assert.equal((await readConfig(configPath(home))).account("prod")?.baseUrl, baseUrl);
    const tested = await runCommand(test, [], { env: home });
    assert.equal(tested.code, 0);
    assert.deepEqual((tested.data as Record<string, unknown>).works, true);
    assert.doesNotMatch(outcome.seen + tested.seen, /hunter2|YW5hOm/);
  });

  it("are not stored when it does not, and the error has the server's words and exit code 2", async () => {
    const env = { ...makeHome(), MP_API_BASE_URL: baseUrl };
    const outcome = await runCommand(login, ["--username", "ana", "--secret-stdin"], { env, stdin: "wrong-secret" });
    assert.equal(outcome.code, 2);
    assert.match(`${outcome.error?.message} ${outcome.error?.serverMessage}`, /Invalid service account credentials/);
    assert.equal((await readConfig(configPath(env))).exists, false);
    assert.doesNotMatch(outcome.seen, /wrong-secret/);
  });

  it("are tested one by one with --all, and one failure makes the exit code 2", async () => {
    const env = makeHome(`[accounts.good]
oauth_token = "token-of-ana"
base_url = "${baseUrl}"

[accounts.bad]
username = "bob"
secret = "bobs-secret"
base_url = "${baseUrl}"

[accounts.tracking]
project_token = "tok"
`);
    const outcome = await runCommand(test, ["--all"], { env });
    assert.equal(outcome.code, 2);
    assert.deepEqual(outcome.rows?.map((row) => [row.account, row.works, row.user]), [
      ["good", true, "ana@example.com"],
      ["bad", false, ""],
      ["tracking", false, ""],
    ]);
    assert.doesNotMatch(outcome.seen, /bobs-secret|token-of-ana/);
  });
});
