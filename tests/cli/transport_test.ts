import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { type S3Server, startS3Server } from "../helpers/s3_server.ts";
import { startStubServer } from "../helpers/stub_server.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
const DAY = ["--from", "2026-11-20", "--to", "2026-11-20"];
/** Each way by which a command reaches a storage, in an order in which each finds what it reads. */
const USES: [what: string, argv: string[]][] = [
  ["export events to a file", ["export", "events", ...DAY, "-o", "s3://bucket/events.jsonl.gz"]],
  ["export events to a folder", ["export", "events", ...DAY, "-o", "s3://bucket/days/"]],
  ["export verify", ["export", "verify", "s3://bucket/days/"]],
  ["export profiles", ["export", "profiles", "-o", "s3://bucket/profiles.jsonl"]],
  ["export all", ["export", "all", "s3://bucket/all", ...DAY]],
  ["import", ["import", "s3://bucket/events.jsonl.gz"]],
];

const folder = temporaryFolder();
let lab: ProgramLab;
before(() => {
  lab = openProgramLab();
});
after(() => lab.stop());

const pem = (name: string) => readFileSync(fixture(name), "utf8");
const TLS = { key: pem("good.key"), cert: pem("good.pem") };

async function withStore(
  test: (store: S3Server) => Promise<void>,
  tls?: { key: string; cert: string; ca?: string },
): Promise<void> {
  const store = await startS3Server({ tls });
  try {
    await test(store);
  } finally {
    await store.stop();
  }
}

const run = (argv: string[], env: Record<string, string>) =>
  lab.mp(argv, { env: { XDG_STATE_HOME: folder.path("state"), ...env } });

describe("every command that reaches a storage", () => {
  it("trusts the authorities of SSL_CERT_FILE", () =>
    withStore(async (store) => {
      for (const [what, argv] of USES) {
        const { code, stderr } = await run(argv, { ...store.env, SSL_CERT_FILE: fixture("ca.pem") });
        assert.equal(code, 0, `${what}: ${stderr}`);
      }
    }, TLS));

  it("shows the user's certificate", () =>
    withStore(async (store) => {
      const own = { MP_CLIENT_CERT: fixture("mixpanel.pem"), MP_CLIENT_KEY: fixture("mixpanel.key") };
      for (const [what, argv] of USES) {
        const env = { ...store.env, SSL_CERT_FILE: fixture("ca.pem") };
        const without = await run(argv, env);
        assert.equal(without.code, 7, `${what}: ${without.stderr}`);
        const { code, stderr } = await run(argv, { ...env, ...own });
        assert.equal(code, 0, `${what}: ${stderr}`);
      }
    }, { ...TLS, ca: pem("mixpanel.pem") }));

  it("refuses an authority that nobody has named", () =>
    withStore(async (store) => {
      for (const [what, argv] of USES) {
        const { code, stderr } = await run(argv, store.env);
        assert.equal(code, 7, `${what}: ${stderr}`);
        assert.match(stderr, /comes from an unknown authority\nhint: .*SSL_CERT_FILE/, what);
      }
      assert.equal(store.requests.length, 0);
    }, TLS));

  it("goes through the proxy", () =>
    withStore(async (store) => {
      const { host, port } = new URL(store.url);
      for (const [what, argv] of USES) {
        const proxy = await startStubServer();
        proxy.on("CONNECT", host, { tunnelTo: Number(port) }, 99);
        const { code, stderr } = await run(argv, {
          ...store.env,
          HTTPS_PROXY: proxy.url,
          SSL_CERT_FILE: fixture("ca.pem"),
        });
        assert.equal(code, 0, `${what}: ${stderr}`);
        assert.ok(proxy.requests.length > 0, what);
        await proxy.finish().catch((error) => assert.match(String(error), /unused stub/));
      }
    }, TLS));

  it("shows the store's secrets nowhere, even if the store does", () =>
    withStore(async (store) => {
      const secrets = {
        AWS_SECRET_ACCESS_KEY: "a/secret+of-aws",
        AWS_SESSION_TOKEN: "token/of+a-session",
        AWS_CONTAINER_AUTHORIZATION_TOKEN: "token/of+a-container",
      };
      const env = { ...store.env, ...secrets };
      for (const [what, argv] of USES) {
        store.says = `no: ${Object.values(secrets).join(" ")}`;
        const { code, stdout, stderr } = await run([...argv, "-v"], env);
        assert.equal(code, 2, `${what}: ${stderr}`);
        // The first request of an import asks for a head, which has no words.
        if (what !== "import") assert.match(stderr, /no: \[redacted\] \[redacted\] \[redacted\]/, what);
        for (const secret of Object.values(secrets)) {
          assert.ok(!(stdout + stderr).includes(secret), what);
          assert.ok(!(stdout + stderr).includes(encodeURIComponent(secret)), what);
        }
      }
    }));

  it("shows no secret of AWS's own files, and none that it does not need", () =>
    withStore(async (store) => {
      const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, ...others } = store.env;
      const secret = "a-secret+of/the-profile";
      const token = "the-token-of-a-container";
      const path = folder.write("credentials", `[other]\naws_access_key_id = x\naws_secret_access_key = ${secret}\n`);
      const env = { ...others, AWS_PROFILE: "other", AWS_SHARED_CREDENTIALS_FILE: path };
      store.says = `no: ${secret} ${token}`;
      const [, argv] = USES[0]!;
      const { code, stderr } = await run([...argv, "-v"], { ...env, AWS_CONTAINER_AUTHORIZATION_TOKEN: token });
      assert.equal(code, 2, stderr);
      assert.match(stderr, /no: \[redacted\] \[redacted\]/);
    }));
});

describe("the transport", () => {
  it("is made from the settings in one place", () => {
    const source = new URL("../../src/", import.meta.url);
    const makers = readdirSync(source, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.startsWith("runtime"))
      .filter((name) => /\bcreateTransport\b/.test(readFileSync(new URL(name, source), "utf8")));
    assert.deepEqual(makers.map((name) => name.replaceAll("\\", "/")), ["cli/transport.ts"]);
  });
});
