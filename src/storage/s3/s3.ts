/** A prefix in a bucket as a storage, on any store that speaks S3. */
import type { ObjectAddress } from "../objects/address.ts";
import { type ObjectPage, objectStorage, type ObjectStorageOptions, withoutQuotes } from "../objects/object_storage.ts";
import { StoreClient } from "../objects/store_client.ts";
import { childrenOf, parseXml, textOf } from "../objects/xml.ts";
import type { Storage } from "../storage.ts";
import { MultipartUpload } from "./multipart.ts";
import { S3Protocol } from "./s3_protocol.ts";
import type { S3Settings } from "./s3_settings.ts";

export function s3Storage(place: ObjectAddress, settings: S3Settings, options: ObjectStorageOptions): Storage {
  const client = new StoreClient(new S3Protocol(place.bucket, settings), options);
  return objectStorage(place, {
    client,
    missingCode: "NoSuchKey",
    listRequest: s3ListRequest,
    readPage: readS3Page,
    parts: (object) => new MultipartUpload(client, object),
    endpointHint: "check AWS_ENDPOINT_URL",
  }, options);
}

/** Keys may hold what XML cannot, so they come encoded. */
export function s3ListRequest(prefix: string, token: string | undefined) {
  return {
    key: "",
    query: {
      "list-type": "2",
      prefix,
      "encoding-type": "url",
      ...(token === undefined ? {} : { "continuation-token": token }),
    },
  };
}

export function readS3Page(text: string): ObjectPage | undefined {
  const root = parseXml(text);
  if (root?.name !== "ListBucketResult") return undefined;
  const isEncoded = textOf(root, "EncodingType") === "url";
  const objects = childrenOf(root, "Contents").map((object) => {
    const written = textOf(object, "Key") ?? "";
    return {
      key: isEncoded ? decodeURIComponent(written.replaceAll("+", " ")) : written,
      sizeBytes: Number(textOf(object, "Size")),
      version: withoutQuotes(textOf(object, "ETag") ?? ""),
    };
  });
  if (textOf(root, "IsTruncated") !== "true") return { objects };
  const next = textOf(root, "NextContinuationToken");
  return next ? { objects, next } : undefined;
}
