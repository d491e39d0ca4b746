/** A ClickHouse server: statements over its HTTP interface. */
import { MpError } from "../errors.ts";
import { isObject } from "../streams/json/is_object.ts";
import { readVariable } from "../settings/environment.ts";
import { CLICKHOUSE_CODES, clickHouseRefusal } from "./clickhouse_errors.ts";
import type { EngineOptions } from "./engine.ts";
import type { EngineAddress } from "./engine_address.ts";
import { EngineClient } from "./engine_client.ts";
import { isRows, typedRows } from "./engine_values.ts";

/** Nothing may be written, and settings may be changed. */
const READ_ONLY = "2";

/** What a profile limits is refused: an answer that is cut short silently has wrong numbers. */
const WHOLE: Readonly<Record<string, string>> = Object.fromEntries(
  ["read", "group_by", "sort", "result", "distinct", "set", "join", "timeout", "transfer"]
    .map((what) => [`${what}_overflow_mode`, "throw"]),
);

/** What a statement that only reads is run with, where the user may say that: it ends with its connection. */
const READING: Readonly<Record<string, string>> = {
  readonly: READ_ONLY,
  ...WHOLE,
  cancel_http_readonly_queries_on_client_close: "1",
};

/**
 * What rows are written with: they are there when the answer comes, and replicas take pieces that are alike for what they are.
 * A failure after the head of an answer would stand in its body.
 */
const WRITING: Readonly<Record<string, string>> = {
  async_insert: "0",
  insert_deduplicate: "0",
  wait_end_of_query: "1",
  // Columns are declared as they are meant: those of a sorting key must not be nullable.
  data_type_default_nullable: "0",
};

/** How long an end of a statement is waited for: the command is over. */
const KILL_MS = 2000;

export type ServerOptions = Omit<EngineOptions, "transport" | "table"> & {
  transport: Awaited<ReturnType<EngineOptions["transport"]>>;
  /** What is done with the address, for messages: `ask`. */
  verb: string;
};

export class ClickHouseServer {
  readonly #client: EngineClient;
  readonly #origin: string;
  /** Fewer where the user may not change settings: whoever may not is one who only reads. */
  #reading = READING;

  constructor({ origin, shown }: EngineAddress, options: ServerOptions) {
    const { env, onSecret, userAgent, verb } = options;
    const user = readVariable(env, "MP_CLICKHOUSE_USER"), password = readVariable(env, "MP_CLICKHOUSE_PASSWORD");
    if (password !== undefined) onSecret(password);
    const action = `${verb} ${shown}`;
    this.#origin = origin as string;
    this.#client = new EngineClient({
      ...options,
      action,
      headers: {
        "user-agent": userAgent,
        ...user !== undefined && { "x-clickhouse-user": user },
        ...password !== undefined && { "x-clickhouse-key": password },
      },
      title: "ClickHouse",
      usualPort: "8123, with ?secure 8443, unless it is set otherwise",
      refusal: (answer) => clickHouseRefusal(action, answer),
    });
  }

  /** The rows that a statement selects. It ends in the server when the signal is aborted. */
  async select(statement: string, signal: AbortSignal): Promise<unknown[][]> {
    const id = crypto.randomUUID();
    let killed: Promise<void> | undefined;
    const onAbort = () => void (killed = this.#kill(id));
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return this.#rowsOf(await this.#read(statement, id, signal));
    } finally {
      signal.removeEventListener("abort", onAbort);
      await killed;
    }
  }

  /**
   * Runs a statement that changes something.
   *
   * @param options.data what follows the statement: the rows of an INSERT
   * @param options.isRepeatable whether it may be sent again when its answer is lost; default true
   */
  async run(
    statement: string,
    signal: AbortSignal,
    { data, isRepeatable }: { data?: Uint8Array; isRepeatable?: boolean } = {},
  ): Promise<void> {
    const parameters = { ...WRITING, ...data !== undefined && { query: statement } };
    await this.#client.send({
      method: "POST",
      url: this.#url(parameters),
      body: data ?? statement,
      signal,
      isRepeatable,
    });
  }

  /** With settings, unless the user's profile keeps them from being changed. */
  async #read(statement: string, id: string, signal: AbortSignal): Promise<unknown> {
    const send = (settings: Readonly<Record<string, string>>) => {
      // What goes wrong after the head of an answer would stand in its body: the whole answer is awaited.
      const parameters = { query_id: id, default_format: "JSONCompact", wait_end_of_query: "1", ...settings };
      return this.#client.sendForJson({ method: "POST", url: this.#url(parameters), body: statement, signal });
    };
    for (;;) {
      const settings = this.#reading;
      try {
        return await send(settings);
      } catch (error) {
        const fewer = error instanceof MpError ? fewerSettings(error, settings) : undefined;
        if (fewer === undefined) throw error;
        this.#reading = fewer;
      }
    }
  }

  #url(parameters: Readonly<Record<string, string>>): URL {
    return new URL(`${this.#origin}/?${new URLSearchParams(parameters)}`);
  }

  #rowsOf(answer: unknown): unknown[][] {
    const { meta, data } = isObject(answer) ? answer : {};
    if (!Array.isArray(meta) || !isRows(data)) throw this.#client.strangeAnswer();
    return typedRows(data, meta.map((column) => isNumeric(String(column?.type))));
  }

  /** For where a closed connection does not end the statement: with fixed settings, or behind a proxy. */
  async #kill(id: string): Promise<void> {
    try {
      await this.#client.send({
        method: "POST",
        url: this.#url({}),
        body: `KILL QUERY WHERE query_id = '${id}' ASYNC`,
        signal: AbortSignal.timeout(KILL_MS),
        isRepeatable: false,
        timeoutMs: KILL_MS,
      });
    } catch {
      // expected: a refusal or the end of the wait, when the statement is over or the user may end none
    }
  }
}

/** `LowCardinality(Nullable(UInt8))` is `UInt8`. */
function bareType(type: string): string {
  const [, inner] = /^(?:Nullable|LowCardinality)\((.*)\)$/.exec(type) ?? [];
  return inner === undefined ? type : bareType(inner);
}

/** What is left of settings when a server has refused one of them; undefined when that is not why it refused. */
function fewerSettings(
  { code, serverMessage = "" }: MpError,
  settings: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined {
  const names = Object.keys(settings);
  if (code === `clickhouse_${CLICKHOUSE_CODES.unknownSetting}` && names.length > 1) {
    return settings === READING ? { readonly: READ_ONLY, ...WHOLE } : { readonly: READ_ONLY };
  }
  const isFixed = code === `clickhouse_${CLICKHOUSE_CODES.readonly}` && /\bsetting\b/i.test(serverMessage);
  return isFixed && names.length > 0 ? {} : undefined;
}

const isNumeric = (type: string): boolean => /^(?:U?Int\d+|B?Float\d+|Decimal)/.test(bareType(type));
