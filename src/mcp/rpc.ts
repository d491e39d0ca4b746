/** JSON-RPC 2.0 in lines of JSON, as the Model Context Protocol has it over standard input and output. */
import { lines } from "../streams/lines.ts";
import { isObject } from "../streams/json/is_object.ts";
import { parseJson, stringifyJson } from "../streams/json/json.ts";

export type RpcId = string | number;

/** The numbers of errors: those of JSON-RPC, and the protocol's own. */
export const RPC_ERRORS = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  unsupportedVersion: -32022,
} as const;

/** An error that goes to the other side as it is. */
export class RpcError extends Error {
  constructor(readonly code: number, message: string, readonly data?: unknown) {
    super(message);
    this.name = "RpcError";
  }
}

/** A request of the other side that is being answered. */
export interface RpcCall {
  id: RpcId;
  method: string;
  params: Readonly<Record<string, unknown>>;
  /** Aborted when the other side cancels it, and when the connection ends. */
  signal: AbortSignal;
}

export interface RpcOptions {
  /** Writes one line, which ends with a line feed. Throws when nobody reads any more. */
  write(line: string): Promise<void>;
  /** Answers a request; an RpcError goes to the other side, any other error as an internal one without its words. */
  answer(call: RpcCall): Promise<unknown>;
  /** What else went wrong, for whoever runs the server. */
  onFault(fault: unknown): void;
}

/** One end of a connection. */
export class RpcPeer {
  readonly #options: RpcOptions;
  readonly #running = new Map<RpcId, { abort: AbortController; done: Promise<void> }>();
  readonly #asked = new Map<RpcId, { resolve(result: unknown): void; reject(error: unknown): void }>();
  #nextId = 1;

  constructor(options: RpcOptions) {
    this.#options = options;
  }

  /** Takes messages until the input ends. Requests are answered meanwhile, several at a time. */
  async listen(input: AsyncIterable<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const some of lines(input)) {
      for (const [, line] of some.entries()) this.#receive(decoder.decode(line));
    }
  }

  /** Resolves when every request that has come is answered. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  /** Ends what is still being done, and what the other side was asked for. */
  end(reason: unknown): void {
    for (const { abort } of this.#running.values()) abort.abort(reason);
    for (const { reject } of this.#asked.values()) reject(reason);
    this.#asked.clear();
  }

  async notify(method: string, params: Record<string, unknown>): Promise<void> {
    await this.#write({ method, params });
  }

  /** Asks the other side. Where the signal is aborted, it is told that nobody waits any longer. */
  async ask(method: string, params: Record<string, unknown>, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    const id = this.#nextId++;
    const answered = new Promise<unknown>((resolve, reject) => this.#asked.set(id, { resolve, reject }));
    const cancel = () => {
      this.#asked.get(id)?.reject(signal.reason);
      this.#tell({ method: "notifications/cancelled", params: { requestId: id } });
    };
    signal.addEventListener("abort", cancel, { once: true });
    try {
      await this.#write({ id, method, params });
      return await answered;
    } finally {
      signal.removeEventListener("abort", cancel);
      this.#asked.delete(id);
    }
  }

  #receive(text: string): void {
    if (text.trim() === "") return;
    let message: unknown;
    try {
      message = parseJson(text);
    } catch (error) {
      return this.#refuse(null, RPC_ERRORS.parse, `Not JSON: ${(error as Error).message}`);
    }
    if (!isObject(message) || message.jsonrpc !== "2.0") {
      const what = Array.isArray(message) ? "several messages in one line are not supported" : "not JSON-RPC 2.0";
      return this.#refuse(null, RPC_ERRORS.invalidRequest, `Cannot read the message: ${what}`);
    }
    const { id, method, params = {} } = message;
    if (typeof method !== "string") return this.#settle(message);
    if (!isObject(params)) {
      return this.#refuse(isId(id) ? id : null, RPC_ERRORS.invalidParams, `${method} takes an object of parameters`);
    }
    if (id === undefined) return this.#noticed(method, params);
    if (!isId(id)) return this.#refuse(null, RPC_ERRORS.invalidRequest, "An id is a text or a number");
    if (this.#running.has(id)) return this.#refuse(id, RPC_ERRORS.invalidRequest, `The id ${id} is in use`);
    const abort = new AbortController();
    this.#running.set(id, { abort, done: this.#answer({ id, method, params, signal: abort.signal }) });
  }

  async #answer(call: RpcCall): Promise<void> {
    try {
      // Later, so that the request is among those that run, whatever its answer does.
      await Promise.resolve();
      const result = await this.#options.answer(call);
      // Of what was cancelled, nobody wants to hear.
      if (!call.signal.aborted) await this.#write({ id: call.id, result });
    } catch (error) {
      if (call.signal.aborted) return;
      if (!(error instanceof RpcError)) this.#options.onFault(error);
      const { code, message, data } = error instanceof RpcError
        ? error
        : new RpcError(RPC_ERRORS.internal, `${call.method} failed`);
      this.#refuse(call.id, code, message, data);
    } finally {
      this.#running.delete(call.id);
    }
  }

  #noticed(method: string, params: Readonly<Record<string, unknown>>): void {
    if (method !== "notifications/cancelled" || !isId(params.requestId)) return;
    this.#running.get(params.requestId)?.abort.abort(new RpcError(RPC_ERRORS.internal, "Cancelled"));
  }

  #settle({ id, result, error }: Readonly<Record<string, unknown>>): void {
    const asked = isId(id) ? this.#asked.get(id) : undefined;
    if (isObject(error)) asked?.reject(new RpcError(Number(error.code), String(error.message)));
    else asked?.resolve(result);
  }

  #refuse(id: RpcId | null, code: number, message: string, data?: unknown): void {
    this.#tell({ id, error: { code, message, ...data !== undefined && { data } } });
  }

  /** Writes what nobody waits for. */
  #tell(message: Record<string, unknown>): void {
    this.#write(message).catch(this.#options.onFault);
  }

  async #write(message: Record<string, unknown>): Promise<void> {
    await this.#options.write(stringifyJson({ jsonrpc: "2.0", ...message }) + "\n");
  }
}

const isId = (value: unknown): value is RpcId => typeof value === "string" || typeof value === "number";
