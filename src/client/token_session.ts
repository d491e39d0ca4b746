/**
 * A login made in the browser: an access token, and a refresh token that is traded for the next one. Both are in a file
 * that only its owner can read, shared by all `mp` processes; one of them renews it at a time, since a refresh token
 * works once.
 */
import { MpError } from "../errors.ts";
import { readTextFile, writeFileAtomically } from "../runtime/files/files.ts";
import { damagedLock, withFileLock } from "../runtime/files/private_files.ts";
import type { SessionPlace } from "./credentials.ts";
import { rememberSecret } from "./redact.ts";
import type { SendPlain } from "./oauth_token.ts";

/** The file's content. */
export interface SessionTokens {
  mp_session: 1;
  client_id: string;
  access_token: string;
  refresh_token?: string;
  /** Milliseconds since 1970. */
  expires_at: number;
}

/** Renewed this long before its end, so that it does not expire on the way. */
const MARGIN_MS = 60_000;
const LOCK_TIMEOUT_MS = 30_000;
/** For servers that do not say how long a token lives. */
const DEFAULT_LIFE_SECONDS = 300;

/** What a server answered, as tokens to keep. */
export function sessionTokens(
  answer: { access_token: string; refresh_token?: string; expires_in?: number },
  clientId: string,
  nowMs: number,
): SessionTokens {
  return {
    mp_session: 1,
    client_id: clientId,
    access_token: answer.access_token,
    refresh_token: answer.refresh_token,
    expires_at: nowMs + (answer.expires_in ?? DEFAULT_LIFE_SECONDS) * 1000,
  };
}

/** The tokens of an answer; undefined for anything else. */
function tokensIn(text: string): Parameters<typeof sessionTokens>[0] | undefined {
  try {
    const body = JSON.parse(text) as Parameters<typeof sessionTokens>[0] | null;
    return typeof body?.access_token === "string" && body.access_token !== "" ? body : undefined;
  } catch { // expected: SyntaxError, for an answer that is no JSON
    return undefined;
  }
}

export async function writeSession(path: string, tokens: SessionTokens): Promise<void> {
  await writeFileAtomically(path, JSON.stringify(tokens) + "\n", { mode: 0o600 });
}

export class TokenSession {
  #refused: string | undefined;
  #pending: Promise<string> | undefined;

  constructor(
    readonly place: SessionPlace,
    readonly send: SendPlain,
    readonly now: () => number,
    readonly note: (line: string) => void = () => {},
  ) {}

  /**
   * A token that is good for some time yet; several callers share one renewal.
   *
   * @throws MpError (auth) when the login is over, with the command that makes a new one.
   */
  async get(signal?: AbortSignal): Promise<string> {
    const tokens = await this.#read();
    if (this.#isGood(tokens)) return tokens.access_token;
    this.#pending ??= this.#renew(signal).finally(() => this.#pending = undefined);
    return await this.#pending;
  }

  /** Takes note of a token that the server has refused, so that it is renewed next time. */
  forget(token: string): void {
    this.#refused = token;
  }

  #isGood(tokens: SessionTokens): boolean {
    return tokens.access_token !== this.#refused && tokens.expires_at - MARGIN_MS > this.now();
  }

  async #renew(signal?: AbortSignal): Promise<string> {
    const { path, owner } = this.place;
    const done = await withFileLock(`${path}.lock`, async () => {
      // Another process may have been first.
      const tokens = await this.#read();
      if (this.#isGood(tokens)) return tokens;
      if (tokens.refresh_token === undefined) throw this.#over();
      rememberSecret(tokens.refresh_token);
      const renewed = await this.#trade(tokens.client_id, tokens.refresh_token, signal);
      await writeSession(path, renewed);
      return renewed;
    }, { timeoutMs: LOCK_TIMEOUT_MS, onDamaged: (lock) => this.note(damagedLock(lock)) });
    if (done !== undefined) return done.value.access_token;
    throw new MpError(`Cannot renew the login of ${owner}: another process has held it for 30 s`, {
      category: "failure",
      code: "session_locked",
      hint: "try again when the other 'mp' has ended",
    });
  }

  async #trade(clientId: string, refreshToken: string, signal?: AbortSignal): Promise<SessionTokens> {
    const fields = { grant_type: "refresh_token", client_id: clientId, refresh_token: refreshToken };
    const answer = await this.send({
      method: "POST",
      family: "oauth",
      path: "/token/",
      query: [],
      auth: [],
      body: { kind: "form", fields: Object.entries(fields).map(([name, value]) => ({ name, value })) },
      projectIn: "none",
      // A refresh token works once: an answer that is lost has used it up.
      repeatable: false,
    }, signal).catch((error: unknown) => {
      const isOver = error instanceof MpError &&
        (error.status === 401 || /invalid_grant|invalid_client/.test(error.serverMessage ?? ""));
      throw isOver ? this.#over(error) : error;
    });
    const body = tokensIn(await answer.text());
    if (body === undefined) {
      throw new MpError(`Cannot renew the login of ${this.place.owner}: there is no access token in the answer`, {
        category: "server",
        code: "unexpected_answer",
        hint:
          "check the region and the host with 'mp whoami'; if the login is over, 'mp login --browser' makes a new one",
      });
    }
    // A server that does not change the refresh token need not repeat it.
    return sessionTokens({ ...body, refresh_token: body.refresh_token ?? refreshToken }, clientId, this.now());
  }

  async #read(): Promise<SessionTokens> {
    const text = await readTextFile(this.place.path);
    try {
      const tokens = JSON.parse(text ?? "") as SessionTokens | null;
      if (tokens?.mp_session === 1 && typeof tokens.access_token === "string") return tokens;
    } catch { /* expected: SyntaxError, said below */ }
    throw this.#over();
  }

  #over(cause?: MpError): MpError {
    return new MpError(`Cannot go on as ${this.place.owner}: its login in the browser is over`, {
      category: "auth",
      code: "session_over",
      hint: "log in again with 'mp login --browser'",
      status: cause?.status,
      serverMessage: cause?.serverMessage,
      cause,
    });
  }
}
