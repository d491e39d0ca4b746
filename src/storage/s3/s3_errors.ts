/** The errors of S3, and of the stores that speak its protocol. */
import { oneLine } from "../../client/wording.ts";
import {
  archived,
  badCredentials,
  busy,
  changed,
  clocksDiffer,
  forbidden,
  missingObject,
  noHolder,
  type StoreRefusal,
  type StoreWords,
  tooLarge,
  xmlRefusal,
} from "../objects/store_errors.ts";

export function s3Refusal(status: number, headers: Headers, text: string): StoreRefusal {
  const { said, ...refusal } = xmlRefusal(status, text);
  return {
    ...refusal,
    requestId: oneLine(headers.get("x-amz-request-id") ?? "", 100) || undefined,
    region: regionOf(headers.get("x-amz-bucket-region") ?? said("Region") ?? ""),
  };
}

/** A region becomes part of a host's name, so nothing else is taken for one. */
const regionOf = (text: string): string | undefined => /^[a-z0-9-]{1,64}$/.test(text) ? text : undefined;

export const S3_PASSING_CODES: ReadonlySet<string> = new Set([
  "SlowDown",
  "InternalError",
  "ServiceUnavailable",
  "RequestTimeout",
  "OperationAborted",
  "TooManyRequests",
]);

const notAllowed = forbidden(
  "the key needs s3:ListBucket, s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload",
);
const badKey = badCredentials(
  "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile in AWS_PROFILE",
);

export const S3_WORDS: StoreWords = {
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
