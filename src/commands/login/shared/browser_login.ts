/**
 * Logging in in the browser: the authorization code grant with PKCE (RFC 6749, 7636), over a redirect to this machine
 * (RFC 8252). `mp` makes itself known to Mixpanel first (RFC 7591), so that nobody has to set up a client.
 */
import * as oauth from "oauth4webapi";
import type { Context } from "../../../cli/context.ts";
import { transportFor } from "../../../cli/transport.ts";
import { rememberSecret } from "../../../client/redact.ts";
import { shortReason } from "../../../client/network_errors.ts";
import { familyUrl, isLoopback } from "../../../client/hosts.ts";
import { sessionTokens, writeSession } from "../../../client/token_session.ts";
import type { Region } from "../../../client/types.ts";
import { inputError, MpError } from "../../../errors.ts";
import { dirname, makeFolder } from "../../../runtime/files/files.ts";
import { NetworkFault } from "../../../runtime/network/network_fault.ts";
import { openBrowser } from "../../../runtime/open_browser.ts";
import { serve } from "../../../runtime/network/server.ts";
import { readBytes } from "../../../runtime/network/transport_body.ts";
import { sessionPath } from "../../../settings/paths.ts";
import type { ResolvedSettings } from "../../../settings/resolve.ts";
import type { Prompts } from "../../account/shared/prompts.ts";

export interface BrowserLoginOptions {
  region: Region;
  /** False: the address is shown, and the one that the browser ends at is pasted. */
  opensBrowser: boolean;
  prompts: Prompts | undefined;
}

const CALLBACK = "/callback";
const WAIT_MS = 5 * 60_000;
const REQUEST_TIMEOUT_MS = 30_000;
const MOST_ANSWER_BYTES = 1024 * 1024;

/** Logs in, and keeps the tokens in a file for the account's owner alone; returns its path. */
export async function logInWithBrowser(
  context: Context,
  account: string,
  settings: ResolvedSettings,
  options: BrowserLoginOptions,
): Promise<string> {
  const server = authorizationServer(settings, options.region);
  const request = await requestOptions(context, settings, new URL(server.token_endpoint as string));
  const state = oauth.generateRandomState();
  const callback = listenForCode(state);
  try {
    const client = await registered(server, callback.redirectUri, request);
    const verifier = oauth.generateRandomCodeVerifier();
    const page = new URL(server.authorization_endpoint as string);
    page.search = new URLSearchParams({
      response_type: "code",
      client_id: client.client_id,
      redirect_uri: callback.redirectUri,
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    }).toString();
    const answer = await answerOf(context, page.href, callback, options);
    const parameters = validated(() => oauth.validateAuthResponse(server, client, answer, state));
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      parameters,
      callback.redirectUri,
      verifier,
      request,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response);
    rememberSecret(tokens.access_token);
    rememberSecret(tokens.refresh_token);
    const path = sessionPath(context.env, account);
    await makeFolder(dirname(path), 0o700);
    await writeSession(path, sessionTokens(tokens, client.client_id, context.clock.now()));
    return path;
  } catch (error) {
    throw loginError(error);
  } finally {
    await callback.stop();
  }
}

function authorizationServer(settings: ResolvedSettings, region: Region): oauth.AuthorizationServer {
  const base = familyUrl("oauth", { region, baseUrl: settings.baseUrl?.value });
  return {
    issuer: new URL(base).origin,
    authorization_endpoint: `${base}/authorize/`,
    token_endpoint: `${base}/token/`,
    registration_endpoint: `${base}/mcp/register/`,
  };
}

/** The library's requests go the way of all others: proxies, certificates, no redirects that nobody looks at. */
async function requestOptions(context: Context, settings: ResolvedSettings, url: URL) {
  const transport = await transportFor(settings);
  return {
    signal: context.signal,
    // Only the sandbox is reached without TLS.
    [oauth.allowInsecureRequests]: isLoopback(url),
    [oauth.customFetch]: async (address: string, init: oauth.CustomFetchOptions<string, BodyInit | undefined>) => {
      const body = init.body === undefined || init.body === null ? undefined : await new Response(init.body).text();
      const answer = await transport({
        method: init.method,
        url: new URL(address),
        headers: { ...init.headers },
        body,
        signal: context.signal,
        timeoutMs: REQUEST_TIMEOUT_MS,
        freshConnection: true,
      });
      const bytes = await readBytes(answer.body, MOST_ANSWER_BYTES);
      return new Response(bytes as BodyInit, { status: answer.status, headers: answer.headers });
    },
  };
}

async function registered(
  server: oauth.AuthorizationServer,
  redirectUri: string,
  request: Awaited<ReturnType<typeof requestOptions>>,
): Promise<oauth.Client> {
  const response = await oauth.dynamicClientRegistrationRequest(server, {
    client_name: "mp",
    redirect_uris: [redirectUri],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
  }, request);
  const { client_id } = await oauth.processDynamicClientRegistrationResponse(response);
  return { client_id, token_endpoint_auth_method: "none" };
}

interface Callback {
  redirectUri: string;
  /** The address that the browser was sent to. */
  answered: Promise<URL>;
  stop(): Promise<void>;
}

/** A server on this machine that takes one answer: that to the login with this state. Any page can send the browser here. */
function listenForCode(state: string): Callback {
  let take = (_url: URL) => {};
  const answered = new Promise<URL>((resolve) => take = resolve);
  const server = serve((request) => {
    const url = new URL(request.url);
    if (request.method !== "GET" || url.pathname !== CALLBACK) return new Response("Not found\n", { status: 404 });
    if (url.searchParams.get("state") !== state) {
      return pageOf(400, "This is the answer to another login. The one in the terminal goes on waiting.");
    }
    take(url);
    // Whether the code is good shows in the terminal.
    return pageOf(200, url.searchParams.has("code") ? "Go back to the terminal." : "Nobody was logged in.");
  }, { hostname: "127.0.0.1", port: 0 });
  return { redirectUri: `http://127.0.0.1:${server.port}${CALLBACK}`, answered, stop: () => server.finish() };
}

function pageOf(status: number, words: string): Response {
  return new Response(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>mp</title><p>${words} You can close this window.</p></html>\n`,
    {
      status,
      headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", connection: "close" },
    },
  );
}

/** Sends a person to the page, and waits for the answer: from the browser, or pasted. */
async function answerOf(
  context: Context,
  page: string,
  callback: Callback,
  { opensBrowser, prompts }: BrowserLoginOptions,
): Promise<URL> {
  if (opensBrowser && await openBrowser(page, context.env)) {
    await context.stderr.write(`Log in in the browser that has opened, or open this address:\n${page}\n`);
    return await withinTime(callback.answered, context.signal);
  }
  await context.stderr.write(
    `Open this address in a browser, on any machine:\n${page}\n` +
      "It ends at an address that begins with http://127.0.0.1; on another machine that page cannot be shown.\n",
  );
  if (prompts === undefined) return await withinTime(callback.answered, context.signal);
  const pasted = prompts.text("Paste that address here, if this does not go on by itself").then(pastedAddress);
  return await Promise.race([callback.answered, pasted]);
}

function pastedAddress(text: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw inputError(
    "Cannot log in: what was pasted is no address",
    "paste the whole of it, from http:// on",
    "bad_address",
  );
}

function withinTime(answer: Promise<URL>, signal: AbortSignal): Promise<URL> {
  return new Promise((resolve, reject) => {
    const late = new MpError("Cannot log in: nobody answered in the browser for five minutes", {
      category: "auth",
      code: "login_not_answered",
      hint: "'mp login --no-browser' shows an address for a browser on another machine",
    });
    const timer = setTimeout(() => reject(late), WAIT_MS);
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    answer.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    });
  });
}

function validated<T>(validate: () => T): T {
  try {
    return validate();
  } catch (error) {
    if (error instanceof oauth.OperationProcessingError) {
      throw new MpError("Cannot log in: the address is not the answer to this login", {
        category: "auth",
        code: "other_login",
        hint: "run the command again, and paste the whole address that its page ends at",
        cause: error,
      });
    }
    if (!(error instanceof oauth.AuthorizationResponseError)) throw error;
    const isDenied = error.error === "access_denied";
    throw new MpError(`Cannot log in: ${isDenied ? "access was denied in the browser" : error.error}`, {
      category: "auth",
      code: error.error,
      serverMessage: error.error_description,
      hint: "run the command again",
      cause: error,
    });
  }
}

/** What the library found wrong, in our words. */
function loginError(error: unknown): unknown {
  if (error instanceof MpError) return error;
  if (error instanceof NetworkFault) {
    return new MpError(`Cannot log in: ${shortReason(error)} (${error.kind.replaceAll("_", " ")})`, {
      category: "network",
      code: error.kind,
      hint: "'mp doctor' finds what stands in the way",
      cause: error,
    });
  }
  if (error instanceof oauth.ResponseBodyError) {
    return new MpError(`Cannot log in: the server refused with ${error.error}`, {
      category: "auth",
      code: error.error,
      status: error.status,
      serverMessage: error.error_description,
      hint: "run the command again",
      cause: error,
    });
  }
  if (error instanceof oauth.OperationProcessingError || error instanceof TypeError) {
    return new MpError(`Cannot log in: ${error.message}`, {
      category: "server",
      code: "unexpected_answer",
      hint: "is the address whole, and from this login? Else check the region with --region",
      cause: error,
    });
  }
  return error;
}
