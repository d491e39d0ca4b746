import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { runBinary, temporaryFolder } from "../helpers/binary.ts";
import { startStubServer } from "../helpers/stub_server.ts";
import { assertFails, succeeded } from "./expectations.ts";
import { closedPort } from "./closed_port.ts";
import { startSandboxProcess } from "./sandbox_process.ts";

const sandbox = await startSandboxProcess();
const folder = temporaryFolder();
after(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = ["events", "list"];
const credentials = { MP_USERNAME: "robot", MP_SECRET: "made-up-secret", MP_PROJECT_ID: "1" };
const fixturePath = (name: string) => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
const fixture = (name: string) => readFileSync(fixturePath(name), "utf8");

describe("a host that cannot be reached", () => {
  it("is told when it has no address", { timeout: 60_000 }, async () => {
    const result = await runBinary([...ask, "-q"], {
      env: { ...credentials, MP_API_BASE_URL: "http://nowhere.invalid" },
    });
    // Without a name server, nobody can say that the host does not exist.
    assertFails(
      result,
      7,
      /^mp: Cannot GET nowhere\.invalid\/api\/query\/events\/names: (there is no host nowhere\.invalid\nhint: check MP_API_BASE_URL|the name nowhere\.invalid could not be looked up\nhint: is the network up\?)\n$/,
    );
  });

  it("is told when it takes too long to answer", async () => {
    const server = await startStubServer();
    server.on("GET", "/api/query/events/names", { raw: [], then: "hang" });
    const env = { ...credentials, MP_API_BASE_URL: server.url };
    const result = await runBinary([...ask, "--timeout", "0.2"], { env });
    await server.finish();
    assertFails(result, 7, /: no answer within 1 s\nhint: allow more time with --timeout\n$/);
  });
});
describe("certificates", () => {
  const cases = [
    { name: "expired", trusted: true, state: "has expired", hint: "is this machine's clock right?" },
    { name: "expired", trusted: false, state: "has expired", hint: "is this machine's clock right?" },
    { name: "good", trusted: false, state: "comes from an unknown authority", hint: "behind a company's proxy or " },
    { name: "selfsigned", trusted: false, state: "is self-signed", hint: "behind a company's proxy or " },
    { name: "othername", trusted: true, state: "is for another name", hint: "use the host's own name in MP_API_BASE" },
  ];
  for (const { name, trusted, state, hint } of cases) {
    it(`are refused when ${trusted ? "a trusted" : "the"} one ${state}`, async () => {
      const server = await startStubServer({ key: fixture(`${name}.key`), cert: fixture(`${name}.pem`) });
      const trust: Record<string, string> = trusted ? { SSL_CERT_FILE: fixturePath("ca.pem") } : {};
      const result = await runBinary(ask, { env: { ...credentials, ...trust, MP_API_BASE_URL: server.url } });
      await server.finish();
      const { host } = new URL(server.url);
      const start = `mp: Cannot GET ${host}/api/query/events/names: the certificate of ${host} ${state}\nhint: ${hint}`;
      assert.equal(result.stderr.slice(0, start.length), start);
      assertFails(result, 7, /\n$/);
    });
  }

  it("of an authority that a file names are accepted, by either variable", async () => {
    for (const variable of ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"]) {
      const server = await startStubServer({ key: fixture("good.key"), cert: fixture("good.pem") });
      server.on("GET", "/api/query/events/names", { json: ["Purchase"] });
      const env = { ...credentials, [variable]: fixturePath("ca.pem"), MP_API_BASE_URL: server.url };
      const result = await runBinary(ask, { env });
      await server.finish();
      assert.equal(succeeded(result), '["Purchase"]\n');
    }
  });

  it("in a file that is not there, or holds none, are told before anything is sent", async () => {
    const noPem = join(folder, "notes.txt");
    writeFileSync(noPem, "my notes\n");
    const missing = join(folder, "missing.pem");
    const run = (path: string) => sandbox.mp(ask, { env: { SSL_CERT_FILE: path } });
    assertFails(await run(noPem), 3, `mp: Cannot use SSL_CERT_FILE ${noPem}: it holds no PEM certificate\n`);
    assertFails(await run(missing), 3, /^mp: Cannot use SSL_CERT_FILE \S+: no such file\nhint: unset SSL_CERT_FILE/);
  });
});

describe("a gateway that asks who connects", () => {
  const start = async () => {
    // The fixtures are for servers, so that the gateway looks at who it is and not at what the certificate is for.
    const own = { key: fixture("good.key"), cert: fixture("good.pem"), ca: fixture("ca.pem") };
    const server = createTlsServer({ ...own, requestCert: true, rejectUnauthorized: false }, (socket) => {
      socket.once("data", () => {
        const isKnown = socket.getPeerCertificate()?.subject?.CN === "localhost";
        const head = `HTTP/1.1 ${isKnown ? "200 OK" : "401 Unauthorized"}\r\ncontent-type: application/json\r\n`;
        socket.end(`${head}content-length: 12\r\nconnection: close\r\n\r\n["Purchase"]`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const env = { ...credentials, MP_API_BASE_URL: `https://localhost:${port}`, SSL_CERT_FILE: fixturePath("ca.pem") };
    return { server, env };
  };

  it("is shown the certificate that the environment names, and no other", async () => {
    const { server, env } = await start();
    try {
      const own = { MP_CLIENT_CERT: fixturePath("good.pem"), MP_CLIENT_KEY: fixturePath("good.key") };
      assert.equal(succeeded(await runBinary(ask, { env: { ...env, ...own } })), '["Purchase"]\n');
      assert.equal((await runBinary(ask, { env })).code, 2);
    } finally {
      server.close();
    }
  });

  it("gets nothing when certificate or key cannot be used", async () => {
    const run = (env: Record<string, string>) => sandbox.mp(ask, { env });
    assertFails(
      await run({ MP_CLIENT_KEY: fixturePath("good.key") }),
      3,
      /MP_CLIENT_CERT does not say whose key it is/,
    );
    assertFails(await run({ MP_CLIENT_CERT: fixturePath("good.pem") }), 3, /it holds no PEM private key/);
    assertFails(await run({ MP_CLIENT_CERT: join(folder, "none.pem") }), 3, /none\.pem: no such file/);
  });
});

describe("a proxy", () => {
  /** A forward proxy as small as can be: it fetches what it is asked for, for those who know the password. */
  async function startProxy(): Promise<{ url: string; seen: string[]; stop(): Promise<void> }> {
    const seen: string[] = [];
    const server: Server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      if (request.headers["proxy-authorization"] !== `Basic ${btoa("ana:pass/word")}`) {
        response.writeHead(407).end("who are you?");
        return;
      }
      const { authorization = "" } = request.headers;
      void fetch(request.url!, { headers: { authorization } }).then(async (answer) => {
        response.writeHead(answer.status, { "content-type": "application/json", "x-proxied": "1" });
        response.end(await answer.text());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return {
      url: `127.0.0.1:${port}`,
      seen,
      stop: () => new Promise((resolve) => server.close(() => resolve())),
    };
  }

  it("carries plain requests, with its own credentials", async () => {
    const proxy = await startProxy();
    const result = await sandbox.mp(ask, { env: { HTTP_PROXY: `http://ana:pass%2Fword@${proxy.url}` } });
    await proxy.stop();
    assert.equal(succeeded(result), "[]\n");
    assert.equal(proxy.seen.length, 1);
    assert.ok(proxy.seen[0]!.startsWith(`GET ${sandbox.url}/api/query/events/names?project_id=1000001`));
  });

  it("is passed by for the hosts of NO_PROXY", async () => {
    const proxy = await startProxy();
    for (const none of ["127.0.0.1", "*", new URL(sandbox.url).host]) {
      const env = { HTTP_PROXY: `http://${proxy.url}`, NO_PROXY: none };
      succeeded(await sandbox.mp(ask, { env }));
    }
    await proxy.stop();
    assert.deepEqual(proxy.seen, []);
  });

  it("that wants credentials is told, and its password is not", async () => {
    const proxy = await startProxy();
    const env = { HTTP_PROXY: `http://ana:wrong-password@${proxy.url}` };
    const result = await sandbox.mp([...ask, "-v"], { env });
    await proxy.stop();
    assert.equal(result.code, 7);
    assert.match(
      result.stderr,
      /: the proxy needs credentials\n(server: .*\n)?hint: put them into the proxy's address/,
    );
    assert.ok(!result.stderr.includes("wrong-password"));
  });

  it("that is not there is told apart from the server", { timeout: 60_000 }, async () => {
    const env = { HTTP_PROXY: `http://127.0.0.1:${await closedPort()}` };
    const result = await sandbox.mp([...ask, "-q"], { env });
    assertFails(
      result,
      7,
      /: the proxy cannot be reached\nhint: check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, or set NO_P/,
    );
  });

  it("tunnels what is encrypted", async () => {
    const server = await startStubServer({ key: fixture("good.key"), cert: fixture("good.pem") });
    server.on("GET", "/api/query/events/names", { json: ["Purchase"] });
    const proxy = await startStubServer();
    proxy.on("CONNECT", `localhost:${server.port}`, { tunnelTo: server.port });
    const env = {
      ...credentials,
      MP_API_BASE_URL: `https://localhost:${server.port}`,
      HTTPS_PROXY: proxy.url,
      SSL_CERT_FILE: fixturePath("ca.pem"),
    };
    const result = await runBinary(ask, { env });
    assert.equal(succeeded(result), '["Purchase"]\n');
    assert.equal(proxy.requests[0]?.headers.get("authorization"), null);
    await server.finish();
    await proxy.finish();
  });
});
