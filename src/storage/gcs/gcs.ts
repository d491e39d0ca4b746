/** A prefix in a bucket at Google as a storage. Its XML API is that of S3 but for who asks and what errors say. */
import type { ObjectAddress } from "../objects/address.ts";
import { objectStorage, type ObjectStorageOptions } from "../objects/object_storage.ts";
import { StoreClient } from "../objects/store_client.ts";
import { MultipartUpload } from "../s3/multipart.ts";
import { readS3Page, s3ListRequest } from "../s3/s3.ts";
import type { Storage } from "../storage.ts";
import { GcsProtocol } from "./gcs_protocol.ts";
import type { GcsSettings } from "./gcs_settings.ts";

export function gcsStorage(place: ObjectAddress, settings: GcsSettings, options: ObjectStorageOptions): Storage {
  const client = new StoreClient(new GcsProtocol(place.bucket, settings), options);
  return objectStorage(place, {
    client,
    missingCode: "NoSuchKey",
    // Without this, Google decompresses what is stored as compressed, and then knows neither sizes nor ranges.
    readHeaders: { "accept-encoding": "gzip" },
    sizeHeader: "x-goog-stored-content-length",
    listRequest: s3ListRequest,
    readPage: readS3Page,
    parts: (object) => new MultipartUpload(client, object),
    endpointHint: "check STORAGE_EMULATOR_HOST, if it is set: it must speak Google's XML API",
  }, options);
}
