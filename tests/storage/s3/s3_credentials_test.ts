import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { MpError } from "../../../src/errors.ts";
import { credentialSource } from "../../../src/storage/s3/s3_credentials.ts";
import { createTransport } from "../../../src/runtime/network/transport.ts";
import { startStubServer, type StubServer } from "../../helpers/stub_server.ts";

const transport = createTransport({ proxy: {} });

/** Sources in a home folder whose config file can be changed. */
async function atHome(
  test: (home: { configure(text: string): void; env: Record<string, string>; path: string }) => Promise<void>,
): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), "mp-aws-"));
  const config = join(path, "config");
  const env = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: join(path, "credentials") };
  try {
    await test({ configure: (text) => writeFileSync(config, text), env, path });
  } finally {
    rmSync(path, { recursive: true });
  }
}

async function withStub(test: (stub: StubServer) => Promise<void>): Promise<void> {
  const stub = await startStubServer();
  await test(stub).finally(() => stub.finish());
}

async function refused(promise: Promise<unknown>, message: string): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof MpError, String(error));
    assert.deepEqual([error.message, error.category], [message, "auth"]);
    return true;
  });
}

describe("credentialSource", () => {
  it("reads keys once, and again when a store says that they have expired", () =>
    atHome(async ({ configure, env }) => {
      const keys = (id: string) => configure(`[default]\naws_access_key_id=${id}\naws_secret_access_key=s\n`);
      keys("one");
      const source = credentialSource("s3://b", env, { transport, now: () => 0 });
      const first = await source();
      assert.equal(first.accessKeyId, "one");
      keys("two");
      assert.equal(await source(), first);
      const [second, same] = await Promise.all([source(first), source(first)]);
      assert.equal(second.accessKeyId, "two");
      assert.equal(same, second);
      assert.equal(await source(first), second);
    }));

  it("asks a helper, and again shortly before its keys run out", () =>
    atHome(async ({ configure, env, path }) => {
      const answer = join(path, "answer.json");
      const print = (id: string, minutes: number) =>
        writeFileSync(
          answer,
          JSON.stringify({
            Version: 1,
            AccessKeyId: id,
            SecretAccessKey: "s",
            SessionToken: "t",
            Expiration: new Date(minutes * 60_000).toISOString(),
          }),
        );
      configure(`[profile work]\ncredential_process = cat '${answer}'\n`);
      let nowMs = 0;
      const source = credentialSource("s3://b", { ...env, AWS_PROFILE: "work" }, { transport, now: () => nowMs });
      print("one", 60);
      assert.deepEqual(await source(), { accessKeyId: "one", secretAccessKey: "s", sessionToken: "t" });
      print("two", 120);
      nowMs = 54 * 60_000;
      assert.equal((await source()).accessKeyId, "one");
      nowMs = 56 * 60_000;
      assert.equal((await source()).accessKeyId, "two");
    }));

  it("says that a helper failed, and shows nothing of what it printed", () =>
    atHome(async ({ configure, env }) => {
      for (const [command, state] of [["echo secret; exit 3", "ended with 3"], ["echo secret", "printed no keys"]]) {
        configure(`[default]\ncredential_process = ${command}\n`);
        const source = credentialSource("s3://b", env, { transport, now: () => 0 });
        await refused(source(), `Cannot use s3://b: the credential_process of the profile "default" ${state}`);
      }
    }));

  it("asks again after a failure", () =>
    atHome(({ env }) =>
      withStub(async (stub) => {
        stub.on("GET", "/role", { status: 503, body: "busy" });
        stub.on("GET", "/role", { json: { AccessKeyId: "id", SecretAccessKey: "s" } });
        const variables = { ...env, AWS_CONTAINER_CREDENTIALS_FULL_URI: `${stub.url}/role` };
        const source = credentialSource("s3://b", variables, { transport, now: () => 0 });
        await refused(
          source(),
          "Cannot use s3://b: the address in AWS_CONTAINER_CREDENTIALS_FULL_URI gave no keys (503)",
        );
        assert.equal((await source()).accessKeyId, "id");
      })
    ));

  it("asks the address that a container is given", () =>
    atHome(({ env, path }) =>
      withStub(async (stub) => {
        const token = join(path, "token");
        writeFileSync(token, "the-token\n");
        stub.on("GET", "/role", ({ headers }) => {
          assert.equal(headers.get("authorization"), "the-token");
          return { json: { AccessKeyId: "id", SecretAccessKey: "s", Token: "t", Expiration: "2026-01-01T00:00:00Z" } };
        });
        stub.on("GET", "/none", { status: 404, body: "no role" });
        const variables = (uri: string) => ({
          ...env,
          AWS_CONTAINER_CREDENTIALS_FULL_URI: uri,
          AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: token,
        });
        const source = (uri: string) => credentialSource("s3://b", variables(uri), { transport, now: () => 0 });
        assert.deepEqual(await source(`${stub.url}/role`)(), {
          accessKeyId: "id",
          secretAccessKey: "s",
          sessionToken: "t",
        });
        await refused(
          source(`${stub.url}/none`)(),
          "Cannot use s3://b: the address in AWS_CONTAINER_CREDENTIALS_FULL_URI gave no keys (404)",
        );
        for (const uri of ["http://keys.example/role", "file:///etc/passwd", "nonsense"]) {
          await refused(
            source(uri)(),
            "Cannot use s3://b: AWS_CONTAINER_CREDENTIALS_FULL_URI is no address that keys may come from",
          );
        }
      })
    ));
});
