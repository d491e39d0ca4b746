/** What the authorization server says of itself. */
import type { SandboxCall } from "../call.ts";
import { jsonAnswer } from "../endpoint.ts";

/** The mandatory scopes, and the optional ones. */
const SCOPES = [
  ...["projects", "analysis", "events", "insights", "segmentation", "retention", "data:read", "funnels", "flows"],
  ...["data_definitions", "dashboard_reports", "bookmarks", "user_details", "business_context"],
];

export function describeServer({ url: { origin } }: SandboxCall): Response {
  return jsonAnswer({
    issuer: origin,
    authorization_endpoint: `${origin}/oauth/authorize/`,
    token_endpoint: `${origin}/oauth/token/`,
    registration_endpoint: `${origin}/oauth/mcp/register/`,
    scopes_supported: SCOPES,
    response_types_supported: ["code"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    token_endpoint_auth_methods_supported: ["none", "client_secret_basic", "client_secret_post"],
    code_challenge_methods_supported: ["S256"],
  });
}

export function describeResource({ url: { origin } }: SandboxCall): Response {
  return jsonAnswer({
    resource: `${origin}/mcp`,
    authorization_servers: [origin],
    scopes_supported: SCOPES,
    bearer_methods_supported: ["header"],
  });
}
