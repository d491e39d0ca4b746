/** The kinds of credentials that Google's tools write to files, and those of machines at Google. */
import { oneLine } from "../../client/wording.ts";
import { NetworkFault } from "../../runtime/network/network_fault.ts";
import { askForJson, type CredentialOptions, type Fetched, jsonObject, noCredentials } from "../objects/credentials.ts";

/** Where access tokens come from. */
export interface TokenIssuer {
  /** As it is named in messages. */
  who: string;
  newToken(): Promise<Fetched<string>>;
}

const TOKEN_URL = "https://oauth2.googleapis.com/token";
const SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";
const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const METADATA_HOST = "metadata.google.internal";
const METADATA_PATH = "/computeMetadata/v1/instance/service-accounts/default/token";
const LIFETIME_SECONDS = 3600;
const TIMEOUT_MS = 30_000;
/** A machine elsewhere has no such server, and is to know that soon. */
const METADATA_TIMEOUT_MS = 3000;

/**
 * Tokens for whom a credentials file is.
 *
 * @throws MpError (auth) for a file of a kind that mp does not know.
 */
export function credentialsOfFile(
  address: string,
  path: string,
  text: string,
  options: CredentialOptions,
): TokenIssuer {
  const file = jsonObject(text);
  const who = JSON.stringify(path);
  const field = (name: string): string => {
    const value = file[name];
    if (typeof value === "string" && value !== "") return value;
    throw noCredentials(address, `${who} holds no ${name}`, "make the file again");
  };
  const { type } = file;
  if (type === "service_account") {
    const [email, key] = [field("client_email"), field("private_key")];
    const url = tokenUrl(address, who, file.token_uri);
    options.onSecret?.(key);
    return {
      who,
      async newToken() {
        const id = typeof file.private_key_id === "string" ? file.private_key_id : undefined;
        const assertion = await signedClaims(address, who, key, id, {
          iss: email,
          scope: SCOPE,
          aud: url.href,
          ...lifetime(options.now()),
        });
        return await exchanged(address, who, url, { grant_type: GRANT, assertion }, options);
      },
    };
  }
  if (type === "authorized_user") {
    const form = {
      grant_type: "refresh_token",
      client_id: field("client_id"),
      client_secret: field("client_secret"),
      refresh_token: field("refresh_token"),
    };
    const url = tokenUrl(address, who, file.token_uri);
    for (const secret of [form.client_secret, form.refresh_token]) options.onSecret?.(secret);
    return { who, newToken: () => exchanged(address, who, url, form, options) };
  }
  const state = typeof type === "string"
    ? `holds credentials of the kind ${oneLine(type, 60)}`
    : "holds no credentials";
  throw noCredentials(
    address,
    `${who} ${state}`,
    `export CLOUDSDK_AUTH_ACCESS_TOKEN="$(gcloud auth print-access-token)" gets some for an hour`,
  );
}

/** Tokens of the service account that a machine at Google runs as. */
export function metadataCredentials(
  address: string,
  host: string | undefined,
  hint: string,
  options: CredentialOptions,
): TokenIssuer {
  const url = new URL(METADATA_PATH, `http://${host || METADATA_HOST}`);
  return {
    who: "this machine's service account",
    async newToken() {
      const none = (state: string) => noCredentials(address, state, hint);
      try {
        const { status, json, headers } = await askForJson(options, {
          url,
          headers: { "metadata-flavor": "Google" },
          timeoutMs: METADATA_TIMEOUT_MS,
        });
        // Any server may answer under this name.
        const fetched = headers.get("metadata-flavor") === "Google" ? tokenOf(json, options.now()) : undefined;
        if (status === 200 && fetched !== undefined) return fetched;
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!(error instanceof NetworkFault)) throw error;
        if (host) throw none("the address in GCE_METADATA_HOST cannot be reached");
      }
      throw none("there are no Google credentials");
    },
  };
}

/** The token in an answer, by OAuth's names; undefined where there is none. */
function tokenOf(json: Record<string, unknown>, nowMs: number): Fetched<string> | undefined {
  const { access_token: token, expires_in: seconds } = json;
  if (typeof token !== "string" || token === "") return undefined;
  return { value: token, expiresMs: typeof seconds === "number" ? nowMs + seconds * 1000 : undefined };
}

/** Google's own, or the one in the file: over TLS, or on this machine. */
function tokenUrl(address: string, who: string, given: unknown): URL {
  const text = typeof given === "string" && given !== "" ? given : TOKEN_URL;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.protocol === "https:" || /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname))) {
    return url;
  }
  throw noCredentials(address, `the token_uri in ${who} is no address that keys may be sent to`, "make the file again");
}

async function exchanged(
  address: string,
  who: string,
  url: URL,
  form: Record<string, string>,
  options: CredentialOptions,
) {
  const { status, json } = await askForJson(options, { url, form, timeoutMs: TIMEOUT_MS });
  const fetched = status === 200 ? tokenOf(json, options.now()) : undefined;
  if (fetched !== undefined) return fetched;
  const { error, error_description: description } = json;
  const said = [error, description].filter((part) => typeof part === "string").map((part) => oneLine(part, 200));
  // A signed claim is good for an hour around now.
  const isSkewed = /reasonable timeframe|token must be a short-lived/i.test(said.join(" "));
  throw noCredentials(
    address,
    `Google gives no token for ${who} (${said.length === 0 ? status : said.join(": ")})`,
    isSkewed
      ? "set this machine's clock"
      : form.grant_type === "refresh_token"
      ? "gcloud auth application-default login"
      : "is the key still valid? Google Cloud's page of the service account lists its keys",
  );
}

const lifetime = (nowMs: number) => {
  const iat = Math.floor(nowMs / 1000);
  return { iat, exp: iat + LIFETIME_SECONDS };
};

/** A JSON Web Token, signed with RS256. */
async function signedClaims(
  address: string,
  who: string,
  pem: string,
  keyId: string | undefined,
  claims: Record<string, unknown>,
): Promise<string> {
  const part = (value: unknown) => base64Url(new TextEncoder().encode(JSON.stringify(value)));
  const text = `${part({ alg: "RS256", typ: "JWT", kid: keyId })}.${part(claims)}`;
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  let key: CryptoKey;
  try {
    const base64 = pem.replace(/-----[^-]*-----|\s/g, "");
    key = await crypto.subtle.importKey("pkcs8", Uint8Array.fromBase64(base64), algorithm, false, ["sign"]);
  } catch (error) {
    // expected: a text that is no Base64 (SyntaxError) or no key (DOMException); nothing of it is repeated.
    if (!(error instanceof SyntaxError || error instanceof DOMException)) throw error;
    throw noCredentials(address, `the private_key in ${who} is no key in PKCS #8`, "make the file again");
  }
  const signature = await crypto.subtle.sign(algorithm.name, key, new TextEncoder().encode(text));
  return `${text}.${base64Url(new Uint8Array(signature))}`;
}

const base64Url = (bytes: Uint8Array): string => bytes.toBase64({ alphabet: "base64url", omitPadding: true });
