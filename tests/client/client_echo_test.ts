import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rememberSecret } from "../../src/client/redact.ts";
import type { WireRequest } from "../../src/client/types.ts";
import { exportRequest, failure, harness, withServer } from "./harness.ts";

describe("answers of a server that repeats secrets", () => {
  it("are free of secrets, but for those that tell a token", () =>
    withServer(async (server) => {
      const secret = 'of-ana-1-with-"-in-it';
      rememberSecret(secret);
      const { client } = harness(server.url, { credentials: { serviceAccount: { username: "ana", secret } } });
      const answer = { json: { echo: secret }, headers: { "x-request-id": `a ${encodeURIComponent(secret)}` } };
      const request: Pick<WireRequest, "method" | "query" | "projectIn" | "repeatable"> = {
        method: "GET",
        query: [],
        projectIn: "none",
        repeatable: true,
      };
      server.on("GET", "/api/app/me", answer);
      const me = await client.send({ ...request, family: "app", path: "/me", auth: ["service_account"] });
      assert.equal(await me.text(), '{"echo":"[redacted]"}');
      assert.equal(me.headers.get("x-request-id"), "a [redacted]");
      server.on("GET", "/oauth/userinfo", answer);
      const user = await client.send({ ...request, family: "oauth", path: "/userinfo", auth: ["service_account"] });
      assert.equal(await user.text(), '{"echo":"[redacted]"}');
      server.on("GET", "/oauth/token", answer);
      const token = await client.send({ ...request, family: "oauth", path: "/token", auth: [] });
      assert.deepEqual(JSON.parse(await token.text()), { echo: secret });
    }));

  it("give nothing of a stream that begins with a secret, however it is cut", () =>
    withServer(async (server) => {
      const secret = "of-ana-2-Zk3pQ9xW";
      rememberSecret(secret);
      for (const form of [secret, secret.replace("Z", "\\u005a"), btoa(btoa(`ana:${secret}`))]) {
        const lines = [`{"event": "A"}\n{"echo": "`, ...form, `"}\n`];
        const chunks = lines.map((line) => `${line.length.toString(16)}\r\n${line}\r\n`);
        server.on("GET", "/api/2.0/export", {
          raw: ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", ...chunks, "0\r\n\r\n"],
          then: "close",
        });
        const answer = await harness(server.url).client.send(exportRequest());
        const error = await failure(answer.stream()[Symbol.asyncIterator]().next());
        assert.equal(error.code, "repeated_credentials", form);
      }
    }));
});
