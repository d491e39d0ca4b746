/** `POST /oauth/mcp/register`: a program makes itself known, without a secret that it could not keep. */
import { randomUUID } from "../../runtime/hash.ts";
import type { SandboxCall } from "../call.ts";
import { SANDBOX } from "../defaults.ts";
import { jsonAnswer } from "../endpoint.ts";
import { refusal } from "./refusal.ts";

export async function register(call: SandboxCall): Promise<Response> {
  const fields = await call.fields();
  const redirectUris = fields.texts("redirect_uris") ?? [];
  if (redirectUris.length === 0 || !redirectUris.every((uri) => URL.canParse(uri))) {
    throw refusal(400, "invalid_redirect_uri", "redirect_uris must name at least one address");
  }
  const method = fields.text("token_endpoint_auth_method") ?? "none";
  if (method !== "none") throw refusal(400, "invalid_client_metadata", `${method} is not offered here`);
  const id = `sandbox-${randomUUID()}`;
  call.store.projects.addOAuthClient({ id, organizationId: SANDBOX.organizationId, redirectUris });
  const name = fields.text("client_name");
  return jsonAnswer({
    client_id: id,
    client_id_issued_at: Math.floor(call.nowMs / 1000),
    ...name === undefined ? {} : { client_name: name },
    redirect_uris: redirectUris,
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
  }, 201);
}
