/** Addresses of storages: folders of this machine, and `s3://bucket/prefix`. */
import { inputError } from "../errors.ts";
import { basename, dirname } from "../runtime/files/files.ts";

const SCHEME = "s3://";
const EXAMPLE = "write it as s3://bucket/folder";

/** Whether an address is that of a bucket or of something in it. */
export function isBucketAddress(address: string): boolean {
  return address.startsWith(SCHEME);
}

/** A bucket, and a prefix without slashes at its ends; empty for the whole bucket. */
export interface BucketAddress {
  bucket: string;
  prefix: string;
}

/** @throws MpError (input) for an address without a bucket, or with a name that no bucket can have. */
export function bucketAddress(address: string): BucketAddress {
  const rest = address.slice(SCHEME.length);
  const slash = rest.indexOf("/");
  const bucket = slash < 0 ? rest : rest.slice(0, slash);
  const prefix = slash < 0 ? "" : rest.slice(slash + 1).replace(/^\/+|\/+$/g, "");
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/.test(bucket)) {
    throw inputError(
      `Cannot use ${JSON.stringify(address)}: ${bucket === "" ? "it names no bucket" : "no bucket has such a name"}`,
      EXAMPLE,
      "bad_address",
    );
  }
  checkSegments(prefix, address);
  return { bucket, prefix };
}

/**
 * The storage that a file lies in, and the file's path in it: `s3://bucket/a/b.jsonl` is `b.jsonl` in `s3://bucket/a`, and
 * `out/b.jsonl` is `b.jsonl` in `out`.
 *
 * @throws MpError (input) for an address that names no file.
 */
export function splitAddress(address: string): { storage: string; path: string } {
  if (!isBucketAddress(address)) return { storage: dirname(address), path: basename(address) };
  const { bucket, prefix } = bucketAddress(address);
  if (prefix === "" || address.endsWith("/")) {
    throw inputError(
      `Cannot use ${JSON.stringify(address)}: it names no file`,
      "write it as s3://bucket/folder/file",
      "bad_address",
    );
  }
  const slash = prefix.lastIndexOf("/");
  const folder = slash < 0 ? "" : `/${prefix.slice(0, slash)}`;
  return { storage: `${SCHEME}${bucket}${folder}`, path: prefix.slice(slash + 1) };
}

/**
 * Refuses `.` and `..` between slashes. A browser's rules would take them out of an object's address, and so would name
 * another object.
 *
 * @throws MpError (input)
 */
export function checkSegments(key: string, address: string): void {
  if (!/(^|\/)\.\.?(\/|$)/.test(key)) return;
  throw inputError(
    `Cannot use ${JSON.stringify(address)}: '.' and '..' mean nothing in a bucket`,
    EXAMPLE,
    "bad_address",
  );
}
