/** `/oauth/authorize`: the page on which a person lets a program in. Whoever opens it is the sandbox's only user. */
import { randomUUID } from "../../runtime/hash.ts";
import type { SandboxCall } from "../call.ts";
import { SANDBOX } from "../defaults.ts";
import { textAnswer } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import type { OAuthClient } from "../store/projects.ts";
import { refusal } from "./refusal.ts";

const CODE_LIFETIME_MS = 60_000;

/** Fields of the request that the page's form sends again. */
const KEPT = [
  "client_id",
  "redirect_uri",
  "state",
  "scope",
  "code_challenge",
  "code_challenge_method",
  "response_type",
];

interface AuthorizationRequest {
  client: OAuthClient;
  redirectUri: string;
  state: string | undefined;
  scope: string;
  challenge: string;
}

export async function showConsent(call: SandboxCall): Promise<Response> {
  const fields = await call.fields();
  const { client, scope } = authorizationRequestOf(call, fields);
  const inputs = KEPT.map((name) =>
    `<input type="hidden" name="${name}" value="${escapeHtml(fields.text(name) ?? "")}">`
  );
  return textAnswer(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sandbox: let a program in</title>
<h1>Let this program in?</h1>
<p>Client <code>${escapeHtml(client.id)}</code> wants to act as ${escapeHtml(SANDBOX.userEmail)} in the sandbox.</p>
<p>Scopes: ${escapeHtml(scope === "" ? "all" : scope)}</p>
<form method="post">${inputs.join("")}
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form></html>
`,
    "text/html; charset=utf-8",
  );
}

export async function decide(call: SandboxCall): Promise<Response> {
  const fields = await call.fields();
  const { client, redirectUri, state, scope, challenge } = authorizationRequestOf(call, fields);
  const target = new URL(redirectUri);
  if (state !== undefined) target.searchParams.set("state", state);
  if (fields.text("decision") === "allow") {
    const code = randomUUID();
    call.store.projects.addOAuthGrant({
      token: code,
      kind: "code",
      clientId: client.id,
      userEmail: SANDBOX.userEmail,
      scope,
      redirectUri,
      challenge,
      expiresMs: call.nowMs + CODE_LIFETIME_MS,
    });
    target.searchParams.set("code", code);
  } else target.searchParams.set("error", "access_denied");
  return new Response(null, { status: 302, headers: { location: target.href } });
}

/** What is asked for. What is wrong with client or address is told here; nobody may be sent on to a stranger's address. */
function authorizationRequestOf(call: SandboxCall, fields: Fields): AuthorizationRequest {
  const id = fields.text("client_id") ?? "";
  const client = call.store.projects.oauthClient(id);
  if (client === undefined) throw refusal(400, "invalid_client", "unknown client");
  const redirectUri = fields.text("redirect_uri") ?? "";
  if (!client.redirectUris.some((known) => isSameAddress(known, redirectUri))) {
    throw refusal(400, "invalid_request", "redirect_uri is not one of the client's");
  }
  const challenge = fields.text("code_challenge");
  if (fields.text("response_type") !== "code") throw refusal(400, "unsupported_response_type", "only code is offered");
  if (challenge === undefined || fields.text("code_challenge_method") !== "S256") {
    throw refusal(400, "invalid_request", "a code_challenge with method S256 is required");
  }
  return { client, redirectUri, state: fields.text("state"), scope: fields.text("scope") ?? "", challenge };
}

/** On this machine any port will do (RFC 8252, section 7.3). */
function isSameAddress(known: string, asked: string): boolean {
  if (!URL.canParse(asked)) return false;
  const [one, other] = [new URL(known), new URL(asked)];
  const isLoopback = ["127.0.0.1", "[::1]", "localhost"].includes(one.hostname);
  if (isLoopback) one.port = other.port = "";
  return one.href === other.href;
}

function escapeHtml(text: string): string {
  const names: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (sign) => names[sign] as string);
}
