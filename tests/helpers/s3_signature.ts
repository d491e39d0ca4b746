/** Checks a request's signature by AWS's published rules (Signature Version 4), apart from the library that signs. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

export interface SignedRequest {
  method: string;
  /** As it came over the wire. */
  target: string;
  headers: Record<string, string | undefined>;
  body: Uint8Array;
}

export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  region: string;
}

/** The store's error code, or undefined when all is well. */
export function signatureFault({ method, target, headers, body }: SignedRequest, keys: Keys): string | undefined {
  const authorization = headers.authorization ?? "";
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/
      .exec(authorization);
  if (match === null) return authorization === "" ? "AccessDenied" : "AuthorizationHeaderMalformed";
  const [, accessKeyId, day, region, signedNames, signature] = match as unknown as string[];
  if (accessKeyId !== keys.accessKeyId) return "InvalidAccessKeyId";
  if (region !== keys.region) return "AuthorizationHeaderMalformed";
  if ((headers["x-amz-security-token"] ?? "") !== (keys.sessionToken ?? "")) return "InvalidToken";
  const stamp = headers["x-amz-date"] ?? "";
  if (!/^\d{8}T\d{6}Z$/.test(stamp) || !stamp.startsWith(day!)) return "AccessDenied";
  const names = signedNames!.split(";");
  // Everything that changes what is done must be covered.
  const mustBeSigned = ["host", ...Object.keys(headers).filter((name) => /^(x-amz-|content-md5$|if-)/.test(name))];
  if (mustBeSigned.some((name) => !names.includes(name))) return "AccessDenied";

  const payloadHash = headers["x-amz-content-sha256"] ?? "";
  if (payloadHash !== "UNSIGNED-PAYLOAD" && payloadHash !== sha256(body)) return "XAmzContentSHA256Mismatch";
  const [path = "", query = ""] = target.split("?");
  const canonical = [
    method,
    path.split("/").map((part) => encode(decodeURIComponent(part))).join("/"),
    query.split("&").filter((pair) => pair !== "").map((pair) => {
      const [name = "", value = ""] = pair.split("=");
      return [encode(decodeURIComponent(name)), encode(decodeURIComponent(value))];
    }).sort(([a], [b]) => a! < b! ? -1 : 1).map((pair) => pair.join("=")).join("&"),
    ...names.map((name) => `${name}:${(headers[name] ?? "").trim().replace(/ +/g, " ")}`),
    "",
    signedNames,
    payloadHash,
  ].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", stamp, `${day}/${region}/s3/aws4_request`, sha256(canonical)].join("\n");
  const key = [day!, region!, "s3", "aws4_request"].reduce<Uint8Array | string>(hmac, `AWS4${keys.secretAccessKey}`);
  const expected = hmac(key, toSign);
  return timingSafeEqual(expected, Buffer.from(signature!, "hex")) ? undefined : "SignatureDoesNotMatch";
}

const sha256 = (content: Uint8Array | string): string => createHash("sha256").update(content).digest("hex");
const hmac = (key: Uint8Array | string, text: string): Uint8Array => createHmac("sha256", key).update(text).digest();
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
