/** `--dry-run`: a client that shows the request as a command and sends nothing. */
import { type Credentials, namedCredentials, placeholder } from "../client/credentials.ts";
import { prepareRequest } from "../client/prepare.ts";
import type { Client, Connection } from "../client/types.ts";
import { type ResolvedSettings, toConnection } from "../settings/resolve.ts";
import type { Output } from "../runtime/standard_streams.ts";
import { curlCommand } from "./curl.ts";

/** Thrown after the request has been shown: the command has nothing more to do. */
class DryRunEnd extends Error {
  constructor() {
    super("The request was shown, and not sent");
    this.name = "DryRunEnd";
  }
}

/** Whether an error, or what caused it, is the planned end of a dry run. */
export function isDryRunEnd(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (one instanceof DryRunEnd) return true;
  }
  return false;
}

/** A client that prints each request instead of sending it. No secret is fetched for it. */
export async function dryRunClient(settings: ResolvedSettings, output: Output): Promise<Client> {
  const resolved = await toConnection(settings, shownCredentials(settings));
  const connection: Connection = {
    ...resolved,
    projectId: resolved.projectId ?? placeholder("MP_PROJECT_ID"),
  };
  return {
    connection,
    async send(request) {
      await output.write(curlCommand(await prepareRequest(request, connection)));
      throw new DryRunEnd();
    },
  };
}

/** The kinds that the user has, so that the request is the one that would be sent; all kinds when there are none. */
function shownCredentials(settings: ResolvedSettings): Credentials {
  const named = namedCredentials();
  const held = new Set(settings.credentials.map((one) => one.kind));
  const projectToken = settings.unsentToken === undefined ? named.projectToken : undefined;
  if (![...held].some((kind) => kind !== "project_token")) return { ...named, projectToken };
  return {
    serviceAccount: held.has("service_account") ? named.serviceAccount : undefined,
    oauthToken: held.has("oauth_token") || held.has("oauth_session") ? named.oauthToken : undefined,
    clientCredentials: held.has("client_credentials") ? named.clientCredentials : undefined,
    projectSecret: held.has("project_secret") ? named.projectSecret : undefined,
    projectToken,
  };
}
