import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mcpServer } from "../../src/mcp/server.ts";
import type { McpAnswer, McpService, McpToolCall } from "../../src/mcp/service.ts";

// deno-lint-ignore no-explicit-any
type Any = any;

/** A server of one tool, and a client that writes lines. */
function open(call: (one: McpToolCall) => Promise<McpAnswer>) {
  const service: McpService = {
    name: "lab",
    title: "Lab",
    version: "1.2.3",
    instructions: "Ask.",
    tools: () => Promise.resolve([]),
    call,
    resources: () => [],
    resourceTemplates: () => [],
    read: () => Promise.resolve({ mimeType: "text/plain", text: "" }),
  };
  const messages: Any[] = [];
  const faults: unknown[] = [];
  let wake = () => {};
  let keys = 0;
  const peer = mcpServer(service, {
    write(line) {
      assert.match(line, /^[^\n]*\n$/);
      messages.push(JSON.parse(line));
      wake();
      return Promise.resolve();
    },
    onFault: (fault) => void faults.push(fault),
    newKey: () => `key-${++keys}`,
  });
  const input = new TransformStream<Uint8Array, Uint8Array>({}, { highWaterMark: 100 }, { highWaterMark: 100 });
  const writer = input.writable.getWriter();
  const heard = peer.listen(input.readable);
  const write = (text: string) => writer.write(new TextEncoder().encode(text));
  return {
    peer,
    messages,
    faults,
    write,
    send: (message: Any) => write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`),
    async until(matches: (one: Any) => boolean): Promise<Any> {
      for (;;) {
        const found = messages.find(matches);
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => wake = resolve);
      }
    },
    async close() {
      await writer.close();
      await heard;
      await peer.idle();
    },
  };
}

const said = (text: string): Promise<McpAnswer> => Promise.resolve({ text });
const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "t", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
};
const toolCall = (id: number | string, more: Any = {}) => ({
  id,
  method: "tools/call",
  params: { name: "tool", arguments: {}, ...more },
});

describe("versions", () => {
  for (
    const [asked, agreed] of [
      ["2024-11-05", "2024-11-05"],
      ["2025-06-18", "2025-06-18"],
      ["2025-11-25", "2025-11-25"],
      ["1999-01-01", "2025-11-25"],
    ]
  ) {
    it(`a client that begins with ${asked} gets ${agreed}`, async () => {
      const lab = open(() => said("x"));
      lab.send({ id: 1, method: "initialize", params: { protocolVersion: asked, capabilities: {}, clientInfo: {} } });
      const { result } = await lab.until((one) => one.id === 1);
      assert.equal(result.protocolVersion, agreed);
      assert.deepEqual(result.serverInfo, { name: "lab", title: "Lab", version: "1.2.3" });
      assert.equal(result.instructions, "Ask.");
      await lab.close();
    });
  }

  it("a client of 2026-07-28 discovers the server, and each result says what it is", async () => {
    const lab = open(() => said("x"));
    lab.send({ id: 1, method: "server/discover", params: { _meta: META } });
    const { result } = await lab.until((one) => one.id === 1);
    assert.deepEqual(result.supportedVersions, ["2026-07-28"]);
    assert.equal(result.resultType, "complete");
    assert.equal(result.cacheScope, "private");
    assert.equal(result._meta["io.modelcontextprotocol/serverInfo"].name, "lab");
    lab.send({ id: 2, method: "tools/list", params: { _meta: META } });
    assert.equal((await lab.until((one) => one.id === 2)).result.resultType, "complete");
    await lab.close();
  });

  it("a version that nobody knows is refused with those that are", async () => {
    const lab = open(() => said("x"));
    const _meta = { ...META, "io.modelcontextprotocol/protocolVersion": "2031-01-01" };
    lab.send({ id: 1, method: "tools/list", params: { _meta } });
    const { error } = await lab.until((one) => one.id === 1);
    assert.equal(error.code, -32022);
    assert.equal(error.data.requested, "2031-01-01");
    assert.ok(error.data.supported.includes("2026-07-28"));
    await lab.close();
  });

  it("a link to a resource goes only to clients that know links", async () => {
    const resource = { uri: "a://b", name: "b", description: "", mimeType: "text/plain" };
    for (const [version, kinds] of [["2025-03-26", ["text"]], ["2025-06-18", ["text", "resource_link"]]] as const) {
      const lab = open(() => Promise.resolve({ text: "x", resource }));
      lab.send({ id: 1, method: "initialize", params: { protocolVersion: version } });
      lab.send(toolCall(2));
      const { result } = await lab.until((one) => one.id === 2);
      assert.deepEqual(result.content.map(({ type }: Any) => type), kinds);
      await lab.close();
    }
  });
});

describe("messages", () => {
  it("what is no message gets an error, and the next is answered", async () => {
    const lab = open(() => said("x"));
    await lab.write("nonsense\n\n[1]\n");
    lab.send({ id: 1, method: "nowhere" });
    lab.send({ id: 2, method: "tools/call", params: [] });
    lab.send({ id: 3, method: "tools/call", params: {} });
    lab.send({ method: "notifications/nowhere" });
    lab.send({ id: 99, result: {} });
    lab.send({ id: 4, method: "ping" });
    assert.deepEqual((await lab.until((one) => one.id === 4)).result, {});
    const codes = lab.messages.filter((one) => one.error).map((one) => [one.id, one.error.code]);
    assert.deepEqual(codes.sort(), [[null, -32700], [null, -32600], [1, -32601], [2, -32602], [3, -32602]].sort());
    await lab.close();
  });

  it("an id that is in use is refused", async () => {
    let release = () => {};
    const lab = open(() => new Promise((resolve) => release = () => resolve({ text: "late" })));
    lab.send(toolCall(1));
    lab.send({ id: 1, method: "ping" });
    const { error } = await lab.until((one) => one.error !== undefined);
    assert.equal(error.code, -32600);
    release();
    assert.equal((await lab.until((one) => one.result !== undefined)).result.content[0].text, "late");
    await lab.close();
  });

  it("an unexpected error keeps its words for whoever runs the server", async () => {
    const lab = open(() => Promise.reject(new Error("the secret is 12345")));
    lab.send(toolCall(1));
    const { error } = await lab.until((one) => one.id === 1);
    assert.deepEqual([error.code, error.message], [-32603, "tools/call failed"]);
    assert.match(String(lab.faults[0]), /12345/);
    await lab.close();
  });

  it("what was cancelled is aborted and never answered; what comes after is", async () => {
    const reasons: unknown[] = [];
    const lab = open(({ name, signal }) =>
      name === "next" ? said("next") : new Promise((_, reject) =>
        signal.addEventListener("abort", () => {
          reasons.push(signal.reason);
          reject(signal.reason);
        })
      )
    );
    lab.send(toolCall("a"));
    lab.send({ method: "notifications/cancelled", params: { requestId: "a" } });
    lab.send(toolCall("b", { name: "next" }));
    await lab.until((one) => one.id === "b");
    assert.equal(reasons.length, 1);
    await lab.close();
    assert.ok(!lab.messages.some((one) => one.id === "a"));
    assert.deepEqual(lab.faults, []);
  });

  it("progress goes to who asks for it, and never falls", async () => {
    const lab = open(({ progress }) => {
      for (const done of [1, 5, 3, 5, 9]) progress({ done, total: 9 });
      return said("x");
    });
    lab.send(toolCall(1));
    lab.send(toolCall(2, { _meta: { progressToken: "p" } }));
    await lab.until((one) => one.id === 2);
    const told = lab.messages.filter((one) => one.method === "notifications/progress");
    assert.deepEqual(told.map(({ params }) => [params.progressToken, params.progress, params.total]), [
      ["p", 1, 9],
      ["p", 5, 9],
      ["p", 9, 9],
    ]);
    await lab.close();
  });

  it("the log has what its level says, and nothing before one is set", async () => {
    const lab = open(({ log }) => {
      log("debug", "small");
      log("warning", "large");
      return said("x");
    });
    const logged = () =>
      lab.messages.filter((one) => one.method === "notifications/message").map((one) => one.params.data);
    lab.send(toolCall(1));
    await lab.until((one) => one.id === 1);
    assert.deepEqual(logged(), []);
    lab.send({ id: 2, method: "logging/setLevel", params: { level: "info" } });
    lab.send(toolCall(3));
    await lab.until((one) => one.id === 3);
    assert.deepEqual(logged(), ["large"]);
    lab.send(toolCall(4, { _meta: { ...META, "io.modelcontextprotocol/logLevel": "debug" } }));
    await lab.until((one) => one.id === 4);
    assert.deepEqual(logged(), ["large", "small", "large"]);
    lab.send({ id: 5, method: "logging/setLevel", params: { level: "loud" } });
    assert.equal((await lab.until((one) => one.id === 5)).error.code, -32602);
    await lab.close();
  });
});

describe("questions to the user", () => {
  const deleting = async ({ canAsk, confirm }: McpToolCall): Promise<McpAnswer> => {
    if (!canAsk) return { text: "cannot ask", isError: true };
    return { text: await confirm("Delete it?") ? "deleted" : "kept" };
  };

  for (
    const [answer, outcome] of [
      [{ action: "accept", content: { confirm: true } }, "deleted"],
      [{ action: "accept", content: { confirm: false } }, "kept"],
      [{ action: "accept", content: { confirm: "true" } }, "kept"],
      [{ action: "accept" }, "kept"],
      [{ action: "decline" }, "kept"],
      [{ action: "cancel", content: { confirm: true } }, "kept"],
    ] as const
  ) {
    it(`${JSON.stringify(answer)}: ${outcome}, in both ways of asking`, async () => {
      const lab = open(deleting);
      lab.send({
        id: 1,
        method: "initialize",
        params: { protocolVersion: "2025-11-25", capabilities: { elicitation: {} } },
      });
      lab.send(toolCall(2));
      const asked = await lab.until((one) => one.method === "elicitation/create");
      assert.equal(asked.params.message, "Delete it?");
      assert.equal(asked.params.requestedSchema.properties.confirm.type, "boolean");
      lab.send({ id: asked.id, result: answer });
      assert.equal((await lab.until((one) => one.id === 2 && one.result)).result.content[0].text, outcome);

      lab.send(toolCall("n1", { _meta: META }));
      const { result } = await lab.until((one) => one.id === "n1");
      assert.equal(result.resultType, "input_required");
      const [[key, question]] = Object.entries<Any>(result.inputRequests);
      assert.deepEqual([question.method, question.params.message], ["elicitation/create", "Delete it?"]);
      const retry = { _meta: META, requestState: result.requestState, inputResponses: { [key!]: answer } };
      lab.send(toolCall("n2", retry));
      assert.equal((await lab.until((one) => one.id === "n2")).result.content[0].text, outcome);
      // An answer is for one call: the same once more asks again.
      lab.send(toolCall("n3", retry));
      assert.equal((await lab.until((one) => one.id === "n3")).result.resultType, "input_required");
      await lab.close();
    });
  }

  it("a yes to another call, or one that was never asked for, is none", async () => {
    const lab = open(deleting);
    lab.send(toolCall(1, { _meta: META }));
    const { result } = await lab.until((one) => one.id === 1);
    const inputResponses = { confirm: { action: "accept", content: { confirm: true } } };
    const more = { _meta: META, inputResponses };
    lab.send(toolCall(2, { ...more, requestState: result.requestState, arguments: { id: 2 } }));
    lab.send(toolCall(3, { ...more, requestState: "key-999" }));
    lab.send(toolCall(4, more));
    for (const id of [2, 3, 4]) {
      assert.equal((await lab.until((one) => one.id === id)).result.resultType, "input_required");
    }
    await lab.close();
  });

  it("a client without forms is never asked", async () => {
    for (const elicitation of [undefined, { url: {} }]) {
      const lab = open(deleting);
      lab.send({
        id: 1,
        method: "initialize",
        params: { protocolVersion: "2025-11-25", capabilities: { elicitation } },
      });
      lab.send(toolCall(2));
      const { result } = await lab.until((one) => one.id === 2);
      assert.deepEqual([result.content[0].text, result.isError], ["cannot ask", true]);
      await lab.close();
    }
  });

  it("who cancels while the user thinks, takes the question back", async () => {
    const lab = open(deleting);
    lab.send({
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: { elicitation: {} } },
    });
    lab.send(toolCall("x"));
    const asked = await lab.until((one) => one.method === "elicitation/create");
    lab.send({ method: "notifications/cancelled", params: { requestId: "x" } });
    const told = await lab.until((one) => one.method === "notifications/cancelled");
    assert.equal(told.params.requestId, asked.id);
    await lab.close();
    assert.ok(!lab.messages.some((one) => one.id === "x"));
  });
});
