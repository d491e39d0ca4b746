/** Chooses the credentials of a request, among those that its endpoint takes and the user has. */
import { inputError, MpError } from "../errors.ts";
import type { SessionPlace } from "./credentials.ts";
import type { Connection, CredentialKind, SettingPlaces, WireRequest } from "./types.ts";

/** Credentials that were chosen, still in the form that the user knows. */
export type Authorization =
  | { kind: "service_account"; username: string; secret: string }
  | { kind: "oauth"; token: string }
  | { kind: "client_credentials"; clientId: string; clientSecret: string }
  | { kind: "session"; place: SessionPlace }
  | { kind: "project_secret"; secret: string; inQuery?: boolean }
  | { kind: "project_token"; token: string };

/** How each kind is called, where it is made, and which variables hold it. */
const KINDS: Record<CredentialKind, { name: string; place: string; variables: string }> = {
  service_account: {
    name: "a service account",
    place: "Organization Settings → Service Accounts",
    variables: "MP_USERNAME and MP_SECRET",
  },
  oauth: {
    name: "an OAuth token",
    place: "Profile & Preferences → Data & Privacy, or an OAuth client",
    variables: "MP_OAUTH_TOKEN, or MP_CLIENT_ID and MP_CLIENT_SECRET",
  },
  project_secret: {
    name: "a project secret",
    place: "Project Settings → Access Keys",
    variables: "MP_API_SECRET",
  },
  project_token: {
    name: "a project token",
    place: "Project Settings → Access Keys",
    variables: "MP_TOKEN",
  },
};

/**
 * The first of the endpoint's kinds that the user has; undefined when the endpoint wants none.
 *
 * @throws MpError (auth) that names the kinds that would do.
 */
export function chooseAuthorization(
  request: Pick<WireRequest, "auth" | "method" | "path">,
  connection: Connection,
): Authorization | undefined {
  const { serviceAccount, oauthToken, oauthSession, clientCredentials, projectSecret, projectToken } =
    connection.credentials;
  for (const kind of request.auth) {
    if (kind === "service_account" && serviceAccount) return { kind, ...serviceAccount };
    if (kind === "oauth" && oauthToken) return { kind, token: oauthToken };
    if (kind === "oauth" && oauthSession) return { kind: "session", place: oauthSession };
    if (kind === "oauth" && clientCredentials) return { kind: "client_credentials", ...clientCredentials };
    if (kind === "project_secret" && projectSecret) {
      return { kind, secret: projectSecret, ...connection.secretIn === "query" ? { inQuery: true } : {} };
    }
    if (kind === "project_token" && projectToken) return { kind, token: projectToken };
  }
  if (request.auth.length === 0) return undefined;
  throw wrongKind(request, connection);
}

/** A project secret as a parameter, the reference's older way; nothing for credentials that stand in a header. */
export function secretParameter(authorization: Authorization | undefined): [string, string][] {
  const isParameter = authorization?.kind === "project_secret" && authorization.inQuery === true;
  return isParameter ? [["api_key", authorization.secret]] : [];
}

/**
 * The value of the `Authorization` header; `bearer` is the access token that client credentials were traded for.
 * Undefined for a secret that goes into the query string.
 */
export function authorizationHeader(authorization: Authorization, bearer?: string): string | undefined {
  switch (authorization.kind) {
    case "service_account":
      return basic(authorization.username, authorization.secret);
    case "oauth":
      return `Bearer ${authorization.token}`;
    case "client_credentials":
    case "session":
      return `Bearer ${bearer}`;
    case "project_secret":
      return authorization.inQuery ? undefined : basic(authorization.secret, "");
    case "project_token":
      return basic(authorization.token, "");
  }
}

/**
 * The `project_id` parameter of a request that has it in `place`: a project's own secret or token names the project by
 * itself, and must come without it.
 *
 * @throws MpError (input) when it is needed and no project is set.
 */
export function projectParameter(
  request: Pick<WireRequest, "projectIn" | "query" | "body" | "method" | "path">,
  connection: Connection,
  authorization: Authorization | undefined,
  place: "query" | "form" | "json",
): [string, string][] {
  const namesItself = authorization?.kind === "project_secret" || authorization?.kind === "project_token";
  if (request.projectIn !== place || namesItself) return [];
  const fields = request.body?.kind === "form" ? request.body.fields : [];
  const isNamed = place === "query"
    ? request.query.some(([name]) => name === "project_id")
    : fields.some(({ name }) => name === "project_id");
  if (isNamed) return [];
  if (connection.projectId) return [["project_id", connection.projectId]];
  if (authorization === undefined) return [];
  throw inputError(
    `Cannot call ${request.method} ${request.path}: no project is set`,
    "add --project ID or set MP_PROJECT_ID; 'mp projects list' shows what you can see",
    "missing_project_id",
  );
}

/** How the credentials may be called in a trace: no secret is in it. */
export function credentialLabel(authorization: Authorization | undefined): string {
  switch (authorization?.kind) {
    case undefined:
      return "no credentials";
    case "service_account":
      return `service account ${authorization.username}`;
    case "oauth":
      return "OAuth token";
    case "client_credentials":
      return `OAuth client ${authorization.clientId}`;
    case "session":
      return `login of ${authorization.place.owner}`;
    case "project_secret":
      return "project secret";
    case "project_token":
      return "project token";
  }
}

/** Where credentials are to be looked at: in an account, or in the variables that hold their kind. */
export function credentialPlace(authorization: Authorization, places: SettingPlaces = {}): string {
  const account = authorization.kind === "project_token" ? places.projectToken : places.identity;
  if (account !== undefined && authorization.kind !== "session") {
    return `the ${authorization.kind === "oauth" ? "OAuth token" : authorization.kind.replace("_", " ")} of ${account}`;
  }
  if (authorization.kind === "client_credentials") return "MP_CLIENT_ID and MP_CLIENT_SECRET";
  if (authorization.kind === "oauth") return "MP_OAUTH_TOKEN";
  if (authorization.kind === "session") return "'mp login --browser'";
  return KINDS[authorization.kind].variables;
}

/** The error for a project token that is set and may not be sent; undefined when there is no such token. */
export function unsentTokenError(
  { method, path }: Pick<WireRequest, "method" | "path">,
  { unsentToken }: Connection,
): MpError | undefined {
  if (unsentToken === undefined) return undefined;
  return new MpError(`Cannot call ${method} ${path}: ${unsentToken}`, {
    category: "auth",
    code: "unsent_token",
    hint: 'write project_token_env = "MP_TOKEN" into the account to send it there, or set MP_API_BASE_URL beside ' +
      "MP_TOKEN to send it elsewhere",
  });
}

function wrongKind(request: Pick<WireRequest, "auth" | "method" | "path">, connection: Connection): MpError {
  const unsent = request.auth.includes("project_token") ? unsentTokenError(request, connection) : undefined;
  if (unsent !== undefined) return unsent;
  const wanted = request.auth.map((kind) => KINDS[kind]);
  const [first, ...others] = wanted as [typeof wanted[number], ...typeof wanted];
  const needed = alternatives(wanted.map((kind) => kind.name));
  const held = heldKinds(connection);
  const verb = held.length === 1 ? "is" : "are";
  const canLogIn = request.auth.some((kind) => kind === "service_account" || kind === "oauth");
  const state = held.length === 0
    ? "no credentials are set"
    : `it needs ${needed}, and only ${listed(held)} ${verb} set`;
  const instead = others.length === 0 ? "" : `; ${alternatives(others.map((kind) => kind.variables))} would do as well`;
  return new MpError(`Cannot call ${request.method} ${request.path}: ${state}`, {
    category: "auth",
    code: held.length === 0 ? "missing_credentials" : "wrong_credentials",
    hint: `${canLogIn ? "'mp login' stores credentials; or " : ""}set ${first.variables} (${first.name} is made in ` +
      `Mixpanel under ${first.place})${instead}`,
  });
}

function heldKinds(connection: Connection): string[] {
  const { serviceAccount, oauthToken, oauthSession, clientCredentials, projectSecret, projectToken } =
    connection.credentials;
  const held: string[] = [];
  if (serviceAccount) held.push(KINDS.service_account.name);
  if (oauthToken || oauthSession || clientCredentials) held.push(KINDS.oauth.name);
  if (projectSecret) held.push(KINDS.project_secret.name);
  if (projectToken) held.push(KINDS.project_token.name);
  return held;
}

function alternatives(names: string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

function listed(names: string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function basic(user: string, password: string): string {
  return `Basic ${new TextEncoder().encode(`${user}:${password}`).toBase64()}`;
}
