/** Where a session is kept, and whose it is. */
export interface SessionPlace {
  path: string;
  /** For messages: `account 'work'`. */
  owner: string;
}

/** Every secret that `mp` may hold. Values are plain text; the one place that prints redacts them. */
export interface Credentials {
  serviceAccount?: { username: string; secret: string };
  /** A bearer token that the user gave. */
  oauthToken?: string;
  clientCredentials?: { clientId: string; clientSecret: string };
  /** A login made in the browser; its tokens are in the file. */
  oauthSession?: SessionPlace;
  projectSecret?: string;
  projectToken?: string;
}

/**
 * Credentials whose values are the names of their environment variables, between two private-use characters.
 * A request built with them can be shown to anyone: see `cli/curl.ts`.
 */
export function namedCredentials(): Required<Omit<Credentials, "oauthSession">> {
  return {
    serviceAccount: { username: placeholder("MP_USERNAME"), secret: placeholder("MP_SECRET") },
    oauthToken: placeholder("MP_OAUTH_TOKEN"),
    clientCredentials: { clientId: placeholder("MP_CLIENT_ID"), clientSecret: placeholder("MP_CLIENT_SECRET") },
    projectSecret: placeholder("MP_API_SECRET"),
    projectToken: placeholder("MP_TOKEN"),
  };
}

/** Matches what `namedCredentials` puts in place of a secret; group 1 is the variable's name. */
export const PLACEHOLDER = /\uE000([A-Z_]+)\uE001/g;

/** What stands in a request for the value of an environment variable. */
export function placeholder(variable: string): string {
  return `\uE000${variable}\uE001`;
}
