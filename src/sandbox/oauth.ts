/** `POST /oauth/token`: bearer tokens for clients that have a secret. */
import { randomUUID } from "../runtime/hash.ts";
import { anyone } from "./authentication.ts";
import type { Call } from "./call.ts";
import { credentialsOf } from "./credentials.ts";
import { type Endpoint, jsonAnswer } from "./endpoint.ts";
import { Refusal } from "./refusal.ts";
import { oauth } from "./surfaces.ts";

const LIFETIME_SECONDS = 3600;

export const oauthEndpoints: Endpoint[] = [
  { methods: ["POST"], path: "/token", surface: oauth, access: anyone, respond: token },
];

/** The client proves itself in the body or, as RFC 6749 prefers, with Basic. */
async function token(call: Call): Promise<Response> {
  const fields = await call.fields();
  const grant = fields.text("grant_type");
  if (grant === undefined) throw refusal(400, "invalid_request", "grant_type is missing");
  if (grant !== "client_credentials") throw refusal(400, "unsupported_grant_type", `${grant} is not supported`);
  const credentials = credentialsOf(call.request);
  const [id, secret] = credentials.kind === "basic"
    ? [credentials.user, credentials.password]
    : [fields.text("client_id"), fields.text("client_secret")];
  const { projects } = call.store;
  const client = id === undefined ? undefined : projects.oauthClient(id);
  if (client === undefined || client.secret !== secret) {
    throw refusal(401, "invalid_client", "unknown client or wrong secret");
  }

  const scope = fields.text("scope") ?? "";
  const accessToken = `sandbox-${randomUUID()}`;
  projects.addOAuthToken({
    token: accessToken,
    organizationId: client.organizationId,
    userEmail: `${client.id}@clients.example.com`,
    scope,
    expiresMs: call.nowMs + LIFETIME_SECONDS * 1000,
  });
  const answer = { access_token: accessToken, token_type: "Bearer", expires_in: LIFETIME_SECONDS, scope };
  return jsonAnswer(answer, 200, { "cache-control": "no-store" });
}

function refusal(status: number, code: string, description: string): Refusal {
  return new Refusal(status, code, { fields: { error_description: description } });
}
