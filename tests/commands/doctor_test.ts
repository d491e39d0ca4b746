import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Finding } from "../../src/commands/doctor/shared/finding.ts";
import { sandboxEnvironment } from "../../src/commands/sandbox/shared/sandbox_environment.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { startStubServer } from "../helpers/stub_server.ts";
import { runProgram } from "../helpers/world.ts";
import { fakeClock } from "../helpers/fake_clock.ts";

const fixturePath = (name: string) => join(import.meta.dirname!, "..", "fixtures", "tls", name);
const fixture = (name: string) => readFileSync(fixturePath(name), "utf8");
const credentials = { MP_USERNAME: "ana", MP_SECRET: "a-very-secret-word", MP_PROJECT_ID: "1" };

let folder: string;
let lab: ProgramLab;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "mp-doctor-"));
  lab = openProgramLab();
});
after(async () => {
  await lab.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What the doctor says, by the name of the check. The clock is the real one, since certificates and servers have it. */
async function examine(env: Record<string, string>, ...args: string[]) {
  const result = await runProgram(["doctor", "-f", "json", ...args], {
    env: { XDG_STATE_HOME: join(folder, "state"), XDG_CONFIG_HOME: folder, HOME: folder, ...env },
    clock: fakeClock(Date.now()),
  });
  const findings = JSON.parse(result.stdout) as Finding[];
  return { ...result, findings, find: (check: string) => findings.find((one) => one.check.startsWith(check)) };
}

async function examineServer(name: string, env: Record<string, string> = {}) {
  // What is not trusted is sent nothing.
  const isTrusted = name === "good" && Object.keys(env).length > 0;
  const server = await startStubServer({ key: fixture(`${name}.key`), cert: fixture(`${name}.pem`) });
  if (isTrusted) server.on("GET", "/", { status: 404 });
  const base = `https://localhost:${server.port}`;
  const found = await examine({ MP_API_BASE_URL: base, ...env });
  await server.finish();
  return found.find("certificate of")!;
}

describe("mp doctor", () => {
  it("finds nothing wrong where nothing is, and spends nothing of a rate limit", async () => {
    const { code, stdout, findings } = await examine(sandboxEnvironment(lab.url));
    assert.equal(code, 0, stdout);
    assert.deepEqual(findings.filter((one) => one.result === "problem" || one.result === "warning"), []);
    assert.deepEqual(lab.requests.map(({ method, path }) => `${method} ${path}`), [
      "GET /",
      "GET /api/app/me",
      "POST /import",
    ]);
    assert.equal(findings.find(({ check }) => check === "Query API")?.result, "skipped");
  });

  it("sends nothing with --dry-run", async () => {
    const before = lab.requests.length;
    const { code, find } = await examine(sandboxEnvironment(lab.url), "--dry-run");
    assert.equal(code, 0);
    assert.equal(find("network and credentials")?.result, "skipped");
    assert.equal(lab.requests.length, before);
  });

  it("asks the APIs that cost when it is told to", async () => {
    const { code, stdout, findings } = await examine(sandboxEnvironment(lab.url), "--spend");
    assert.equal(code, 0, stdout);
    const found = new Map(findings.map((one) => [one.check, one.result]));
    assert.deepEqual([found.get("Query API"), found.get("Export API")], ["ok", "ok"]);
  });

  it("says that credentials are wrong, or missing, and what to type", async () => {
    const wrong = await examine({ MP_API_BASE_URL: lab.url, ...credentials });
    assert.equal(wrong.code, 1);
    assert.equal(wrong.find("App API")?.result, "problem");
    assert.equal(wrong.find("Ingestion API")?.result, "problem");
    const none = await examine({ MP_API_BASE_URL: lab.url });
    assert.equal(none.find("credentials")?.fix, "mp login, or set MP_USERNAME and MP_SECRET");
  });

  it("says that others could change the config file or read a secret in it, and how to fix it", async () => {
    const path = join(folder, "open.toml");
    const look = async (text: string, mode: number) => {
      writeFileSync(path, text);
      chmodSync(path, mode);
      const { find } = await examine({ MP_CONFIG_PATH: path, MP_API_BASE_URL: lab.url });
      return [find("config file")?.result, find("config file")?.fix?.slice(0, 9)];
    };
    const account = '[accounts.a]\nusername = "a"\n';
    assert.deepEqual(await look(account, 0o666), ["problem", "chmod 600"]);
    assert.deepEqual(await look(`${account}secret = "kept-to-myself"\n`, 0o644), ["problem", "chmod 600"]);
    assert.deepEqual(await look(`${account}secret_env = "S"\n`, 0o644), ["ok", undefined]);
  });

  it("warns of a state folder that cannot be written", async () => {
    const { find } = await examine({ XDG_STATE_HOME: "/dev/null", MP_API_BASE_URL: lab.url });
    assert.equal(find("state folder")?.result, "warning");
    assert.equal(find("state folder")?.fix, "set XDG_STATE_HOME to a folder that can be written");
  });

  it("names the authority that is missing, and takes it from a file", async () => {
    const missing = await examineServer("good");
    assert.equal(missing.result, "problem");
    assert.match(missing.detail, /nobody here trusts /);
    assert.match(missing.fix ?? "", /^export NODE_EXTRA_CA_CERTS=/);
    assert.equal((await examineServer("good", { NODE_EXTRA_CA_CERTS: fixturePath("ca.pem") })).result, "ok");
  });

  it("tells an expired certificate from one for another name", async () => {
    const env = { NODE_EXTRA_CA_CERTS: fixturePath("ca.pem") };
    assert.match((await examineServer("expired", env)).detail, /not valid now/);
    assert.match((await examineServer("othername", env)).detail, /it is for another name/);
  });

  it("tells a closed port, a proxy that is not there, and one that refuses", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const closed = await examine({ MP_API_BASE_URL: `https://127.0.0.1:${port}` });
    assert.match(closed.find("certificate of")?.detail ?? "", /^refused/);
    assert.equal(closed.find("credentials")?.result, "skipped");

    const noProxy = await examine({ MP_API_BASE_URL: "https://example.test", HTTPS_PROXY: `http://127.0.0.1:${port}` });
    assert.match(noProxy.find("certificate of")?.fix ?? "", /^check HTTPS_PROXY/);

    const proxy = await startStubServer();
    proxy.on("CONNECT", "example.test:443", { status: 407, body: "who are you?" });
    const refused = await examine({ MP_API_BASE_URL: "https://example.test", HTTPS_PROXY: proxy.url });
    await proxy.finish();
    assert.match(refused.find("certificate of")?.detail ?? "", /^proxy refused: 407/);
    assert.match(refused.find("certificate of")?.fix ?? "", /user:password@host/);
  });

  it("says what to try when a connection gives no answer", async () => {
    const server = createServer((socket) => socket.on("error", () => {}).once("data", () => socket.destroy()));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { find } = await examine({ MP_API_BASE_URL: `http://127.0.0.1:${port}` });
    await new Promise((resolve) => server.close(resolve));
    assert.equal(find("clock against")?.result, "problem");
    assert.match(find("clock against")?.fix ?? "", /^try again in a moment; does a proxy/);
  });

  it("warns of a clock that is wrong", async () => {
    const server = await startStubServer();
    const late = new Date(Date.now() - 10 * 60_000).toUTCString();
    server.on("GET", "/", { status: 404, headers: { date: late } });
    server.on("GET", "/api/app/me", { status: 401, json: { status: "error", error: "no" } });
    server.on("POST", "/import", { status: 401, json: { code: 401, error: "no", status: "Unauthorized" } });
    const { find } = await examine({ MP_API_BASE_URL: server.url, ...credentials });
    await server.finish();
    assert.equal(find("clock against")?.result, "warning");
    assert.match(find("clock against")?.detail ?? "", /^this machine is (59\d|60\d) s ahead/);
  });

  it("writes a file without secrets, for its owner alone", async () => {
    const path = join(folder, "bundle.json");
    const env = { MP_API_BASE_URL: lab.url, ...credentials, HTTPS_PROXY: "http://ana:proxy-word@127.0.0.1:9" };
    await examine(env, "--bundle", path);
    const text = readFileSync(path, "utf8");
    for (const secret of ["a-very-secret-word", "proxy-word"]) assert.ok(!text.includes(secret), secret);
    const bundle = JSON.parse(text);
    assert.equal(bundle.mp_doctor, 1);
    assert.ok(bundle.variables_set.includes("MP_SECRET"));
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it("shows a terminal one line for each check, with what fixes it below", async () => {
    const { stdout } = await runProgram(["doctor"], {
      env: { MP_API_BASE_URL: lab.url, XDG_STATE_HOME: join(folder, "state"), HOME: folder, NO_COLOR: "1" },
      terminal: { columns: 100 },
      clock: fakeClock(Date.now()),
    });
    assert.match(stdout, /^✓ program +mp /);
    assert.match(stdout, /\n✗ credentials +none are set\n +→ mp login, or set MP_USERNAME and MP_SECRET\n/);
  });
});
