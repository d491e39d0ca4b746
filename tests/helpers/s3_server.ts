/**
 * A strict object store on 127.0.0.1: it checks signatures, hashes, the order and size of parts, ranges and conditions, and
 * can fail in the ways in which stores do. One bucket, `bucket`, path-style addresses.
 */
import { errorText, type MultipartOptions, multipartStore, type Upload } from "./multipart_store.ts";
import { type Keys, signatureFault } from "./s3_signature.ts";
import { Refusal, type ServerOptions, startStoreServer, type StoreServer } from "./store_server.ts";

export interface S3Server extends StoreServer {
  /** The variables that a program needs to use it. */
  readonly env: Record<string, string>;
  readonly uploads: Map<string, Upload>;
}

export interface S3ServerOptions extends MultipartOptions, ServerOptions {
  region?: string;
  sessionToken?: string;
}

export async function startS3Server(options: S3ServerOptions = {}): Promise<S3Server> {
  const { region = "eu-central-1", sessionToken } = options;
  const keys: Keys = { accessKeyId: "AKIATEST", secretAccessKey: "test+secret/key", sessionToken, region };
  const { objects, uploads, answer } = multipartStore(options);
  const server = await startStoreServer({
    objects,
    answer,
    errorText,
    keyOf: (parts) => parts.slice(1).join("/"),
    headers: () => ({ "x-amz-request-id": "REQUEST1" }),
    authorize(request) {
      const fault = signatureFault(request, keys);
      if (fault !== undefined) throw new Refusal(fault === "AuthorizationHeaderMalformed" ? 400 : 403, fault);
      if (request.parts[0] !== "bucket") throw new Refusal(404, "NoSuchBucket");
    },
  }, options);
  return Object.assign(server, {
    uploads,
    env: {
      AWS_ENDPOINT_URL: server.url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
      // Nobody's own files are to be read.
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_CONFIG_FILE: "/dev/null",
    },
  });
}
