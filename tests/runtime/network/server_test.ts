import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { describe, it } from "node:test";
import { serve } from "../../../src/runtime/network/server.ts";
import { itUnless } from "../../helpers/needs.ts";

const isDeno = "Deno" in globalThis;
const LINE = "x".repeat(1023) + "\n";
const LINES = 20_000;

/** An answer that takes a moment to make. */
function streamed(): ReadableStream {
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      if (sent++ === LINES) return controller.close();
      if (sent % 2000 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      controller.enqueue(new TextEncoder().encode(LINE));
    },
  });
}

/** A socket that has sent something; it reads nothing until it is told to. */
async function client(port: number, sent: string): Promise<net.Socket> {
  const socket = net.connect(port, "127.0.0.1");
  // expected: the server's end of the connection
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.pause();
  socket.write(sent);
  return socket;
}

// Deno says that one text is sent when the system has it, which takes some megabytes.
const BODIES = {
  "a stream": { lines: LINES, body: streamed },
  "one text": { lines: 1000, body: () => LINE.repeat(1000) },
};

const GET = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";

describe("a server that finishes", () => {
  for (const [kind, { lines, body }] of Object.entries(BODIES)) {
    it(`lets an answer that is ${kind} arrive whole, and takes no more requests`, async () => {
      let begun = () => {};
      const isAsked = new Promise<void>((resolve) => begun = resolve);
      const server = serve(() => {
        begun();
        return new Response(body());
      }, { hostname: "127.0.0.1", port: 0 });
      const socket = await client(server.port, GET);
      await isAsked;
      const finished = server.finish(20_000);
      let text = "";
      socket.setEncoding("latin1").on("data", (part) => text += part);
      setTimeout(() => socket.resume(), 300);
      await Promise.all([finished, once(socket, "close")]);
      assert.equal(text.split(LINE.trimEnd()).length - 1, lines);
      const late = net.connect(server.port, "127.0.0.1");
      const [error] = await once(late, "error");
      assert.equal((error as { code: string }).code, "ECONNREFUSED");
    });
  }

  it("waits for no connection that has asked nothing, or half a question", async () => {
    const server = serve(() => new Response("hello"), { hostname: "127.0.0.1", port: 0 });
    const sockets = await Promise.all(["", GET.slice(0, 10)].map((sent) => client(server.port, sent)));
    const startMs = performance.now();
    await server.finish(20_000);
    assert.ok(performance.now() - startMs < 5000);
    for (const socket of sockets) socket.destroy();
  });

  itUnless(
    isDeno && "Deno cannot end an answer once it is shut down",
    "ends an answer that takes too long",
    async () => {
      const never = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(LINE)) });
      const server = serve(() => new Response(never), { hostname: "127.0.0.1", port: 0 });
      const socket = await client(server.port, GET);
      socket.resume();
      await once(socket, "data");
      await Promise.all([server.finish(200), once(socket, "close")]);
    },
  );
});
