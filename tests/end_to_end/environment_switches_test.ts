/** Variables that people set for runtimes, and what the binary makes of them: nothing. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { CLOSED_OPTIONS } from "../../scripts/closed_runtime.ts";
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
    { NODE_PATH: dirname(evil), NODE_ENV: "development", NODE_UNIQUE_ID: "1", NODE_TEST_CONTEXT: "child" },
    { NODE_V8_COVERAGE: trace, NODE_COMPILE_CACHE: trace, NODE_REDIRECT_WARNINGS: trace, NODE_REPL_HISTORY: trace },
    { NODE_ICU_DATA: evil, OPENSSL_CONF: evil, NODE_USE_SYSTEM_CA: "1", NODE_USE_ENV_PROXY: "1" },
    { JSC_functionOverrides: evil, JSC_dumpOptions: "1", JSC_PROFILER_PATH: trace },
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

  for (const option of CLOSED_OPTIONS) {
    it(`do not reach the engine's ${option}: the program does not start`, async () => {
      const { code, stdout, stderr } = await runBinary(["cohorts", "list"], {
        env: { ...CREDENTIALS, MP_API_BASE_URL: server.url, [`BUN_JSC_${option}`]: trace },
      });
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /invalid JSC environment variable/);
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
