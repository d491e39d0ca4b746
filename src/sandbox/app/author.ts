/** Who makes and changes things, as the App API shows them. */
import { isoSeconds } from "../../streams/iso_time.ts";
import type { SandboxCall } from "../call.ts";

export interface Author {
  id: number;
  name: string;
  email: string;
}

export function authorOf({ access: { principal } }: SandboxCall): Author {
  if (principal.kind === "service_account") {
    const { id, username } = principal.account;
    return { id, name: username, email: username };
  }
  const email = principal.kind === "oauth" ? principal.token.userEmail : "";
  return { id: 0, name: email, email };
}

/** Who made an object and who changed it last, as it is saved. */
export interface Authorship {
  creator: Author;
  createdMs: number;
  modifier: Author;
  modifiedMs: number;
}

/** Of an object that the sender creates, or changes. */
export function authorshipOf(call: SandboxCall, before?: Authorship): Authorship {
  const author = authorOf(call);
  const { creator = author, createdMs = call.nowMs } = before ?? {};
  return { creator, createdMs, modifier: author, modifiedMs: call.nowMs };
}

/** As answers show it. */
export function describeAuthorship({ creator, createdMs, modifier, modifiedMs }: Authorship) {
  return {
    created: timestamp(createdMs),
    creator_id: creator.id,
    creator_name: creator.name,
    creator_email: creator.email,
    modified: timestamp(modifiedMs),
    last_modified_by_id: modifier.id,
    last_modified_by_name: modifier.name,
    last_modified_by_email: modifier.email,
  };
}

/** `2026-11-23T12:00:00Z`. */
export function timestamp(timeMs: number): string {
  return `${isoSeconds(timeMs)}Z`;
}
