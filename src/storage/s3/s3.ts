/** A prefix in a bucket as a storage, on any store that speaks S3. */
import { inputError, MpError } from "../../errors.ts";
import { NetworkFault } from "../../runtime/network/network_fault.ts";
import { bucketAddress, checkSegments } from "../address.ts";
import { S3Client, type S3ClientOptions, type S3Request } from "./s3_client.ts";
import { unlessRefused } from "./s3_errors.ts";
import type { S3Settings } from "./s3_settings.ts";
import { S3Upload, withoutQuotes } from "./s3_upload.ts";
import type { Storage, StoredFacts } from "../storage.ts";
import { childrenOf, parseXml, textOf } from "./xml.ts";

export interface S3StorageOptions extends S3ClientOptions {
  signal?: AbortSignal;
  /** Default 8 MiB. */
  partBytes?: number;
  /** Parts of one file that are sent at the same time. Default 3. */
  concurrency?: number;
}

const PART_BYTES = 8 * 1024 * 1024;
const CONCURRENCY = 3;

export function s3Storage(address: string, settings: S3Settings, options: S3StorageOptions): Storage {
  const { bucket, prefix } = bucketAddress(address);
  const { signal, partBytes = PART_BYTES, concurrency = CONCURRENCY } = options;
  const base = prefix === "" ? "" : `${prefix}/`;
  const clean = `s3://${bucket}${prefix === "" ? "" : `/${prefix}`}`;
  const client = new S3Client(bucket, settings, options);
  const addressOf = (path: string) => `${clean}/${path}`;

  /** The object of a path, and what messages call it. */
  const named = (path: string): Pick<S3Request, "key" | "address" | "signal"> => {
    if (path === "") throw inputError(`Cannot use ${clean}/: it names no object`, undefined, "bad_path");
    checkSegments(path, addressOf(path));
    return { key: base + path, address: addressOf(path), signal };
  };

  return {
    address: clean,
    addressOf,
    async facts(path) {
      const answer = await client.send({ method: "HEAD", ...named(path), verb: "read", accepted: [404] });
      await answer.body.cancel();
      if (answer.status === 404) return undefined;
      const length = answer.headers.get("content-length");
      if (length === null) throw unexpected(addressOf(path), "the store does not tell its size");
      return { sizeBytes: Number(length), version: withoutQuotes(answer.headers.get("etag") ?? "") };
    },
    list: (start = "") => listed(client, base, start, clean, signal),
    read: (path, range) => bytesOf(client, { method: "GET", ...named(path), verb: "read" }, range),
    async readText(path) {
      const asked = client.sendForText({ method: "GET", ...named(path), verb: "read" });
      return (await unlessRefused(asked, "NoSuchKey"))?.text;
    },
    async writeText(path, text) {
      const body = new TextEncoder().encode(text);
      await client.sendForText({ method: "PUT", ...named(path), verb: "write", body });
    },
    create: (path) => Promise.resolve(new S3Upload({ client, ...named(path), partBytes, concurrency })),
    probe: (path) => new S3Upload({ client, ...named(path), partBytes, concurrency }).probe(),
    async remove(path) {
      const answer = await client.send({ method: "DELETE", ...named(path), verb: "remove", accepted: [404] });
      await answer.body.cancel();
    },
  };
}

/** Objects come in pages of up to 1000, in the order of their keys. */
async function* listed(
  client: S3Client,
  base: string,
  start: string,
  address: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ path: string } & StoredFacts> {
  let token: string | undefined;
  for (;;) {
    const answer = await client.sendForText({
      method: "GET",
      key: "",
      // Keys may hold what XML cannot, so they come encoded.
      query: {
        "list-type": "2",
        prefix: base + start,
        "encoding-type": "url",
        ...(token === undefined ? {} : { "continuation-token": token }),
      },
      verb: "list",
      address,
      signal,
    });
    const root = parseXml(answer.text);
    if (root?.name !== "ListBucketResult") throw noList(address);
    const isEncoded = textOf(root, "EncodingType") === "url";
    for (const object of childrenOf(root, "Contents")) {
      const written = textOf(object, "Key") ?? "";
      const key = isEncoded ? decodeURIComponent(written.replaceAll("+", " ")) : written;
      const sizeBytes = Number(textOf(object, "Size"));
      if (!key.startsWith(base) || key === base || !Number.isSafeInteger(sizeBytes)) continue;
      yield { path: key.slice(base.length), sizeBytes, version: withoutQuotes(textOf(object, "ETag") ?? "") };
    }
    const next = textOf(root, "NextContinuationToken");
    if (textOf(root, "IsTruncated") !== "true") return;
    if (!next || next === token) throw noList(address);
    token = next;
  }
}

/** The bytes of one version of an object: when the connection breaks, the rest is asked for. */
async function* bytesOf(
  client: S3Client,
  request: S3Request,
  { start = 0, end }: { start?: number; end?: number } = {},
): AsyncGenerator<Uint8Array> {
  let position = start;
  let etag: string | null = null;
  const attempts = client.bodyAttempts(request.signal);
  while (end === undefined || position < end) {
    const headers: Record<string, string> = {};
    if (position > 0 || end !== undefined) headers.range = `bytes=${position}-${end === undefined ? "" : end - 1}`;
    if (etag !== null) headers["if-match"] = etag;
    const answer = await client.send({ ...request, headers, accepted: [416] });
    // There is nothing from this position on.
    if (answer.status === 416) return await answer.body.cancel();
    etag ??= answer.headers.get("etag");
    if (headers.range !== undefined && answer.status !== 206) {
      await answer.body.cancel();
      throw unexpected(request.address, "the store cannot send a part of an object");
    }
    try {
      for await (const chunk of answer.body.encoded()) {
        position += chunk.length;
        attempts.startAnew();
        yield chunk;
      }
      return;
    } catch (error) {
      request.signal?.throwIfAborted();
      if (!(error instanceof NetworkFault)) throw error;
      await attempts.waitAfter(client.brokenOff(request, error));
    }
  }
}

function unexpected(address: string, state: string): MpError {
  return new MpError(`Cannot read ${address}: ${state}`, { category: "server", code: "unexpected_answer" });
}

function noList(address: string): MpError {
  return new MpError(`Cannot list ${address}: the store's answer is not a list of objects`, {
    category: "server",
    code: "unexpected_answer",
    hint: "check AWS_ENDPOINT_URL",
  });
}
