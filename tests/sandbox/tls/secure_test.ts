/** The sandbox as a client sees it that knows nothing but Mixpanel's names: https, and a proxy. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { after, before, describe, it } from "node:test";
import tls from "node:tls";
import { familyUrl } from "../../../src/client/hosts.ts";
import { SANDBOX, seedDefaults } from "../../../src/sandbox/defaults.ts";
import { type ServedSandbox, startSandbox } from "../../../src/sandbox/start.ts";
import { openStore } from "../../../src/sandbox/store/store.ts";
import { type Authority, certificateFor, openAuthority } from "../../../src/sandbox/tls/authority.ts";
import { MIXPANEL_HOSTS } from "../../../src/sandbox/tls/hosts.ts";
import { type SecureSandbox, startSecure } from "../../../src/sandbox/tls/secure.ts";
import { itUnless } from "../../helpers/needs.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";

const folder = temporaryFolder();
const noOpenssl = spawnSync("openssl", ["version"]).status !== 0 && "no openssl";
const authorization = `Basic ${btoa(`${SANDBOX.username}:${SANDBOX.serviceSecret}`)}`;
let served: ServedSandbox;
let secure: SecureSandbox;
let authority: Authority;
before(async () => {
  const store = openStore(":memory:");
  seedDefaults(store);
  served = startSandbox({ store, settings: { gdprStageMs: 0 } });
  authority = await openAuthority(folder.path("authority"), Date.now());
  const certificate = await certificateFor(authority, Date.now());
  secure = await startSecure(served.sandbox, { certificate, port: 0, proxyPort: 0 });
});
after(async () => {
  await Promise.all([served.stop(), secure.stop()]);
  served.sandbox.store.close();
});

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

/** Sends a request through the proxy, as the libraries do that know proxies; rejects when there is no tunnel. */
async function ask(url: string, { headers = {}, body }: { headers?: Record<string, string>; body?: string } = {}) {
  const { hostname, port } = new URL(url);
  const proxy = new URL(secure.proxyUrl!);
  const raw = await new Promise<net.Socket>((resolve, reject) => {
    const path = `${hostname}:${port || 443}`;
    const asked = http.request({ host: proxy.hostname, port: proxy.port, method: "CONNECT", path });
    asked.on("connect", (answer, socket) => {
      if (answer.statusCode === 200) return resolve(socket as net.Socket);
      socket.destroy();
      reject(new Error(`${answer.statusCode} ${answer.statusMessage}`));
    });
    asked.on("error", reject);
    asked.end();
  });
  const socket = tls.connect({ socket: raw, servername: hostname, ca: authority.certificate });
  await new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.once("error", reject);
  });
  return await new Promise<Answer>((resolve, reject) => {
    const method = body === undefined ? "GET" : "POST";
    const options = { method, headers: { host: hostname, ...headers }, createConnection: () => socket };
    const asked = https.request(url, options, (answer) => {
      const chunks: Uint8Array[] = [];
      answer.on("data", (chunk: Uint8Array) => chunks.push(chunk));
      answer.on("end", () => {
        socket.destroy();
        const text = new TextDecoder().decode(new Uint8Array(chunks.flatMap((chunk) => [...chunk])));
        resolve({ status: answer.statusCode!, headers: answer.headers, text });
      });
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

describe("a sandbox by https", () => {
  it("shows a certificate that each of Mixpanel's names and this machine's accept", async () => {
    const port = Number(new URL(secure.url).port);
    for (const servername of [...MIXPANEL_HOSTS, "localhost"]) {
      const socket = tls.connect({ host: "127.0.0.1", port, servername, ca: authority.certificate });
      await new Promise<void>((resolve, reject) => {
        socket.once("secureConnect", resolve);
        socket.once("error", reject);
      });
      assert.ok(socket.authorized, servername);
      socket.destroy();
    }
  });

  it("knows every host of the client, in each region", () => {
    for (const family of ["ingestion", "flags", "query", "export", "pipelines", "app", "oauth"] as const) {
      for (const region of ["us", "eu", "in"] as const) {
        const { hostname } = new URL(familyUrl(family, { region }));
        assert.ok(MIXPANEL_HOSTS.includes(hostname), hostname);
      }
    }
  });

  it("says https and the name that was asked where an answer names an address", async () => {
    for (const host of ["mixpanel.com", "eu.mixpanel.com", "in.mixpanel.com"]) {
      const server = JSON.parse((await ask(`https://${host}/.well-known/oauth-authorization-server`)).text);
      assert.equal(server.issuer, `https://${host}`);
      assert.equal(server.token_endpoint, `https://${host}/oauth/token/`);
    }
    const project = `token=${SANDBOX.token}`;
    const retrievals = "https://eu.mixpanel.com/api/app/data-retrievals/v3.0";
    const headers = { authorization: `Bearer ${SANDBOX.oauthToken}`, "content-type": "application/json" };
    const body = '{"distinct_ids":["u-1"]}';
    // A path without its slash leads to the one with it, on the same host.
    const elsewhere = await ask(`${retrievals}?${project}`, { headers, body });
    assert.equal(elsewhere.status, 301);
    const link = new URL(elsewhere.headers.location!, retrievals).href;
    assert.equal(link, `${retrievals}/?${project}`);
    const made = JSON.parse((await ask(link, { headers, body })).text);
    const status = `${retrievals}/${made.results.task_id}?${project}`;
    const { results } = JSON.parse((await ask(status, { headers })).text);
    assert.match(results.results, /^https:\/\/eu\.mixpanel\.com\/sandbox\/retrievals\//);
    assert.equal((await ask(results.results, { headers })).status, 200);
  });

  it("keeps what is sent to one of Mixpanel's hosts, and answers it on another", async () => {
    const event = {
      event: "Sign Up",
      properties: { token: SANDBOX.token, distinct_id: "u-1", time: Date.now() / 1000 },
    };
    const sent = await ask("https://api-js.mixpanel.com/track?verbose=1", {
      headers: { "content-type": "application/json" },
      body: JSON.stringify([event]),
    });
    assert.deepEqual([sent.status, JSON.parse(sent.text).status], [200, 1]);
    const day = new Date().toISOString().slice(0, 10);
    const asked =
      `https://data.mixpanel.com/api/2.0/export?project_id=${SANDBOX.projectId}&from_date=${day}&to_date=${day}`;
    const exported = await ask(asked, { headers: { authorization } });
    assert.equal(exported.status, 200);
    assert.equal(JSON.parse(exported.text.split("\n")[0]!).event, "Sign Up");
  });

  it("passes nothing on to other hosts, other ports and other names of this machine", async () => {
    const foreign = ["https://example.com/", "https://mixpanel.com.evil.test/", "https://evilmixpanel.com/"];
    const { port } = new URL(served.url);
    for (
      const url of [...foreign, "https://mixpanel.com:8443/", `https://127.0.0.1:${port}/`, "https://cdn.mxpnl.com/"]
    ) {
      await assert.rejects(ask(url), /^Error: 403 Forbidden: /, url);
    }
  });

  it("is still asked under no other name", async () => {
    const { status, text } = await ask("https://api.mixpanel.com/track", { headers: { host: "evil.test" } });
    assert.equal(status, 403);
    assert.match(text, /127\.0\.0\.1 or localhost/);
  });

  itUnless(noOpenssl, "speaks TLS 1.2 and 1.3, and nothing older (0.2-3)", async () => {
    const speaks = (version: string) =>
      new Promise<boolean>((resolve) => {
        const argv = ["s_client", version, "-cipher", "ALL:@SECLEVEL=0", "-connect", new URL(secure.url).host];
        spawn("openssl", argv, { stdio: "ignore" }).on("close", (code) => resolve(code === 0));
      });
    const versions = ["-tls1", "-tls1_1", "-tls1_2", "-tls1_3"];
    assert.deepEqual(await Promise.all(versions.map(speaks)), [false, false, true, true]);
  });

  it("ends at once while a client is in the middle of its handshake", async () => {
    const certificate = await certificateFor(authority, Date.now());
    const other = await startSecure(served.sandbox, { certificate, port: 0, proxyPort: 0 });
    const socket = net.connect(Number(new URL(other.url).port), "127.0.0.1");
    // expected: the server's end of the connection
    socket.on("error", () => {});
    await new Promise<void>((resolve) => socket.once("connect", resolve));
    // The head of a record with a ClientHello, which does not follow.
    await new Promise<void>((resolve) => void socket.write(Uint8Array.of(0x16, 3, 1, 2, 0, 1), () => resolve()));
    // Whoever has shaken hands since has come after it.
    const next = tls.connect({ host: "127.0.0.1", port: Number(new URL(other.url).port), rejectUnauthorized: false });
    await new Promise<void>((resolve) => next.once("secureConnect", resolve));
    next.destroy();
    const startMs = performance.now();
    await other.finish();
    assert.ok(performance.now() - startMs < 5000);
    socket.destroy();
  });

  it("answers no pages of other sites, Mixpanel's own among them", async () => {
    const project = `project_id=${SANDBOX.projectId}`;
    const url = `https://eu.mixpanel.com/api/query/events/names?${project}`;
    for (const origin of ["https://shop.test", "https://mixpanel.com"]) {
      const { status, headers } = await ask(url, { headers: { origin, authorization } });
      assert.deepEqual([status, headers["access-control-allow-origin"]], [403, undefined]);
    }
    assert.equal((await ask(url, { headers: { authorization } })).status, 200);
  });
});

describe("a sandbox without https", () => {
  it("is not asked under Mixpanel's names", async () => {
    const store = openStore(":memory:");
    const plain = startSandbox({ store });
    const status = await new Promise((resolve, reject) => {
      const { port } = new URL(plain.url);
      const headers = { host: "mixpanel.com" };
      http.get({ host: "127.0.0.1", port, path: "/sandbox/state", headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).on("error", reject);
    });
    assert.equal(status, 403);
    await plain.stop();
    store.close();
  });
});
