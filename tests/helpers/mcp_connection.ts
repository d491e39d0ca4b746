/** A client of the Model Context Protocol that does as it is told: lines to `mp mcp`, and the lines that come back. */
import { run } from "../../src/program.ts";
import { buffer, testWorld, type WorldOptions } from "./world.ts";

// deno-lint-ignore no-explicit-any
export type McpMessage = any;

export interface McpConnection {
  /** Sends a request and waits for its answer, with `result` or `error`. */
  ask(method: string, params?: Record<string, unknown>): Promise<McpMessage>;
  /** Calls a tool and returns its result. Throws for an error of the protocol. */
  call(name: string, args?: Record<string, unknown>, more?: Record<string, unknown>): Promise<McpMessage>;
  /** Sends a message as it is, and waits for nothing. */
  send(message: Record<string, unknown>): void;
  /** The first message of the server that matches, from those that have come and those that will. */
  until(matches: (message: McpMessage) => boolean): Promise<McpMessage>;
  /** Everything that came, in its order. */
  readonly messages: McpMessage[];
  stderr(): string;
  /** With its exit code. */
  readonly ended: Promise<number>;
  /** Closes its input and waits for its end. */
  close(): Promise<number>;
}

/** Starts `mp mcp` with a client of 2025-11-25, which has what `capabilities` says. */
export async function connectMcp(
  argv: string[],
  { capabilities = {}, version = "2025-11-25", ...options }: WorldOptions & {
    capabilities?: Record<string, unknown>;
    version?: string;
  } = {},
): Promise<McpConnection> {
  const connection = startMcp(argv, options);
  await connection.ask("initialize", {
    protocolVersion: version,
    capabilities,
    clientInfo: { name: "test", version: "1" },
  });
  connection.send({ method: "notifications/initialized" });
  return connection;
}

/** The same before anything was said. */
export function startMcp(argv: string[], options: WorldOptions = {}): McpConnection {
  const encoder = new TextEncoder();
  const input = new TransformStream<Uint8Array, Uint8Array>({}, { highWaterMark: 100 }, { highWaterMark: 100 });
  const writer = input.writable.getWriter();
  const messages: McpMessage[] = [];
  const waiting = new Set<() => void>();
  const lines = buffer();
  let read = 0;
  const stdout = {
    ...lines,
    async write(content: string | Uint8Array) {
      await lines.write(content);
      const whole = lines.text();
      for (let end = whole.indexOf("\n", read); end >= 0; end = whole.indexOf("\n", read)) {
        // What is no JSON is for nobody: the test fails here.
        messages.push(JSON.parse(whole.slice(read, end)));
        read = end + 1;
      }
      for (const look of [...waiting]) look();
    },
  };
  const world = { ...testWorld(options), stdin: { isTerminal: false, stream: () => input.readable }, stdout };
  const ended = run(["mcp", ...argv], world);
  let nextId = 1;
  const send = (message: Record<string, unknown>) =>
    void writer.write(encoder.encode(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`));
  const until = (matches: (message: McpMessage) => boolean) =>
    new Promise<McpMessage>((resolve, reject) => {
      const look = () => {
        const found = messages.find(matches);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      ended.then((code) => reject(new Error(`mp mcp ended with ${code}: ${world.stderr.text()}`)));
    });
  const ask = async (method: string, params: Record<string, unknown> = {}) => {
    const id = nextId++;
    send({ id, method, params });
    return await until((one) => one.id === id && one.method === undefined);
  };
  return {
    messages,
    ended,
    send,
    until,
    ask,
    async call(name, args = {}, more = {}) {
      const { result, error } = await ask("tools/call", { name, arguments: args, ...more });
      if (error !== undefined) throw new Error(`${name}: ${JSON.stringify(error)}`);
      return result;
    },
    stderr: () => world.stderr.text(),
    async close() {
      await writer.close();
      return await ended;
    },
  };
}
