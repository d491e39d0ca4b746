/** The authorization server: RFC 6749 with PKCE (RFC 7636), and RFC 7591 for clients that register themselves. */
import { anyone } from "../authentication.ts";
import type { SandboxEndpoint } from "../endpoint.ts";
import { discoverySurface, oauthSurface } from "../surfaces.ts";
import { decide, showConsent } from "./authorize.ts";
import { describeResource, describeServer } from "./discovery.ts";
import { register } from "./register.ts";
import { token } from "./token.ts";

const open = { surface: oauthSurface, access: anyone } as const;

/** Where clients ask what the server offers: RFC 8414 and RFC 9728. The forms without `/mcp` are older. */
const known = { surface: discoverySurface, access: anyone, methods: ["GET"] } as const;

export const oauthEndpoints: SandboxEndpoint[] = [
  ...["/oauth-authorization-server", "/oauth-authorization-server/mcp"].map((path) => ({
    ...known,
    path,
    respond: describeServer,
  })),
  ...["/oauth-protected-resource", "/oauth-protected-resource/mcp"].map((path) => ({
    ...known,
    path,
    respond: describeResource,
  })),
  { ...open, methods: ["GET"], path: "/authorize", respond: showConsent },
  { ...open, methods: ["POST"], path: "/authorize", respond: decide },
  { ...open, methods: ["POST"], path: "/token", respond: token },
  { ...open, methods: ["POST"], path: "/mcp/register", respond: register },
];
