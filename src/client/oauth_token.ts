/** Trades client credentials for an access token, and keeps it until it expires. */
import { MpError } from "../errors.ts";
import type { Answer, WireBody, WireRequest } from "./types.ts";

/** Sends a request without credentials of its own. */
export type SendPlain = (request: WireRequest, signal?: AbortSignal) => Promise<Answer>;

/** Renewed this long before its end, so that it does not expire on the way. */
const MARGIN_MS = 30_000;
/** For servers that do not say how long a token lives. */
const DEFAULT_LIFE_MS = 300_000;

export class AccessTokens {
  #token: { text: string; expiresAt: number } | undefined;
  #pending: Promise<string> | undefined;

  constructor(readonly send: SendPlain, readonly now: () => number) {}

  /**
   * A token that is good for some time yet; several callers share one request.
   *
   * @throws MpError (auth) when the server does not take the client's credentials.
   */
  async get(clientId: string, clientSecret: string, signal?: AbortSignal): Promise<string> {
    if (this.#token !== undefined && this.#token.expiresAt > this.now()) return this.#token.text;
    this.#pending ??= this.#request(clientId, clientSecret, signal).finally(() => this.#pending = undefined);
    return await this.#pending;
  }

  /** Forgets a token that the server has refused. Another one is asked for next time. */
  forget(token: string): void {
    if (this.#token?.text === token) this.#token = undefined;
  }

  async #request(clientId: string, clientSecret: string, signal?: AbortSignal): Promise<string> {
    const fields = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
    const form: WireBody = {
      kind: "form",
      fields: Object.entries(fields).map(([name, value]) => ({ name, value })),
    };
    let answer: Answer;
    try {
      answer = await this.send(tokenRequest(form), signal).catch((error: unknown) => {
        // The standard asks for a form; the reference's server is described with a JSON body.
        if (!mayWantJson(error)) throw error;
        return this.send(tokenRequest({ kind: "json", text: JSON.stringify(fields) }), signal);
      });
      return this.#keep(await answer.text());
    } catch (error) {
      throw isRefusal(error) ? refused(clientId, error) : error;
    }
  }

  #keep(text: string): string {
    let body: { access_token?: unknown; expires_in?: unknown } | undefined;
    try {
      body = JSON.parse(text);
    } catch { /* expected: SyntaxError, said below */ }
    if (typeof body?.access_token !== "string" || body.access_token === "") {
      throw new MpError("Cannot read the answer of /oauth/token: there is no access token in it", {
        category: "server",
        code: "unexpected_answer",
        hint: "check the region and the host with 'mp whoami'",
      });
    }
    const lifeMs = typeof body.expires_in === "number" ? body.expires_in * 1000 : DEFAULT_LIFE_MS;
    this.#token = { text: body.access_token, expiresAt: this.now() + lifeMs - Math.min(MARGIN_MS, lifeMs / 2) };
    return body.access_token;
  }
}

function tokenRequest(body: WireBody): WireRequest {
  const common = { method: "POST" as const, family: "oauth" as const, path: "/token", query: [], auth: [] };
  return { ...common, body, projectIn: "none", repeatable: true };
}

function mayWantJson(error: unknown): boolean {
  const isFormatError = error instanceof MpError && (error.status === 400 || error.status === 415);
  return isFormatError && !saysRefusal(error);
}

function isRefusal(error: unknown): error is MpError {
  return error instanceof MpError && (error.status === 401 || error.status === 403 || saysRefusal(error));
}

function saysRefusal(error: MpError): boolean {
  return /invalid_client|unauthorized_client|invalid_grant/.test(error.serverMessage ?? "");
}

function refused(clientId: string, cause: MpError): MpError {
  return new MpError(`Cannot get an access token for OAuth client ${clientId}: the server refused its credentials`, {
    category: "auth",
    code: "refused_credentials",
    hint: "check MP_CLIENT_ID and MP_CLIENT_SECRET, and the region",
    status: cause.status,
    requestId: cause.requestId,
    serverMessage: cause.serverMessage,
    cause,
  });
}
