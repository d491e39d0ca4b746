import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { authorizationHeader, chooseAuthorization, credentialLabel } from "../../src/client/authorize.ts";
import { type Credentials, namedCredentials } from "../../src/client/credentials.ts";
import type { CredentialKind } from "../../src/client/types.ts";
import { connectionTo } from "./harness.ts";

const ALL = namedCredentials();

function choose(auth: CredentialKind[], credentials: Credentials) {
  return chooseAuthorization({ auth, method: "GET", path: "/x" }, connectionTo(undefined, { credentials }));
}

describe("chooseAuthorization", () => {
  it("follows the endpoint's preference, not the user's", () => {
    assert.equal(choose(["service_account", "oauth"], ALL)?.kind, "service_account");
    assert.equal(choose(["oauth", "service_account"], ALL)?.kind, "oauth");
    assert.equal(choose(["project_token", "project_secret"], ALL)?.kind, "project_token");
  });

  it("skips what the user does not have", () => {
    const { projectSecret } = ALL;
    assert.equal(choose(["service_account", "oauth", "project_secret"], { projectSecret })?.kind, "project_secret");
  });

  it("prefers a token at hand to one that must be fetched", () => {
    const { clientCredentials } = ALL;
    assert.equal(choose(["oauth"], ALL)?.kind, "oauth");
    assert.equal(choose(["oauth"], { clientCredentials })?.kind, "client_credentials");
  });

  it("chooses nothing where nothing is wanted", () => assert.equal(choose([], ALL), undefined));

  it("says why a token that is set is not sent", () => {
    const connection = connectionTo(undefined, { credentials: {}, unsentToken: "MP_TOKEN does not go there" });
    const request = { method: "GET", path: "/flags" } as const;
    assert.throws(() => chooseAuthorization({ ...request, auth: ["project_token"] }, connection), {
      code: "unsent_token",
      message: "Cannot call GET /flags: MP_TOKEN does not go there",
      hint: /^write project_token_env = "MP_TOKEN" into the account /,
    });
    assert.throws(() => chooseAuthorization({ ...request, auth: ["oauth"] }, connection), {
      code: "missing_credentials",
    });
  });

  it("says that nothing is set, or what is set without use", () => {
    assert.throws(() => choose(["oauth"], {}), { code: "missing_credentials", message: /no credentials are set$/ });
    const { projectSecret, projectToken } = ALL;
    assert.throws(() => choose(["oauth"], { projectSecret, projectToken }), {
      code: "wrong_credentials",
      message: /it needs an OAuth token, and only a project secret and a project token are set$/,
    });
  });
});

describe("credentials", () => {
  it("have labels without secrets", () => {
    for (const auth of ["service_account", "oauth", "project_secret", "project_token"] as const) {
      const chosen = choose([auth], ALL)!;
      assert.doesNotMatch(credentialLabel(chosen), /SECRET|TOKEN|\uE000MP_API/);
      assert.match(authorizationHeader(chosen)!, auth === "oauth" ? /^Bearer / : /^Basic /);
    }
  });
});
