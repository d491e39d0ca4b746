/** How requests to S3 are signed and addressed, and what its refusals mean. */
import { objectUrl, type SignedRequest, type StoreProtocol, type StoreRequest } from "../objects/store_client.ts";
import {
  archived,
  badCredentials,
  busy,
  changed,
  clocksDiffer,
  forbidden,
  headerText,
  missingObject,
  noHolder,
  type StoreRefusal,
  type StoreWords,
  tooLarge,
  xmlRefusal,
} from "../objects/store_errors.ts";
import type { S3Settings } from "./s3_settings.ts";
import { type SigningKeys, V4Signature } from "./v4_signature.ts";

const notAllowed = forbidden(
  "the key needs s3:ListBucket, s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload",
);
const badKey = badCredentials(
  "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile in AWS_PROFILE",
);

const S3_WORDS: StoreWords = {
  prefix: "s3",
  forbidden: notAllowed,
  badCredentials: badKey,
  connectionHint: "check AWS_ENDPOINT_URL and AWS_REGION",
  known: {
    AccessDenied: notAllowed,
    AllAccessDisabled: notAllowed,
    InvalidAccessKeyId: badKey,
    SignatureDoesNotMatch: badKey,
    InvalidToken: badKey,
    ExpiredToken: { ...badKey, state: () => "the credentials have expired" },
    AuthorizationHeaderMalformed: { ...badKey, hint: "check AWS_REGION" },
    RequestTimeTooSkewed: clocksDiffer,
    NoSuchBucket: noHolder("bucket", "check the name, AWS_REGION and AWS_ENDPOINT_URL"),
    NoSuchKey: missingObject,
    PermanentRedirect: {
      category: "input",
      state: () => "the bucket is elsewhere",
      hint: "set AWS_REGION to the bucket's region",
    },
    InvalidObjectState: archived,
    PreconditionFailed: changed,
    EntityTooLarge: tooLarge,
    SlowDown: busy,
    TooManyRequests: busy,
  },
};

/** A region becomes part of a host's name, so nothing else is taken for one. */
const regionOf = (text: string): string | undefined => /^[a-z0-9-]{1,64}$/.test(text) ? text : undefined;

export class S3Protocol implements StoreProtocol {
  readonly words = S3_WORDS;
  readonly passingCodes: ReadonlySet<string> = new Set([
    "SlowDown",
    "InternalError",
    "ServiceUnavailable",
    "RequestTimeout",
    "OperationAborted",
    "TooManyRequests",
  ]);
  readonly #bucket: string;
  readonly #settings: S3Settings;
  readonly #signature = new V4Signature();
  #region: string;
  #expired: SigningKeys | undefined;

  constructor(bucket: string, settings: S3Settings) {
    this.#bucket = bucket;
    this.#settings = settings;
    this.#region = settings.region;
  }

  host(): string {
    return new URL(this.#bucketUrl()).host;
  }

  async sign(request: StoreRequest, nowMs: number): Promise<SignedRequest> {
    const region = this.#region;
    const credentials = await this.#settings.credentials(this.#expired);
    const url = objectUrl(this.#bucketUrl(), request);
    return {
      url,
      headers: await this.#signature.headers(request, url, credentials, region, nowMs),
      repair: (refusal) => {
        // The bucket is in another region than it was looked for; from now on it is asked there.
        if (refusal.region !== undefined && refusal.region !== region) {
          this.#region = refusal.region;
          return "region";
        }
        // A long job outlives keys that are good for an hour, where there is a way to get others.
        if (!isExpired(request, refusal, credentials)) return undefined;
        this.#expired = credentials;
        return "credentials";
      },
    };
  }

  refusalOf(status: number, headers: Headers, text: string): StoreRefusal {
    const refusal = xmlRefusal(status, text);
    return {
      ...refusal,
      requestId: headerText(headers, "x-amz-request-id"),
      region: regionOf(headers.get("x-amz-bucket-region") ?? refusal.region ?? ""),
    };
  }

  #bucketUrl(): string {
    const { endpoint } = this.#settings;
    const domain = this.#region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    // A certificate for *.s3.… covers no name with further dots, and other stores seldom have a name for each bucket.
    return endpoint !== undefined || this.#bucket.includes(".")
      ? `${endpoint ?? `https://s3.${this.#region}.${domain}`}/${this.#bucket}`
      : `https://${this.#bucket}.s3.${this.#region}.${domain}`;
  }
}

/** An answer to HEAD has no text to say so. */
function isExpired({ method }: StoreRequest, { code, status }: StoreRefusal, { sessionToken }: SigningKeys): boolean {
  return code === "ExpiredToken" || (method === "HEAD" && status === 400 && sessionToken !== undefined);
}
