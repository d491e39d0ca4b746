import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { TokenSession } from "../../src/client/token_session.ts";
import type { WireRequest } from "../../src/client/types.ts";
import { fakeClient } from "../jobs/fake_client.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { failure } from "./harness.ts";

const folder = temporaryFolder();
const OVER = { mp_session: 1, client_id: "c-1", access_token: "old-4711", refresh_token: "again-4711", expires_at: 0 };
let sessions = 0;

function sessionThatAnswers(text: string, notes: string[] = []) {
  const path = folder.write(`session-${++sessions}.json`, JSON.stringify(OVER));
  const client = fakeClient(() => text);
  const send = (request: WireRequest) => client.send(request);
  return {
    path,
    session: new TokenSession({ path, owner: "account 'a'" }, send, () => 1000, (line) => notes.push(line)),
  };
}

describe("a login in the browser", () => {
  it("is renewed by what the server answers, and names a lock that was damaged", async () => {
    const notes: string[] = [];
    const { path, session } = sessionThatAnswers('{"access_token":"new-4711","expires_in":600}', notes);
    writeFileSync(`${path}.lock`, "garbage");
    assert.equal(await session.get(), "new-4711");
    assert.deepEqual(notes, [`The lock ${path}.lock was damaged; it was replaced`]);
  });

  it("is not renewed by anything else, which is said", async () => {
    for (const text of ["<html>Log in</html>", "", "null", "[]", "{}", '{"access_token":""}']) {
      const error = await failure(sessionThatAnswers(text).session.get());
      assert.match(error.message, /Cannot renew the login of account 'a': there is no access token in the answer/);
      assert.equal(error.exitCode, 6);
    }
  });
});
