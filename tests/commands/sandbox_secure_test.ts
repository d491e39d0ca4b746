import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { describe, it } from "node:test";
import tls from "node:tls";
import { run } from "../../src/program.ts";
import { fakeClock } from "../helpers/fake_clock.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { runProgram, testWorld, type WorldOptions } from "../helpers/world.ts";

const folder = temporaryFolder();
const HOME = folder.path("home");
const AUTHORITY = `${HOME}/.local/state/mp/sandbox-authority/ca.pem`;
const TRUST = ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];
const ACCOUNT = ["MP_PROJECT_ID", "MP_USERNAME", "MP_SECRET", "MP_OAUTH_TOKEN", "MP_TOKEN"];

/** Starts `mp sandbox`, and waits until it says where it is. Certificates are checked by the real clock. */
async function start(argv: string[], { env, ...options }: WorldOptions = {}) {
  const controller = new AbortController();
  const { signal } = controller;
  const world = testWorld({ clock: fakeClock(Date.now()), ...options, signal, env: { HOME, ...env } });
  const ended = run(["sandbox", ...argv], world);
  const serving = await Promise.race([world.stderr.until(/Serving on (\S+); Ctrl-C ends it\n/), ended]);
  assert.ok(typeof serving === "object", `it ended: ${world.stderr.text()}`);
  const exports = [...world.stdout.text().matchAll(/^export ([A-Z_]+)=(\S+)$/gm)];
  return {
    url: serving[1]!,
    said: world.stderr.text(),
    env: Object.fromEntries(exports.map(([, name, value]) => [name!, value!])),
    stop() {
      controller.abort();
      return ended;
    },
  };
}

const mp = (argv: string[], env: Record<string, string>) =>
  runProgram(argv, { clock: fakeClock(Date.now()), env: { HOME, ...env } });

describe("mp sandbox --proxy", () => {
  it("lets mp reach it by nothing but a proxy and an authority, in each region, and itself refuses other hosts", async () => {
    const sandbox = await start(["--port", "0", "--proxy"]);
    try {
      assert.deepEqual(Object.keys(sandbox.env), [
        "HTTPS_PROXY",
        "NO_PROXY",
        "NODE_USE_ENV_PROXY",
        ...TRUST,
        ...ACCOUNT,
      ]);
      assert.equal(sandbox.env.SSL_CERT_FILE, AUTHORITY);
      const { HTTPS_PROXY, SSL_CERT_FILE, ...account } = sandbox.env;
      const env = { HTTPS_PROXY: HTTPS_PROXY!, SSL_CERT_FILE: SSL_CERT_FILE! };
      for (const name of ["NO_PROXY", "NODE_USE_ENV_PROXY", ...TRUST.slice(1)]) delete account[name];
      for (const region of ["us", "eu", "in"]) {
        const all = { ...env, ...account, MP_REGION: region };
        const tracked = await mp(["track", "Sign Up", "--distinct-id", region], all);
        assert.equal(tracked.code, 0, tracked.stderr);
        const listed = await mp(["projects", "list", "-f", "csv"], all);
        assert.match(listed.stdout, /\n1000001,Sandbox,/, listed.stderr);
      }
      const exported = await mp(["export", "events", "--last", "2d", "-o", "-"], { ...env, ...account });
      const ids = exported.stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line).properties.distinct_id);
      assert.deepEqual(ids.sort(), ["eu", "in", "us"], exported.stderr);
      const foreign = await mp(["events", "list"], { ...env, ...account, MP_API_BASE_URL: "https://example.com" });
      assert.notEqual(foreign.code, 0);
      assert.match(foreign.stderr, /^mp: Cannot GET example\.com.*403/m);
    } finally {
      assert.equal(await sandbox.stop(), 0);
    }
    await assert.rejects(dial(sandbox.env.HTTPS_PROXY!));
  });

  it("says on a terminal what to set, and prints it for a shell when it is asked to", async () => {
    const sandbox = await start(["--port", "0", "--proxy", "--tls", "--print-env"], { terminal: true });
    await sandbox.stop();
    assert.ok(sandbox.said.includes(`Authority:   ${AUTHORITY}, which clients have to trust\n`), sandbox.said);
    assert.match(sandbox.said, /^By https: +https:\/\/127\.0\.0\.1:\d+\n/m);
    const { HTTPS_PROXY } = sandbox.env;
    assert.ok(
      sandbox.said.includes(`As Mixpanel: HTTPS_PROXY=${HTTPS_PROXY} SSL_CERT_FILE=${AUTHORITY} `),
      sandbox.said,
    );
  });

  it("ends at Ctrl-C while clients are connected", async () => {
    const sandbox = await start(["--port", "0", "--proxy"]);
    const silent = await dial(sandbox.env.HTTPS_PROXY!);
    const tunnel = await dial(sandbox.env.HTTPS_PROXY!);
    tunnel.write("CONNECT mixpanel.com:443 HTTP/1.1\r\n\r\n");
    await new Promise((resolve) => tunnel.once("data", resolve));
    const secure = tls.connect({ socket: tunnel, servername: "mixpanel.com", ca: readFileSync(AUTHORITY) });
    await new Promise((resolve) => secure.once("secureConnect", resolve));
    secure.on("error", () => secure.destroy());
    // An answer that keeps its connection open.
    secure.write("GET /oauth/authorize/ HTTP/1.1\r\nhost: mixpanel.com\r\n\r\n");
    await new Promise((resolve) => secure.once("data", resolve));
    const startMs = performance.now();
    assert.equal(await sandbox.stop(), 0);
    assert.ok(performance.now() - startMs < 5000, `${performance.now() - startMs} ms`);
    for (const socket of [silent, tunnel]) socket.destroy();
  });
});

describe("mp sandbox --tls", () => {
  it("serves https beside http, and points mp at it", async () => {
    const sandbox = await start(["--port", "0", "--tls"]);
    try {
      assert.deepEqual(Object.keys(sandbox.env), ["MP_API_BASE_URL", ...TRUST, ...ACCOUNT]);
      assert.match(sandbox.env.MP_API_BASE_URL!, /^https:\/\/127\.0\.0\.1:\d+$/);
      assert.match((await mp(["projects", "list", "-f", "csv"], sandbox.env)).stdout, /\n1000001,Sandbox,/);
      const localhost = { MP_API_BASE_URL: sandbox.env.MP_API_BASE_URL!.replace("127.0.0.1", "localhost") };
      assert.match(
        (await mp(["projects", "list", "-f", "csv"], { ...sandbox.env, ...localhost })).stdout,
        /\n1000001,Sandbox,/,
      );
      const { SSL_CERT_FILE: _, NODE_EXTRA_CA_CERTS: __, ...untrusting } = sandbox.env;
      assert.match((await mp(["projects", "list"], untrusting)).stderr, /unknown authority|self-signed/);
      assert.equal((await fetch(`${sandbox.url}/sandbox/state`)).status, 200);
      // The account needs no certificate.
      assert.equal((await mp(["events", "list", "-a", "sandbox"], {})).code, 0);
    } finally {
      assert.equal(await sandbox.stop(), 0);
    }
  });

  it("uses its authority again, and says so when it replaces it", async () => {
    await (await start(["--port", "0", "--tls"])).stop();
    const before = readFileSync(AUTHORITY, "utf8");
    assert.equal(statSync(AUTHORITY.replace("ca.pem", "ca-key.pem")).mode & 0o077, 0);
    const second = await start(["--port", "0", "--tls"]);
    await second.stop();
    assert.equal(readFileSync(AUTHORITY, "utf8"), before);
    assert.doesNotMatch(second.said, /replaced/);
    writeFileSync(AUTHORITY, "nothing");
    const third = await start(["--port", "0", "--tls"]);
    await third.stop();
    assert.match(
      third.said,
      /^The authority of the sandbox was replaced: its file held no certificate; clients have to trust the new one\n/,
    );
  });

  it("quotes a path with spaces for the shell", async () => {
    const state = folder.path("my state");
    mkdirSync(state);
    const controller = new AbortController();
    const world = testWorld({ signal: controller.signal, env: { HOME, XDG_STATE_HOME: state } });
    const ended = run(["sandbox", "--port", "0", "--tls"], world);
    await world.stderr.until(/Serving on/);
    controller.abort();
    assert.equal(await ended, 0);
    assert.ok(world.stdout.text().includes(`export SSL_CERT_FILE='${state}/mp/sandbox-authority/ca.pem'\n`));
  });

  it("takes the ports after its own, and says which are taken", async () => {
    const { port, holders } = await threePorts();
    const [own, next, holder] = holders;
    await Promise.all([release(own), release(next)]);
    try {
      const { code, stderr } = await mp(["sandbox", "--port", String(port), "--proxy"], {});
      assert.equal(code, 3);
      assert.match(stderr, new RegExp(`^mp: Cannot serve on port ${port + 2}: .*\nhint: choose another`));
    } finally {
      await release(holder);
    }
    const second = await start(["--port", String(port), "--tls", "--proxy"]);
    await second.stop();
    assert.equal(second.env.HTTPS_PROXY, `http://127.0.0.1:${port + 2}`);
    assert.ok(second.said.includes(`By https:    https://127.0.0.1:${port + 1}\n`), second.said);
    for (const argv of [["--tls", "--port", "65535"], ["--proxy", "--port", "65534"]]) {
      const { code, stderr } = await mp(["sandbox", ...argv], {});
      assert.equal(code, 3);
      assert.match(stderr, /^mp: Cannot use --port 6553\d: --tls takes the port after it/);
    }
  });

  it("needs a state folder that it can write to", async () => {
    const { code, stderr } = await mp(["sandbox", "--port", "0", "--tls"], {
      XDG_STATE_HOME: folder.write("file", ""),
    });
    assert.equal(code, 3);
    assert.match(stderr, /^mp: Cannot write ".*sandbox-authority": /);
  });
});

type Holders = [Server, Server, Server];

/** Three ports in a row that nobody else has, each held by a server. */
async function threePorts(): Promise<{ port: number; holders: Holders }> {
  for (;;) {
    const own = await hold(0);
    const { port } = own!.address() as AddressInfo;
    const [next, last] = await Promise.all([hold(port + 1), hold(port + 2)]);
    if (next !== undefined && last !== undefined) return { port, holders: [own!, next, last] };
    await Promise.all([own, next, last].map((server) => server && release(server)));
  }
}

/** A server on a port; undefined when it is taken. */
function hold(port: number): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

function release(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function dial(url: string) {
  const { hostname, port } = new URL(url);
  return new Promise<ReturnType<typeof connect>>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve(socket));
    socket.on("error", reject);
  });
}
