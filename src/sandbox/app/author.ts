/** Who makes and changes things, as the App API shows them. */
import type { Call } from "../call.ts";

export interface Author {
  id: number;
  name: string;
  email: string;
}

export function authorOf({ access: { principal } }: Call): Author {
  if (principal.kind === "service_account") {
    const { id, username } = principal.account;
    return { id, name: username, email: username };
  }
  const email = principal.kind === "oauth" ? principal.token.userEmail : "";
  return { id: 0, name: email, email };
}

/** `2026-11-23T12:00:00Z`. */
export function timestamp(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 19) + "Z";
}
