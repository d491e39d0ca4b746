/** `POST /oauth/token`: bearer tokens for clients with a secret, for codes of the consent page, and for refresh tokens. */
import { randomUUID, sha256Hex } from "../../runtime/hash.ts";
import type { SandboxCall } from "../call.ts";
import { credentialsOf } from "../credentials.ts";
import { jsonAnswer } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import type { OAuthClient, OAuthGrant } from "../store/projects.ts";
import { refusal } from "./refusal.ts";

const LIFETIME_SECONDS = 3600;
const REFRESH_LIFETIME_MS = 30 * 86_400_000;

/** The client names itself in the body or, as RFC 6749 prefers, with Basic. */
export async function token(call: SandboxCall): Promise<Response> {
  const fields = await call.fields();
  const grant = fields.text("grant_type");
  if (grant === undefined) throw refusal(400, "invalid_request", "grant_type is missing");
  const client = clientOf(call, fields);
  switch (grant) {
    case "client_credentials": {
      if (client.secret === undefined) throw refusal(401, "invalid_client", "the client has no secret");
      return answer(call, client, `${client.id}@clients.example.com`, fields.text("scope") ?? "");
    }
    case "authorization_code": {
      const { userEmail, scope } = redeemCode(call, client, fields);
      return answer(call, client, userEmail, scope, { isRefreshable: true });
    }
    case "refresh_token": {
      const { userEmail, scope } = takeGrant(call, client, "refresh_token", fields.text("refresh_token"));
      return answer(call, client, userEmail, scope, { isRefreshable: true });
    }
    default:
      throw refusal(400, "unsupported_grant_type", `${grant} is not supported`);
  }
}

function clientOf(call: SandboxCall, fields: Fields): OAuthClient {
  const credentials = credentialsOf(call.request);
  const [id, secret] = credentials.kind === "basic"
    ? [credentials.user, credentials.password]
    : [fields.text("client_id"), fields.text("client_secret")];
  const client = id === undefined ? undefined : call.store.projects.oauthClient(id);
  if (client === undefined || client.secret !== secret) {
    throw refusal(401, "invalid_client", "unknown client or wrong secret");
  }
  return client;
}

/** A code works once, for the address that it was sent to, and for whoever made its challenge. */
function redeemCode(call: SandboxCall, client: OAuthClient, fields: Fields): OAuthGrant {
  const grant = takeGrant(call, client, "code", fields.text("code"));
  if (grant.redirectUri !== fields.text("redirect_uri")) {
    throw refusal(400, "invalid_grant", "redirect_uri is not the one that was asked with");
  }
  const challenge = Uint8Array.fromHex(sha256Hex(fields.text("code_verifier") ?? "")).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
  if (challenge !== grant.challenge) throw refusal(400, "invalid_grant", "code_verifier does not fit the challenge");
  return grant;
}

/** Every grant works once: a refresh token is replaced by a new one each time. */
function takeGrant(
  call: SandboxCall,
  client: OAuthClient,
  kind: OAuthGrant["kind"],
  text: string | undefined,
): OAuthGrant {
  const grant = text === undefined ? undefined : call.store.projects.takeOAuthGrant(text);
  if (grant === undefined || grant.kind !== kind || grant.clientId !== client.id || grant.expiresMs <= call.nowMs) {
    throw refusal(400, "invalid_grant", `the ${kind.replace("_", " ")} is unknown, used or expired`);
  }
  return grant;
}

function answer(
  call: SandboxCall,
  client: OAuthClient,
  userEmail: string,
  scope: string,
  { isRefreshable = false } = {},
): Response {
  const { projects } = call.store;
  const accessToken = `sandbox-${randomUUID()}`;
  const { organizationId, id: clientId } = client;
  const expiresMs = call.nowMs + LIFETIME_SECONDS * 1000;
  projects.addOAuthToken({ token: accessToken, organizationId, userEmail, scope, expiresMs });
  const body: Record<string, unknown> = {
    access_token: accessToken,
    token_type: "Bearer",
    expires_in: LIFETIME_SECONDS,
    scope,
  };
  if (isRefreshable) {
    const refreshToken = `sandbox-refresh-${randomUUID()}`;
    const expiresMs = call.nowMs + REFRESH_LIFETIME_MS;
    projects.addOAuthGrant({ token: refreshToken, kind: "refresh_token", clientId, userEmail, scope, expiresMs });
    body.refresh_token = refreshToken;
  }
  return jsonAnswer(body, 200, { "cache-control": "no-store" });
}
