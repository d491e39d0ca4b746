/** How requests to S3 are signed and addressed, and what its refusals mean. */
import { objectUrl, type SignedRequest, type StoreProtocol, type StoreRequest } from "../objects/store_client.ts";
import type { StoreRefusal } from "../objects/store_errors.ts";
import type { S3Credentials } from "./s3_credentials.ts";
import { S3_PASSING_CODES, S3_WORDS, s3Refusal } from "./s3_errors.ts";
import type { S3Settings } from "./s3_settings.ts";
import { V4Signature } from "./v4_signature.ts";

export class S3Protocol implements StoreProtocol {
  readonly passingCodes = S3_PASSING_CODES;
  readonly words = S3_WORDS;
  readonly refusalOf = s3Refusal;
  readonly #bucket: string;
  readonly #settings: S3Settings;
  readonly #signature = new V4Signature();
  #region: string;
  #expired: S3Credentials | undefined;

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
function isExpired({ method }: StoreRequest, { code, status }: StoreRefusal, { sessionToken }: S3Credentials): boolean {
  return code === "ExpiredToken" || (method === "HEAD" && status === 400 && sessionToken !== undefined);
}
