/** The authorization server: RFC 6749 with PKCE (RFC 7636), and RFC 7591 for clients that register themselves. */
import { anyone } from "../authentication.ts";
import type { SandboxEndpoint } from "../endpoint.ts";
import { oauthSurface } from "../surfaces.ts";
import { decide, showConsent } from "./authorize.ts";
import { register } from "./register.ts";
import { token } from "./token.ts";

const open = { surface: oauthSurface, access: anyone } as const;

export const oauthEndpoints: SandboxEndpoint[] = [
  { ...open, methods: ["GET"], path: "/authorize", respond: showConsent },
  { ...open, methods: ["POST"], path: "/authorize", respond: decide },
  { ...open, methods: ["POST"], path: "/token", respond: token },
  { ...open, methods: ["POST"], path: "/mcp/register", respond: register },
];
