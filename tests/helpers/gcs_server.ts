/**
 * A strict Google Cloud Storage on 127.0.0.1: its XML API, who may use it (HMAC keys and tokens), and the servers that give
 * tokens. One bucket, `bucket`.
 */
import { createVerify, generateKeyPairSync } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { errorText, type MultipartOptions, multipartStore, type Upload } from "./multipart_store.ts";
import { signatureFault } from "./s3_signature.ts";
import {
  Refusal,
  type ServerOptions,
  startStoreServer,
  type StoreAnswer,
  type StoreRequest,
  type StoreServer,
} from "./store_server.ts";

export interface GcsServer extends StoreServer {
  readonly uploads: Map<string, Upload>;
  /** Tokens that are good. Taking one out calls it back. */
  readonly tokens: Set<string>;
  /** How long tokens are good, in seconds. */
  lifetimeSeconds: number;
  /** Variables for an HMAC key. */
  readonly keyEnv: Record<string, string>;
  /** The file of a service account, and that of a user as gcloud writes it. */
  readonly serviceAccount: string;
  readonly userFile: string;
}

export interface GcsServerOptions extends MultipartOptions, ServerOptions {
  now(): number;
}

const EMAIL = "exporter@project.iam.gserviceaccount.com";
const KEY_ID = "key-1";
const SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";
const USER = { client_id: "client", client_secret: "client-secret-word", refresh_token: "refresh-token-word" };

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

export async function startGcsServer(options: GcsServerOptions): Promise<GcsServer> {
  const { objects, uploads, answer } = multipartStore(options);
  const tokens = new Set<string>();
  const keys = { accessKeyId: "GOOG1TEST", secretAccessKey: "hmac+secret/word", region: "auto" };
  let issued = 0;

  function issue(): StoreAnswer {
    const token = `ya29.token-${++issued}`;
    tokens.add(token);
    return json(200, { access_token: token, expires_in: server.lifetimeSeconds, token_type: "Bearer" });
  }

  function tokenAnswer(form: URLSearchParams): StoreAnswer {
    if (form.get("grant_type") === "refresh_token") {
      const isUser = Object.entries(USER).every(([name, value]) => form.get(name) === value);
      return isUser ? issue() : json(400, { error: "invalid_grant", error_description: "Bad Request" });
    }
    if (form.get("grant_type") !== "urn:ietf:params:oauth:grant-type:jwt-bearer") {
      return json(400, { error: "unsupported_grant_type" });
    }
    const fault = claimFault(form.get("assertion") ?? "");
    return fault === undefined ? issue() : json(400, { error: "invalid_grant", error_description: fault });
  }

  function claimFault(assertion: string): string | undefined {
    const [head = "", claims = "", signature = ""] = assertion.split(".");
    const { alg, kid } = decoded(head);
    const verifier = createVerify("RSA-SHA256").update(`${head}.${claims}`);
    if (alg !== "RS256" || kid !== KEY_ID || !verifier.verify(publicKey, signature, "base64url")) {
      return "Invalid JWT Signature.";
    }
    const { iss, aud, scope, iat, exp } = decoded(claims);
    if (iss !== EMAIL || aud !== `${server.url}/token` || scope !== SCOPE) return "Invalid JWT claims.";
    const now = options.now() / 1000;
    const isTimely = Number(iat) <= now + 300 && Number(exp) > now && Number(exp) - Number(iat) <= 3600;
    if (isTimely) return undefined;
    return "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.";
  }

  function authorize(request: StoreRequest): void {
    const { authorization = "" } = request.headers;
    if (authorization.startsWith("Bearer ")) {
      if (!tokens.has(authorization.slice(7))) throw new Refusal(401, "AuthenticationRequired");
    } else {
      // Servers at Google change this header, so that a signature that covers it fails.
      const headers = { ...request.headers, "accept-encoding": "changed on the way" };
      const fault = signatureFault({ ...request, headers }, keys);
      if (fault !== undefined) throw new Refusal(403, fault === "InvalidAccessKeyId" ? "InvalidSecurity" : fault);
    }
    if (request.parts[0] !== "bucket") throw new Refusal(404, "NoSuchBucket");
  }

  const server = Object.assign(
    await startStoreServer({
      objects,
      errorText,
      authorize,
      keyOf: (parts) => parts.slice(1).join("/"),
      headers: () => ({ "x-guploader-uploadid": "UPLOADER1" }),
      beside(request) {
        const path = request.target;
        if (request.method === "POST" && path === "/token") {
          return tokenAnswer(new URLSearchParams(new TextDecoder().decode(request.body)));
        }
        if (path !== "/computeMetadata/v1/instance/service-accounts/default/token") return undefined;
        if (request.headers["metadata-flavor"] !== "Google") return json(403, {});
        return { ...issue(), headers: { "metadata-flavor": "Google" } };
      },
      answer(request) {
        const object = objects.get(request.key);
        const isRead = object !== undefined && (request.method === "GET" || request.method === "HEAD");
        if (!isRead) return answer(request);
        const stored = { "x-goog-stored-content-length": String(object.bytes.length) };
        // What is stored as compressed is decompressed for who does not take it so; then there are no ranges.
        const isDecompressed = object.headers?.["content-encoding"] === "gzip" &&
          !request.headers["accept-encoding"]?.includes("gzip");
        if (isDecompressed) return { headers: stored, body: new Uint8Array(gunzipSync(object.bytes)) };
        const plain = answer(request);
        return { ...plain, headers: { ...plain.headers, ...stored } };
      },
    }, options),
    {
      uploads,
      tokens,
      lifetimeSeconds: 3600,
      keyEnv: { GS_ACCESS_KEY_ID: keys.accessKeyId, GS_SECRET_ACCESS_KEY: keys.secretAccessKey },
      serviceAccount: "",
      userFile: "",
    },
  );
  server.serviceAccount = JSON.stringify({
    type: "service_account",
    client_email: EMAIL,
    private_key_id: KEY_ID,
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
    token_uri: `${server.url}/token`,
  });
  server.userFile = JSON.stringify({ type: "authorized_user", ...USER, token_uri: `${server.url}/token` });
  return server;
}

const json = (status: number, value: unknown): StoreAnswer => ({ status, body: JSON.stringify(value) });

function decoded(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString());
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
