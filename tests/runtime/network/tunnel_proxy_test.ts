import assert from "node:assert/strict";
import net from "node:net";
import { after, before, describe, it } from "node:test";
import { startTunnelProxy, type TunnelProxy } from "../../../src/runtime/network/tunnel_proxy.ts";

/** Sends back what it gets, and keeps what it was sent first. */
const target = net.createServer((socket) => {
  socket.on("error", () => socket.destroy());
  socket.pipe(socket);
});
const refusal = (host: string, port: string) => host === "good.test" ? undefined : `${host} on ${port} is not wanted`;
const PATIENCE_MS = 300;
let proxy: TunnelProxy;
let targetPort: number;
before(async () => {
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
  targetPort = (target.address() as net.AddressInfo).port;
  proxy = await startTunnelProxy({ hostname: "127.0.0.1", port: 0, targetPort, refusal, patienceMs: PATIENCE_MS });
});
after(async () => {
  await proxy.stop();
  target.close();
});

interface Line {
  send(text: string): void;
  /** All that came so far, once it matches. */
  until(pattern: RegExp): Promise<string>;
  /** All that came, when the other side has ended it. */
  readonly ended: Promise<string>;
  close(): void;
}

/** A connection on which bytes are sent by hand. */
function dial(port = proxy.port): Line {
  const socket = net.connect(port, "127.0.0.1");
  let text = "";
  const looks = new Set<() => void>();
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    for (const look of looks) look();
  });
  // expected: a connection that the proxy resets, which `ended` reports
  socket.on("error", () => socket.destroy());
  return {
    send: (sent) => void socket.write(sent),
    until: (pattern) =>
      new Promise((resolve) => {
        const look = () => void (pattern.test(text) && resolve(text));
        looks.add(look);
        look();
      }),
    ended: new Promise((resolve) => socket.on("close", () => resolve(text))),
    close: () => void socket.destroy(),
  };
}

const CONNECT = "CONNECT good.test:443 HTTP/1.1\r\nHost: good.test:443\r\n\r\n";
const GRANTED = "HTTP/1.1 200 Connection established\r\n\r\n";

describe("a proxy for tunnels", () => {
  it("leads a host that it knows to its target, and carries bytes both ways", async () => {
    const line = dial();
    line.send(CONNECT);
    await line.until(/\r\n\r\n$/);
    line.send("one");
    await line.until(/one$/);
    line.send("two");
    assert.equal(await line.until(/two$/), `${GRANTED}onetwo`);
    line.close();
  });

  it("takes a head in pieces, and what is sent at once with it", async () => {
    const line = dial();
    for (const piece of ["CONN", "ECT GOOD.test.:443 HTTP/1.0\r", "\n\r", "\nat once"]) {
      line.send(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(await line.until(/at once$/), `${GRANTED}at once`);
    line.close();
  });

  it("refuses other hosts, in its first line too", async () => {
    const line = dial();
    line.send("CONNECT bad.test:8443 HTTP/1.1\r\n\r\n");
    const answer = await line.ended;
    assert.match(answer, /^HTTP\/1\.1 403 Forbidden: bad\.test on 8443 is not wanted\r\n/);
    assert.match(answer, /\r\n\r\nbad\.test on 8443 is not wanted\n$/);
  });

  it("refuses what is no CONNECT", async () => {
    const cases: [string, RegExp][] = [
      ["GET http://good.test/ HTTP/1.1\r\n\r\n", /^HTTP\/1\.1 403 Forbidden: .*CONNECT\n$/s],
      ["GET / HTTP/1.1\r\n\r\n", /^HTTP\/1\.1 403 /],
      ["CONNECT good.test HTTP/1.1\r\n\r\n", /^HTTP\/1\.1 403 /],
      ["CONNECT evil\u001b[31m:443 HTTP/1.1\r\n\r\n", /^HTTP\/1\.1 403 (?!.*evil)/s],
      ["HELO there\r\n\r\n", /^HTTP\/1\.1 400 /],
      ["\x16\x03\x01\r\n\r\n", /^HTTP\/1\.1 400 /],
    ];
    for (const [sent, expected] of cases) {
      const line = dial();
      line.send(sent);
      assert.match(await line.ended, expected, JSON.stringify(sent));
    }
  });

  it("waits neither for a head that trickles in nor for one without an end", async () => {
    const slow = dial();
    const startMs = performance.now();
    const trickle = setInterval(() => slow.send("x"), 20);
    assert.match(await slow.ended, /^HTTP\/1\.1 408 /);
    clearInterval(trickle);
    assert.ok(performance.now() - startMs >= PATIENCE_MS - 50);
    const long = dial();
    long.send(`CONNECT good.test:443 HTTP/1.1\r\nX: ${"x".repeat(9000)}`);
    assert.match(await long.ended, /^HTTP\/1\.1 431 /);
  });

  it("closes a tunnel in which nothing is ever sent, and keeps one in which something was", async () => {
    const [idle, used] = [dial(), dial()];
    used.send(CONNECT);
    await used.until(/\r\n\r\n$/);
    used.send("hello");
    await used.until(/hello$/);
    idle.send(CONNECT);
    assert.equal(await idle.ended, GRANTED);
    used.send("again");
    await used.until(/again$/);
    used.close();
  });

  it("holds so many connections and no more, and has room again when they end", async () => {
    const own = await startTunnelProxy({ hostname: "127.0.0.1", port: 0, targetPort, refusal, patienceMs: 1000 });
    try {
      const answers = await Promise.all(Array.from({ length: 450 }, () => dial(own.port).ended));
      assert.equal(answers.filter((answer) => answer === "").length, 50);
      assert.equal(answers.filter((answer) => answer.startsWith("HTTP/1.1 408 ")).length, 400);
      const line = dial(own.port);
      line.send(CONNECT);
      assert.equal(await line.until(/\r\n\r\n$/), GRANTED);
      line.close();
    } finally {
      await own.stop();
    }
  });

  it("brings all that its target has sent before it closed, also to a client that reads slowly", async () => {
    const big = net.createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.once("data", () => socket.end("x".repeat(20_000_000)));
    });
    await new Promise<void>((resolve) => big.listen(0, "127.0.0.1", resolve));
    const { port } = big.address() as net.AddressInfo;
    const own = await startTunnelProxy({ hostname: "127.0.0.1", port: 0, targetPort: port, refusal });
    const client = net.connect(own.port, "127.0.0.1", () => client.write(`${CONNECT}go`));
    let bytes = 0;
    let pauses = 0;
    client.on("data", (chunk) => {
      bytes += chunk.length;
      if (bytes < 250_000 * (pauses + 1)) return;
      pauses++;
      client.pause();
      setTimeout(() => client.resume(), 10);
    });
    await new Promise((resolve) => client.on("close", resolve));
    assert.equal(bytes, 20_000_000 + GRANTED.length);
    await own.stop();
    big.close();
  });

  it("ends all tunnels when it stops, and says when its port is taken", async () => {
    const own = await startTunnelProxy({ hostname: "127.0.0.1", port: 0, targetPort, refusal });
    await assert.rejects(
      startTunnelProxy({ hostname: "127.0.0.1", port: own.port, targetPort, refusal }),
      /EADDRINUSE|in use/i,
    );
    const line = dial(own.port);
    line.send(CONNECT);
    await line.until(/\r\n\r\n$/);
    line.send("x");
    await line.until(/x$/);
    await own.stop();
    await line.ended;
    const later = dial(own.port);
    assert.equal(await later.ended, "");
  });

  it("closes the tunnel when its target cannot be reached", async () => {
    const gone = net.createServer();
    await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
    const { port } = gone.address() as net.AddressInfo;
    await new Promise<void>((resolve) => gone.close(() => resolve()));
    const own = await startTunnelProxy({ hostname: "127.0.0.1", port: 0, targetPort: port, refusal });
    const line = dial(own.port);
    line.send(CONNECT);
    assert.equal(await line.ended, "");
    await own.stop();
  });
});
