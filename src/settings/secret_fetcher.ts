/** From credentials that are held to credentials that can be sent. */
import type { Credentials } from "../client/credentials.ts";
import type { Account } from "./account.ts";
import { accountCredentials, type HeldCredential } from "./identity.ts";
import { fetchSecret, type SecretKeeper } from "./secret.ts";

/** Fetches the secrets of these kinds, or of all. */
export type SecretFetcher = (kinds?: readonly HeldCredential["kind"][]) => Promise<Credentials>;

/** A fetcher that gets each secret when it is first asked for, and once. */
export function secretFetcher(held: readonly HeldCredential[], keeper: SecretKeeper): SecretFetcher {
  const fetched = new Map<HeldCredential, Promise<string>>();
  return async (kinds) => {
    const credentials: Credentials = {};
    for (const one of held) {
      if (kinds !== undefined && !kinds.includes(one.kind)) continue;
      let secret = fetched.get(one);
      if (secret === undefined) {
        secret = fetchSecret(one.secret, one.owner, keeper);
        fetched.set(one, secret);
      }
      addCredential(credentials, one, await secret);
    }
    return credentials;
  };
}

/** All credentials of an account, with their secrets; for one that is not stored yet. */
export function fetchAccountSecrets(account: Account, keeper: SecretKeeper): Promise<Credentials> {
  return secretFetcher(accountCredentials(account), keeper)();
}

function addCredential(credentials: Credentials, held: HeldCredential, secret: string): void {
  switch (held.kind) {
    case "service_account":
      credentials.serviceAccount = { username: held.user ?? "", secret };
      break;
    case "client_credentials":
      credentials.clientCredentials = { clientId: held.user ?? "", clientSecret: secret };
      break;
    case "oauth_session":
      credentials.oauthSession = { path: secret, owner: held.owner };
      break;
    case "oauth_token":
      credentials.oauthToken = secret;
      break;
    case "project_secret":
      credentials.projectSecret = secret;
      break;
    case "project_token":
      credentials.projectToken = secret;
      break;
  }
}
