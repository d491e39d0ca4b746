/** How requests to Google Cloud Storage's XML API are signed and addressed, and what its refusals mean. */
import { objectUrl, type SignedRequest, type StoreProtocol, type StoreRequest } from "../objects/store_client.ts";
import {
  badCredentials,
  busy,
  changed,
  clocksDiffer,
  forbidden,
  headerText,
  missingObject,
  noHolder,
  retained,
  type StoreRefusal,
  type StoreWords,
  tooLarge,
  xmlRefusal,
} from "../objects/store_errors.ts";
import { digestHeader, V4Signature } from "../s3/v4_signature.ts";
import type { GcsSettings } from "./gcs_settings.ts";

/** What Google takes for the region of every bucket. */
const REGION = "auto";

const notAllowed = forbidden(
  "the account needs the role Storage Object User (roles/storage.objectUser) for the bucket",
);
const badKey = badCredentials(
  "check GOOGLE_APPLICATION_CREDENTIALS, or GS_ACCESS_KEY_ID and GS_SECRET_ACCESS_KEY; is the key still active?",
);

const GCS_WORDS: StoreWords = {
  prefix: "gcs",
  forbidden: notAllowed,
  badCredentials: badKey,
  connectionHint: "check STORAGE_EMULATOR_HOST, if it is set",
  known: {
    AccessDenied: notAllowed,
    AuthenticationRequired: badKey,
    InvalidSecurity: badKey,
    InvalidAccessKeyId: badKey,
    SignatureDoesNotMatch: badKey,
    ExpiredToken: { ...badKey, state: () => "the credentials have expired" },
    RequestTimeTooSkewed: clocksDiffer,
    NoSuchBucket: noHolder("bucket", "check the name"),
    NoSuchKey: missingObject,
    UserProjectMissing: {
      category: "input",
      state: () => "the bucket's owner wants others to pay for requests, which mp does not do",
    },
    ObjectUnderActiveHold: retained,
    RetentionPolicyNotMet: retained,
    PreconditionFailed: changed,
    EntityTooLarge: tooLarge,
    SlowDown: busy,
    RateLimitExceeded: busy,
  },
};

export class GcsProtocol implements StoreProtocol {
  readonly words = GCS_WORDS;
  readonly passingCodes: ReadonlySet<string> = new Set([
    "SlowDown",
    "RateLimitExceeded",
    "InternalError",
    "ServiceUnavailable",
    "RequestTimeout",
  ]);
  readonly #bucketUrl: string;
  readonly #settings: GcsSettings;
  readonly #signature = new V4Signature();
  #refused: string | undefined;

  constructor(bucket: string, settings: GcsSettings) {
    this.#bucketUrl = `${settings.endpoint}/${bucket}`;
    this.#settings = settings;
  }

  host(): string {
    return new URL(this.#bucketUrl).host;
  }

  async sign(request: StoreRequest, nowMs: number): Promise<SignedRequest> {
    const url = objectUrl(this.#bucketUrl, request);
    const { identity } = this.#settings;
    if (identity.kind === "key") {
      return { url, headers: await this.#signature.headers(request, url, identity.keys, REGION, nowMs) };
    }
    const headers = { ...request.headers, ...digestHeader(request.body) };
    if (identity.kind === "nobody") return { url, headers };
    const token = await identity.token(this.#refused);
    return {
      url,
      headers: { ...headers, authorization: `Bearer ${token}` },
      // A long job outlives a token, which is good for an hour, and may be called back.
      repair: ({ status }) => {
        if (status !== 401) return undefined;
        this.#refused = token;
        return "token";
      },
    };
  }

  refusalOf(status: number, headers: Headers, text: string): StoreRefusal {
    return { ...xmlRefusal(status, text), requestId: headerText(headers, "x-guploader-uploadid") };
  }
}
