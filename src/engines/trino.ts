/** Trino, over its client protocol: a statement is posted, and its rows follow page by page. */
import { oneLine } from "../client/wording.ts";
import { type ErrorCategory, MpError } from "../errors.ts";
import { isObject } from "../streams/json/is_object.ts";
import { readVariable } from "../settings/environment.ts";
import type { Engine, EngineColumn, EngineOptions } from "./engine.ts";
import type { EngineAddress } from "./engine_address.ts";
import { type EngineAnswer, EngineClient, type EngineClientOptions } from "./engine_client.ts";
import { isRows, typedRows } from "./engine_values.ts";

/** How long an end of a statement is waited for: the command is over. */
const CANCEL_MS = 2000;

/** The server wants to know who asks, also where it believes everybody. */
const NOBODY = "mp";

const LOGIN_HINT = "set MP_TRINO_USER and MP_TRINO_PASSWORD; a server takes a password over HTTPS alone";

export async function openTrino(address: EngineAddress, options: EngineOptions): Promise<Engine> {
  return new Trino(address, options.table, { ...options, transport: await options.transport() });
}

/** A part of an answer, as far as it is read. */
interface Page {
  nextUri?: string;
  columns?: { name: string; type: string }[];
  data?: unknown[][];
  error?: { message?: string; errorName?: string; errorType?: string };
}

class Trino implements Engine {
  readonly #client: EngineClient;
  readonly #action: string;
  readonly #origin: string;
  readonly #table: string;

  constructor(
    { origin, shown }: EngineAddress,
    table: string,
    options: Omit<EngineOptions, "transport"> & Pick<EngineClientOptions, "transport">,
  ) {
    const { env, onSecret, userAgent } = options;
    const user = readVariable(env, "MP_TRINO_USER"), password = readVariable(env, "MP_TRINO_PASSWORD");
    if (password !== undefined) onSecret(password);
    this.#action = `ask ${shown}`;
    this.#origin = origin as string;
    this.#table = table;
    this.#client = new EngineClient({
      ...options,
      action: this.#action,
      headers: {
        "user-agent": userAgent,
        "x-trino-user": encodeHeader(user ?? NOBODY),
        "x-trino-source": "mp",
        "x-trino-time-zone": "UTC",
        ...password !== undefined && { authorization: `Basic ${base64(`${user ?? NOBODY}:${password}`)}` },
      },
      title: "Trino",
      usualPort: "8080, with ?secure 8443, unless it is set otherwise",
      refusal: (answer) => this.#refusal(answer),
    });
  }

  async columns(signal: AbortSignal): Promise<EngineColumn[]> {
    const rows = await this.rows(`DESCRIBE ${this.#table}`, signal);
    return rows.map(([name, type, _extra, comment]) => ({
      name: String(name),
      type: String(type),
      comment: String(comment ?? ""),
    }));
  }

  async rows(statement: string, signal: AbortSignal): Promise<unknown[][]> {
    let page: Page = {};
    let cancelled: Promise<void> | undefined;
    const onAbort = () => void (cancelled = this.#cancel(page.nextUri));
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      // It runs from the first request on, and one that is lost may run: it is not sent again.
      page = await this.#page(
        { method: "POST", url: new URL(`${this.#origin}/v1/statement`), body: statement },
        signal,
      );
      let columns = page.columns;
      const rows = [...page.data ?? []];
      while (page.nextUri !== undefined) {
        page = await this.#page({ method: "GET", url: this.#own(page.nextUri) }, signal);
        columns ??= page.columns;
        for (const row of page.data ?? []) rows.push(row);
      }
      return typedRows(rows, (columns ?? []).map(({ type }) => isNumeric(type)));
    } finally {
      signal.removeEventListener("abort", onAbort);
      await cancelled;
    }
  }

  /** @throws MpError of the statement, or of what is no answer of Trino */
  async #page(
    { method, url, body }: { method: "GET" | "POST"; url: URL; body?: string },
    signal: AbortSignal,
  ): Promise<Page> {
    const answer = await this.#client.sendForJson({ method, url, body, signal, isRepeatable: method === "GET" });
    const page = isObject(answer) ? pageOf(answer) : undefined;
    if (page === undefined) throw this.#client.strangeAnswer();
    if (page.error !== undefined) throw this.#statementError(page.error);
    return page;
  }

  /** Pages stand where the statement was sent to, whatever host and scheme the server believes to have behind a proxy. */
  #own(nextUri: string): URL {
    const next = URL.parse(nextUri, this.#origin);
    if (next === null) throw this.#client.strangeAnswer();
    return new URL(`${next.pathname}${next.search}`, this.#origin);
  }

  async #cancel(nextUri: string | undefined): Promise<void> {
    if (nextUri === undefined) return;
    try {
      await this.#client.send({
        method: "DELETE",
        url: this.#own(nextUri),
        signal: AbortSignal.timeout(CANCEL_MS),
        isRepeatable: false,
        timeoutMs: CANCEL_MS,
      });
    } catch {
      // expected: a refusal or the end of the wait, when the statement is over or ends when nobody asks for its rows
    }
  }

  #refusal({ status, text }: EngineAnswer): MpError | undefined {
    if (status !== 401 && status !== 403) return undefined;
    const said = oneLine(text.replace(/<[^>]*>/g, " "), 200);
    return new MpError(`Cannot ${this.#action}: Trino does not accept the user${said === "" ? "" : ` (${said})`}`, {
      category: "auth",
      code: `trino_${status}`,
      hint: LOGIN_HINT,
      status,
    });
  }

  #statementError({ message = "", errorName = "", errorType = "" }: NonNullable<Page["error"]>): MpError {
    const [category, state, hint] = kindOf(errorName, errorType);
    const said = oneLine(message);
    const name = oneLine(errorName, 60);
    return new MpError(`Cannot ${this.#action}: ${state} (${[name, said].filter(Boolean).join(": ")})`, {
      category,
      code: `trino_${name.toLowerCase() || "error"}`,
      hint,
      serverMessage: said,
      serverCode: name || undefined,
    });
  }
}

/** What is there, of the types that the protocol gives it; undefined for what is no page. NULL is what is not there. */
function pageOf({ id, nextUri, columns, data, error }: Record<string, unknown>): Page | undefined {
  const isPage = typeof id === "string" && (nextUri == null || typeof nextUri === "string") &&
    (columns == null || (Array.isArray(columns) && columns.every((column) => typeof column?.type === "string"))) &&
    (data == null || isRows(data)) && (error == null || isObject(error));
  if (!isPage) return undefined;
  const text = (value: unknown) => typeof value === "string" ? value : undefined;
  return {
    nextUri: text(nextUri),
    columns: (columns ?? undefined) as Page["columns"],
    data: data ?? undefined,
    error: isObject(error)
      ? { message: text(error.message), errorName: text(error.errorName), errorType: text(error.errorType) }
      : undefined,
  };
}

function kindOf(name: string, type: string): [category: ErrorCategory, state: string, hint?: string] {
  if (name === "TABLE_NOT_FOUND") return ["not_found", "there is no such table"];
  if (name === "SCHEMA_NOT_FOUND") return ["not_found", "there is no such schema"];
  if (name === "CATALOG_NOT_FOUND") return ["not_found", "there is no such catalog"];
  if (name === "PERMISSION_DENIED") return ["auth", "the user may not do that", LOGIN_HINT];
  if (type === "INSUFFICIENT_RESOURCES") return ["server", "Trino has too little for it"];
  return [type === "USER_ERROR" ? "failure" : "server", type === "USER_ERROR" ? "Trino refuses it" : "Trino failed"];
}

const isNumeric = (type: string): boolean => /^(?:tinyint|smallint|integer|bigint|real|double|decimal)\b/.test(type);

/** Headers take no letters beyond ASCII; Trino decodes none, and says so. */
const encodeHeader = (text: string): string => text.replace(/[^\x20-\x7e]/g, (letter) => encodeURIComponent(letter));

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
