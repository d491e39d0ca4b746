/** Signs requests by AWS's Signature Version 4, which Google Cloud Storage takes too. */
import type { AwsV4Signer } from "aws4fetch";
import { sha256 } from "../../runtime/hash.ts";
import { base64OfHex, md5Hex } from "../../runtime/md5.ts";
import type { StoreRequest } from "../objects/store_client.ts";

export interface SigningKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** Gives the headers of a request, with its signature. */
export class V4Signature {
  /** Keys for a day, derived from the secret: a signature then costs one hash instead of five. */
  readonly #derivedKeys = new Map<string, ArrayBuffer>();
  #signer: Promise<typeof AwsV4Signer> | undefined;

  async headers(
    { method, body, headers: own }: StoreRequest,
    url: URL,
    keys: SigningKeys,
    region: string,
    nowMs: number,
  ): Promise<Record<string, string>> {
    // It stays out of the signature: servers between, and Google's own, change it.
    const { "accept-encoding": encoding, ...signable } = own ?? {};
    const headers: Record<string, string> = { ...signable, ...digestHeader(body) };
    // TLS protects the bytes; without it the signature must cover them.
    headers["x-amz-content-sha256"] = url.protocol === "https:" ? "UNSIGNED-PAYLOAD" : hashOf(body);
    this.#signer ??= import("aws4fetch").then((module) => module.AwsV4Signer);
    const Signer = await this.#signer;
    const signed = await new Signer({
      method,
      url: url.href,
      headers,
      ...keys,
      service: "s3",
      region,
      cache: this.#derivedKeys,
      datetime: new Date(nowMs).toISOString().replace(/[:-]|\.\d{3}/g, ""),
    }).sign();
    return {
      ...Object.fromEntries(signed.headers),
      ...(encoding === undefined ? {} : { "accept-encoding": encoding }),
    };
  }
}

/** Lets a store tell whether the bytes have arrived. */
export function digestHeader(body: Uint8Array | undefined): Record<string, string> {
  return body === undefined ? {} : { "content-md5": base64OfHex(md5Hex(body)) };
}

function hashOf(body: Uint8Array | undefined): string {
  const hash = sha256();
  if (body !== undefined) hash.update(body);
  return hash.hex();
}
