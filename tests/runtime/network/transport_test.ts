import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import process from "node:process";
import { gzipSync } from "node:zlib";
import { NetworkFault } from "../../../src/runtime/network/network_fault.ts";
import {
  createTransport,
  type TransportAnswer,
  type TransportOptions,
} from "../../../src/runtime/network/transport.ts";
import { readBytes } from "../../../src/runtime/network/transport_body.ts";
import { startStubServer, type StubServer } from "../../helpers/stub_server.ts";

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), "utf8");
const AUTHORITY = fixture("ca.pem");
const GOOD = { key: fixture("good.key"), cert: fixture("good.pem") };

async function withServers(
  options: { key?: string; cert?: string }[],
  test: (...servers: StubServer[]) => Promise<void>,
): Promise<void> {
  const servers = await Promise.all(options.map(startStubServer));
  try {
    await test(...servers);
  } finally {
    for (const server of servers) await server.finish();
  }
}

function get(url: string, options: TransportOptions = { proxy: {} }): Promise<TransportAnswer> {
  return createTransport(options)({ method: "GET", url: new URL(url), headers: {}, timeoutMs: 5000 });
}

async function text(answer: Promise<TransportAnswer>): Promise<string> {
  return new TextDecoder().decode(await readBytes((await answer).body, 1e9));
}

async function faultOf(promise: Promise<unknown>): Promise<NetworkFault> {
  const error = await promise.then(() => assert.fail("it succeeded"), (error) => error);
  assert.ok(error instanceof NetworkFault, String(error));
  return error;
}

describe("TLS", () => {
  it("trusts an authority that is given beside the well-known ones", () =>
    withServers([GOOD], async (server) => {
      server.on("GET", "/", { body: "hello" });
      assert.equal(await text(get(server.url, { proxy: {}, extraCertificates: `# ours\n${AUTHORITY}` })), "hello");
    }));

  for (
    const [what, name, extraCertificates, kind] of [
      ["of an unknown authority", "good", undefined, "certificate_untrusted"],
      ["that has expired", "expired", AUTHORITY, "certificate_expired"],
      ["that has expired, of an unknown authority", "expired", undefined, "certificate_expired"],
      ["for another name", "othername", AUTHORITY, "certificate_name"],
      ["that is self-signed", "selfsigned", undefined, "certificate_self_signed"],
    ] as const
  ) {
    it(`refuses a certificate ${what}`, () =>
      withServers([{ key: fixture(`${name}.key`), cert: fixture(`${name}.pem`) }], async (server) => {
        const fault = await faultOf(get(server.url, { proxy: {}, extraCertificates }));
        assert.equal(fault.kind, kind);
        assert.equal(fault.sent, false);
        assert.equal(server.requests.length, 0);
      }));
  }

  it("refuses them too where NODE_TLS_REJECT_UNAUTHORIZED is 0", async () => {
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    try {
      await withServers(
        [{ key: fixture("selfsigned.key"), cert: fixture("selfsigned.pem") }, {}],
        async (server, proxy) => {
          proxy.on("CONNECT", `127.0.0.1:${server.port}`, { tunnelTo: server.port });
          for (const options of [{ proxy: {} }, { proxy: { https: proxy.url } }]) {
            assert.equal((await faultOf(get(server.url, options))).kind, "certificate_self_signed");
          }
          assert.equal(server.requests.length, 0);
        },
      );
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    }
  });

  it("says so when the server does not speak it", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n"));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const fault = await faultOf(get(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`));
    server.close();
    assert.equal(fault.kind, "tls");
    assert.equal(fault.sent, false);
  });
});

describe("a name that does not exist", () => {
  it("is told from a host that does not answer", async () => {
    const fault = await faultOf(get("http://no-such-host.invalid/"));
    assert.ok(fault.kind === "unknown_host" || fault.kind === "lookup_failed", fault.message);
    assert.equal(fault.sent, false);
  });
});

describe("a proxy", () => {
  it("gets a plain request with its whole address and the proxy's credentials", () =>
    withServers([{}], async (proxy) => {
      proxy.on("GET", "http://mixpanel.test/a?b=c", { body: "through" });
      const http = `http://us%40er:pass@127.0.0.1:${proxy.port}`;
      assert.equal(await text(get("http://mixpanel.test/a?b=c", { proxy: { http } })), "through");
      const { headers } = proxy.requests[0]!;
      assert.equal(headers.get("proxy-authorization"), `Basic ${btoa("us@er:pass")}`);
      assert.equal(headers.get("host"), "mixpanel.test");
    }));

  it("gets a tunnel request for TLS, and sees no more than the host", () =>
    withServers([{}, GOOD], async (proxy, server) => {
      const target = `localhost:${server.port}`;
      proxy.on("CONNECT", target, { tunnelTo: server.port });
      server.on("GET", "/secret", { body: "hello" });
      const options = {
        proxy: { https: `http://u:p@127.0.0.1:${proxy.port}` },
        extraCertificates: AUTHORITY,
      };
      assert.equal(await text(get(`https://${target}/secret`, options)), "hello");
      assert.equal(proxy.requests[0]!.headers.get("proxy-authorization"), `Basic ${btoa("u:p")}`);
      assert.equal(server.requests[0]!.headers.get("proxy-authorization"), null);
    }));

  it("may itself speak TLS", () =>
    withServers([GOOD, GOOD], async (proxy, server) => {
      const target = `localhost:${server.port}`;
      proxy.on("CONNECT", target, { tunnelTo: server.port });
      server.on("GET", "/", { body: "hello" });
      const options = { proxy: { all: `https://localhost:${proxy.port}` }, extraCertificates: AUTHORITY };
      assert.equal(await text(get(`https://${target}/`, options)), "hello");
    }));

  it("that refuses a tunnel is told from a server that does", () =>
    withServers([{}], async (proxy) => {
      proxy.on("CONNECT", "mixpanel.test:443", { status: 407 });
      const fault = await faultOf(get("https://mixpanel.test/", { proxy: { https: proxy.url } }));
      assert.equal(fault.kind, "proxy_refused");
      assert.match(fault.detail, /407/);
      assert.equal(fault.sent, false);
    }));

  for (const target of ["http://mixpanel.test/", "https://mixpanel.test/"]) {
    it(`that is not there is named for ${target}`, async () => {
      const gone = await startStubServer();
      await gone.finish();
      const fault = await faultOf(get(target, { proxy: { all: gone.url } }));
      assert.equal(fault.kind, "proxy_unreachable");
      assert.equal(fault.sent, false);
    });
  }

  it("of the environment is used only when it is passed on", () =>
    withServers([{}], async (server) => {
      server.on("GET", "/", { body: "direct" });
      const before = process.env.HTTP_PROXY;
      process.env.HTTP_PROXY = "http://127.0.0.1:1";
      try {
        assert.equal(await text(get(`${server.url}/`)), "direct");
      } finally {
        if (before === undefined) delete process.env.HTTP_PROXY;
        else process.env.HTTP_PROXY = before;
      }
    }));
});

describe("a body", () => {
  it("that stops arriving fails", () =>
    withServers([{}], async (server) => {
      server.on("GET", "/", { raw: ["HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"], then: "hang" });
      const answer = await get(`${server.url}/`, { proxy: {}, idleTimeoutMs: 60 });
      const fault = await faultOf(readBytes(answer.body, 1e9));
      assert.equal(fault.kind, "idle_timeout");
    }));

  it("that is cancelled lets the next request through", () =>
    withServers([{}], async (server) => {
      server.on("GET", "/a", { raw: ["HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"], then: "hang" });
      server.on("GET", "/b", { body: "b" });
      const transport = createTransport({ proxy: {} });
      const ask = (path: string) =>
        transport({ method: "GET", url: new URL(path, server.url), headers: {}, timeoutMs: 5000 });
      await (await ask("/a")).body.cancel();
      assert.equal(await text(ask("/b")), "b");
    }));

  it("comes in arrays whose slices are copies, so that its chunks may be freed when they are used up", () =>
    withServers([{}], async (server) => {
      const plain = randomBytes(3_000_000);
      server.on("GET", "/plain", { body: plain });
      server.on("GET", "/packed", { headers: { "content-encoding": "gzip" }, body: gzipSync(plain) });
      const { body } = await get(`${server.url}/plain`);
      const copies: Uint8Array[] = [];
      for await (const chunk of body.encoded()) {
        copies.push(chunk.slice());
        chunk.fill(0);
      }
      assert.deepEqual(Buffer.concat(copies), plain);
      const packed = await readBytes((await get(`${server.url}/packed`)).body, 1e9);
      assert.ok(plain.equals(packed));
    }));

  it("in an unknown encoding is refused", () =>
    withServers([{}], async (server) => {
      server.on("GET", "/", { headers: { "content-encoding": "br" }, body: "x" });
      assert.equal((await faultOf(get(`${server.url}/`))).kind, "unknown_encoding");
    }));

  it("that is not the gzip it says it is fails", () =>
    withServers([{}], async (server) => {
      server.on("GET", "/", { headers: { "content-encoding": "gzip" }, body: "not compressed at all" });
      const answer = await get(`${server.url}/`);
      assert.equal((await faultOf(readBytes(answer.body, 1e9))).kind, "bad_answer");
    }));
});

describe("an answer", () => {
  it("that is a redirect is not followed", () =>
    withServers([{}], async (server) => {
      server.on("GET", "/", { status: 302, headers: { location: "/elsewhere" } });
      const answer = await get(`${server.url}/`);
      assert.equal(answer.status, 302);
      assert.equal(answer.headers.get("location"), "/elsewhere");
      await answer.body.cancel();
    }));

  it("that is no HTTP is a fault", () =>
    withServers([{}], async (server) => {
      server.on("GET", "/", { raw: ["SSH-2.0-OpenSSH_9.9\r\n"], then: "close" });
      const fault = await faultOf(get(`${server.url}/`));
      assert.equal(fault.sent, true);
    }));

  it("is not waited for when the signal aborts, also on a connection that was kept", () =>
    withServers([{}], async (server) => {
      server.on("GET", "/first", { body: "hello" });
      server.on("GET", "/second", { raw: [], then: "hang" });
      const transport = createTransport({ proxy: {} });
      const controller = new AbortController();
      const ask = (path: string) =>
        transport({
          method: "GET",
          url: new URL(path, server.url),
          headers: {},
          timeoutMs: 60_000,
          signal: controller.signal,
        });
      assert.equal(await text(ask("/first")), "hello");
      const waiting = ask("/second");
      while (server.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
      controller.abort(new Error("enough"));
      await assert.rejects(waiting, /enough/);
    }));

  it("is not waited for when the signal is aborted already", async () => {
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    const url = new URL("http://127.0.0.1:1/");
    const request = { method: "GET", url, headers: {}, timeoutMs: 5000, signal: controller.signal };
    await assert.rejects(createTransport({ proxy: {} })(request), /enough/);
  });
});
