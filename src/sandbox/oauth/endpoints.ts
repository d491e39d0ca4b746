/** The authorization server: RFC 6749 with PKCE (RFC 7636), and RFC 7591 for clients that register themselves. */
import { anyone } from "../authentication.ts";
import type { Endpoint } from "../endpoint.ts";
import { oauth } from "../surfaces.ts";
import { decide, showConsent } from "./authorize.ts";
import { register } from "./register.ts";
import { token } from "./token.ts";

const open = { surface: oauth, access: anyone } as const;

export const oauthEndpoints: Endpoint[] = [
  { ...open, methods: ["GET"], path: "/authorize", respond: showConsent },
  { ...open, methods: ["POST"], path: "/authorize", respond: decide },
  { ...open, methods: ["POST"], path: "/token", respond: token },
  { ...open, methods: ["POST"], path: "/mcp/register", respond: register },
];
