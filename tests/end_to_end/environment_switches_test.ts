/** Variables that people set for runtimes, and what the binary makes of them: nothing. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { runBinary, temporaryFolder } from "../helpers/binary.ts";
import { startStubServer, type StubServer } from "../helpers/stub_server.ts";

const fixture = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), "utf8");
const SECRET = "S3cr3t-Zq9w+/=x";
const CREDENTIALS = { MP_USERNAME: "svc", MP_SECRET: SECRET, MP_PROJECT_ID: "1" };

describe("the environment's switches of runtimes", () => {
  let folder = "";
  let trace = "";
  let server: StubServer;
  before(async () => {
    folder = temporaryFolder();
    trace = join(folder, "ran");
    writeFileSync(join(folder, "evil.cjs"), `require("node:fs").writeFileSync(${JSON.stringify(trace)}, "");\n`);
    server = await startStubServer({});
  });
  after(async () => {
    await server.finish();
    rmSync(folder, { recursive: true, force: true });
  });

  const switches = (evil: string): Record<string, string>[] => [
    { BUN_OPTIONS: `--preload=${evil}` },
    { BUN_OPTIONS: "--version" },
    { BUN_BE_BUN: "1" },
    { BUN_INSPECT: "127.0.0.1:0", BUN_INSPECT_PRELOAD: evil },
    { BUN_INSPECT_CONNECT_TO: "127.0.0.1:9" },
    { NODE_OPTIONS: `--require=${evil}` },
    { NODE_CHANNEL_FD: "0" },
    { BUN_CONFIG_VERBOSE_FETCH: "curl" },
    { BUN_CONFIG_VERBOSE_FETCH: "1" },
    { BUN_DEBUG_QUIET_LOGS: "0", NODE_DEBUG: "http,https,net,tls" },
  ];
  for (const [index, variables] of switches("").entries()) {
    it(`change nothing: ${Object.keys(variables).join(", ")} (${index})`, async () => {
      const env = { ...CREDENTIALS, MP_API_BASE_URL: server.url };
      const own = switches(join(folder, "evil.cjs"))[index]!;
      server.on("POST", "/api/query/cohorts/list?project_id=1", { body: "[]" }, 2);
      for (const args of [["--version"], ["cohorts", "list", "-f", "json"]]) {
        const without = await runBinary(args, { env });
        const withThem = await runBinary(args, { env: { ...env, ...own } });
        assert.deepEqual({ ...withThem, stdoutBytes: [] }, { ...without, stdoutBytes: [] });
        assert.equal(without.code, 0, without.stderr);
      }
      assert.equal(existsSync(trace), false);
    });
  }

  it("do not turn the check of certificates off", async () => {
    const untrusted = await startStubServer({ key: fixture("selfsigned.key"), cert: fixture("selfsigned.pem") });
    try {
      const { code, stderr } = await runBinary(["cohorts", "list"], {
        env: { ...CREDENTIALS, MP_API_BASE_URL: untrusted.url, NODE_TLS_REJECT_UNAUTHORIZED: "0" },
      });
      assert.equal(code, 7);
      assert.match(stderr, /is self-signed/);
      assert.equal(untrusted.requests.length, 0);
    } finally {
      await untrusted.finish();
    }
  });
});
