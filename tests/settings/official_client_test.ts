import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { isOfficialLayout, readOfficialLayout } from "../../src/settings/official_client.ts";
import { parseToml } from "../../src/streams/toml.ts";

function read(text: string) {
  const document = parseToml(text);
  assert.ok(isOfficialLayout(document));
  const { accounts, active, skipped } = readOfficialLayout(document);
  const known = [...accounts.values()].map((one) =>
    Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined))
  );
  return { accounts: known, active, skipped };
}

describe("the Python client's config file", () => {
  it("is read in its first layout", () => {
    const layout = `default = "prod"
[accounts.prod]
username = "ana"
secret = "hunter2"
project_id = "5"
region = "eu"
`;
    assert.deepEqual(read(layout), {
      accounts: [{
        name: "prod",
        region: "eu",
        projectId: "5",
        username: "ana",
        secret: { kind: "value", value: "hunter2" },
      }],
      active: "prod",
      skipped: [],
    });
  });

  it("is read in its second layout, where the project stands apart", () => {
    const layout = `config_version = 2
[active]
credential = "sa"
project_id = "5"
workspace_id = 77
[credentials.sa]
type = "service_account"
username = "ana"
secret = "hunter2"
region = "us"
[credentials.browser]
type = "oauth"
region = "us"
[projects.demo]
project_id = "5"
credential = "sa"
`;
    assert.deepEqual(read(layout), {
      accounts: [{
        name: "sa",
        region: "us",
        projectId: "5",
        workspaceId: "77",
        username: "ana",
        secret: { kind: "value", value: "hunter2" },
      }],
      active: "sa",
      skipped: [{ name: "browser", reason: "its browser login is kept elsewhere; log in again with 'mp login'" }],
    });
  });

  it("is read in its third layout, with bearer tokens and their variables", () => {
    const layout = `[active]
account = "ci"
workspace = 3
[accounts.team]
type = "service_account"
region = "in"
default_project = "7"
username = "ana"
secret = "hunter2"
[accounts.ci]
type = "oauth_token"
region = "us"
token_env = "CI_TOKEN"
[accounts.raw]
type = "oauth_token"
region = "us"
token = "abc"
[accounts.me]
type = "oauth_browser"
region = "us"
[targets.x]
account = "team"
project = "9"
`;
    const { accounts, active, skipped } = read(layout);
    assert.equal(active, "ci");
    assert.deepEqual(skipped.map((one) => one.name), ["me"]);
    assert.deepEqual(accounts, [
      { name: "team", region: "in", projectId: "7", username: "ana", secret: { kind: "value", value: "hunter2" } },
      { name: "ci", region: "us", workspaceId: "3", oauthToken: { kind: "env", variable: "CI_TOKEN" } },
      { name: "raw", region: "us", oauthToken: { kind: "value", value: "abc" } },
    ]);
  });

  it("is told from mp's own", () => {
    assert.equal(isOfficialLayout(parseToml(`[active]\naccount = "a"\n[accounts.a]\nproject_id = "1"\n`)), false);
    assert.equal(isOfficialLayout(parseToml("")), false);
  });
});
