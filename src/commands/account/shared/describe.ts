/** An account in the form that is printed: what it is, never its secrets. */
import { type Account, credentialKinds } from "../../../settings/account.ts";
import { describeSecret, type SecretSource } from "../../../settings/secret.ts";
import { definedFields } from "../../../streams/json/defined_fields.ts";

/** One account as a JSON object; where a secret is kept stands in its place. */
export function describeAccount(account: Account, isActive: boolean): Record<string, unknown> {
  const secret = (source: SecretSource | undefined) => source === undefined ? undefined : describeSecret(source);
  return definedFields({
    name: account.name,
    active: isActive,
    credentials: credentialKinds(account),
    username: account.username,
    secret: secret(account.secret),
    oauth_token: secret(account.oauthToken),
    session_file: account.sessionFile,
    client_id: account.clientId,
    client_secret: secret(account.clientSecret),
    project_secret: secret(account.projectSecret),
    project_token: secret(account.projectToken),
    region: account.region,
    project_id: account.projectId,
    workspace_id: account.workspaceId,
    base_url: account.baseUrl,
  });
}

/** Rows of name and value, for an object that is shown by itself. */
export function fieldRows(info: Record<string, unknown>): Record<string, unknown>[] {
  return Object.entries(info).map(([name, value]) => ({
    name: name.replaceAll("_", " "),
    value: Array.isArray(value) ? value.join(", ") : value,
  }));
}
