/** What tells the project that an import goes to from all others. */
import { importEvents } from "../../api/ingestion.ts";
import { chooseAuthorization } from "../../client/authorize.ts";
import type { Client } from "../../client/types.ts";
import { sha256Hex } from "../../runtime/hash.ts";

const HASH_CHARACTERS = 12;

/**
 * The id of the project; or, where a token or secret selects it without saying which it is, a hash of that.
 *
 * @param kind updates of profiles and groups go where the project token says, whatever else is set
 * @throws MpError (auth) when nothing is set that events could be sent with.
 */
export function targetProject({ connection }: Client, kind: "events" | "profiles" | "groups"): string {
  const { projectId = "", credentials: { projectToken = "" } } = connection;
  if (kind !== "events") return `token:${hashOf(projectToken)}`;
  const { auth, routes: [{ method, path }] } = importEvents;
  const authorization = chooseAuthorization({ auth: [...auth], method, path }, connection);
  switch (authorization?.kind) {
    case "project_secret":
      return `secret:${hashOf(authorization.secret)}`;
    case "project_token":
      return `token:${hashOf(authorization.token)}`;
    default:
      return projectId;
  }
}

const hashOf = (secret: string): string => sha256Hex(secret).slice(0, HASH_CHARACTERS);
