/**
 * A strict object store on 127.0.0.1: it checks signatures, hashes, the order and size of parts, ranges and conditions, and
 * can fail in the ways in which stores do. One bucket, `bucket`, path-style addresses.
 */
import { createHash } from "node:crypto";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { type Keys, signatureFault } from "./s3_signature.ts";

export interface S3Request {
  method: string;
  key: string;
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
  body: Uint8Array;
}

/**
 * How a request goes wrong: an error of the store, a connection that ends before the answer or within its body, an answer
 * that is lost after the work was done, or an error behind a head that says 200.
 */
export type S3Fault =
  | { code: string; status: number; headers?: Record<string, string> }
  | "reset"
  | "cut"
  | "lost_answer"
  | "error_in_success";

export interface S3Server {
  readonly url: string;
  /** The variables that a program needs to use it. */
  readonly env: Record<string, string>;
  readonly objects: Map<string, { bytes: Uint8Array; etag: string; headers?: Record<string, string> }>;
  readonly uploads: Map<string, { key: string; parts: Map<number, Uint8Array> }>;
  /** What was asked, whether or not it was granted. */
  readonly requests: S3Request[];
  /** What errors say in place of their usual words. */
  says?: string;
  /** Lets the next requests that match go wrong, each `times` times. */
  fault(matches: (request: S3Request) => boolean, fault: S3Fault, times?: number): void;
  text(key: string): string | undefined;
  stop(): Promise<void>;
}

export interface S3ServerOptions {
  /** Entries of a page of any list. */
  pageSize?: number;
  /** Of all parts but the last: a real store's is 5 MiB. */
  partMinimumBytes?: number;
  region?: string;
  sessionToken?: string;
  /** Serves HTTPS with this certificate; with `ca`, only to who shows one of that authority. All are PEM texts. */
  tls?: { key: string; cert: string; ca?: string };
}

class Refusal extends Error {
  constructor(readonly status: number, readonly code: string, readonly headers: Record<string, string> = {}) {
    super(code);
  }
}

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

export async function startS3Server(options: S3ServerOptions = {}): Promise<S3Server> {
  const { pageSize = 1000, partMinimumBytes = 5 * 1024 * 1024, region = "eu-central-1", sessionToken, tls } = options;
  const keys: Keys = { accessKeyId: "AKIATEST", secretAccessKey: "test+secret/key", sessionToken, region };
  const objects: S3Server["objects"] = new Map();
  const uploads: S3Server["uploads"] = new Map();
  const requests: S3Request[] = [];
  const faults: { matches: (request: S3Request) => boolean; fault: S3Fault; left: number }[] = [];
  let uploadCount = 0;

  function answerTo(request: S3Request): Answer {
    const { method, key, query, headers, body } = request;
    checkDigest(headers, body);
    if (key === "") {
      if (method === "GET" && query.get("list-type") === "2") return listObjects(query);
      if (method === "GET" && query.has("uploads")) return listUploads(query);
    } else if (query.has("uploadId")) {
      const upload = uploads.get(query.get("uploadId")!);
      if (upload === undefined || upload.key !== key) throw new Refusal(404, "NoSuchUpload");
      if (method === "PUT") return putPart(upload, Number(query.get("partNumber")), body);
      if (method === "GET") return listParts(upload, Number(query.get("part-number-marker") ?? 0));
      if (method === "POST") return complete(query.get("uploadId")!, upload, new TextDecoder().decode(body));
      if (method === "DELETE") {
        uploads.delete(query.get("uploadId")!);
        return { status: 204 };
      }
    } else if (method === "POST" && query.has("uploads")) {
      const id = `upload-${++uploadCount}`;
      uploads.set(id, { key, parts: new Map() });
      return { body: `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>` };
    } else if (method === "PUT") {
      const etag = md5(body);
      objects.set(key, { bytes: body, etag });
      return { headers: { etag: `"${etag}"` } };
    } else if (method === "DELETE") {
      objects.delete(key);
      return { status: 204 };
    } else if (method === "GET" || method === "HEAD") return getObject(key, headers);
    throw new Refusal(501, "NotImplemented");
  }

  function checkDigest(headers: S3Request["headers"], body: Uint8Array): void {
    const digest = headers["content-md5"];
    if (digest === undefined || digest === createHash("md5").update(body).digest("base64")) return;
    throw new Refusal(400, "BadDigest");
  }

  function putPart(upload: { parts: Map<number, Uint8Array> }, number: number, body: Uint8Array): Answer {
    if (!Number.isInteger(number) || number < 1 || number > 10_000) throw new Refusal(400, "InvalidArgument");
    upload.parts.set(number, body);
    return { headers: { etag: `"${md5(body)}"` } };
  }

  function complete(id: string, upload: { key: string; parts: Map<number, Uint8Array> }, text: string): Answer {
    const named = [...text.matchAll(/<Part>.*?<\/Part>/gs)].map(([part]) => ({
      number: Number(/<PartNumber>(\d+)<\/PartNumber>/.exec(part)?.[1]),
      etag: /<ETag>(?:&quot;|")?([0-9a-f]+)(?:&quot;|")?<\/ETag>/.exec(part)?.[1],
    }));
    if (named.length === 0) throw new Refusal(400, "MalformedXML");
    const bodies: Uint8Array[] = [];
    let before = 0;
    for (const [index, { number, etag }] of named.entries()) {
      const part = upload.parts.get(number);
      if (part === undefined || md5(part) !== etag) throw new Refusal(400, "InvalidPart");
      if (number <= before) throw new Refusal(400, "InvalidPartOrder");
      if (index < named.length - 1 && part.length < partMinimumBytes) throw new Refusal(400, "EntityTooSmall");
      before = number;
      bodies.push(part);
    }
    const etag = `${md5(Buffer.concat(bodies.map((part) => Buffer.from(md5(part), "hex"))))}-${bodies.length}`;
    objects.set(upload.key, { bytes: new Uint8Array(Buffer.concat(bodies)), etag });
    uploads.delete(id);
    return { body: `<CompleteMultipartUploadResult><ETag>"${etag}"</ETag></CompleteMultipartUploadResult>` };
  }

  function getObject(key: string, headers: S3Request["headers"]): Answer {
    const object = objects.get(key);
    if (object === undefined) throw new Refusal(404, "NoSuchKey");
    const condition = headers["if-match"];
    if (condition !== undefined && condition !== `"${object.etag}"`) throw new Refusal(412, "PreconditionFailed");
    const common = { etag: `"${object.etag}"`, "accept-ranges": "bytes", ...object.headers };
    const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "");
    if (range === null) return { headers: common, body: object.bytes };
    const start = Number(range[1]);
    if (start >= object.bytes.length) throw new Refusal(416, "InvalidRange");
    const body = object.bytes.subarray(start, range[2] === "" ? undefined : Number(range[2]) + 1);
    const place = `bytes ${start}-${start + body.length - 1}/${object.bytes.length}`;
    return { status: 206, headers: { ...common, "content-range": place }, body };
  }

  function listObjects(query: URLSearchParams): Answer {
    const prefix = query.get("prefix") ?? "";
    const after = query.get("continuation-token")?.replace(/^after:/, "") ?? "";
    const found = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = found.slice(0, pageSize);
    const encode = (key: string) =>
      query.get("encoding-type") === "url" ? new URLSearchParams([["", key]]).toString().slice(1) : escape(key);
    const contents = page.map((key) =>
      `<Contents><Key>${encode(key)}</Key><ETag>&quot;${objects.get(key)!.etag}&quot;</ETag>` +
      `<Size>${objects.get(key)!.bytes.length}</Size></Contents>`
    );
    return {
      body: `<?xml version="1.0"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><EncodingType>${
        query.get("encoding-type") ?? ""
      }</EncodingType>${contents.join("")}${
        truncation("ContinuationToken", found.length > page.length, `after:${page.at(-1)}`)
      }</ListBucketResult>`,
    };
  }

  function listUploads(query: URLSearchParams): Answer {
    const found = [...uploads].filter(([, { key }]) => key.startsWith(query.get("prefix") ?? ""));
    const entries = found.map(([id, { key }]) =>
      `<Upload><Key>${escape(key)}</Key><UploadId>${id}</UploadId><Initiated>2026-01-01T00:00:0${
        id.slice(7)
      }.000Z</Initiated></Upload>`
    );
    return { body: `<ListMultipartUploadsResult>${entries.join("")}</ListMultipartUploadsResult>` };
  }

  function listParts({ parts }: { parts: Map<number, Uint8Array> }, marker: number): Answer {
    const found = [...parts].filter(([number]) => number > marker).sort(([a], [b]) => a - b);
    const page = found.slice(0, pageSize);
    const entries = page.map(([number, part]) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>&quot;${md5(part)}&quot;</ETag><Size>${part.length}</Size></Part>`
    );
    const rest = truncation("PartNumberMarker", found.length > page.length, String(page.at(-1)?.[0]));
    return { body: `<ListPartsResult>${entries.join("")}${rest}</ListPartsResult>` };
  }

  function authorized(request: S3Request, target: string): void {
    const fault = signatureFault({ ...request, target }, keys);
    if (fault === undefined) return;
    throw new Refusal(fault === "AuthorizationHeaderMalformed" ? 400 : 403, fault);
  }

  const onRequest: http.RequestListener = async (incoming, outgoing) => {
    const target = incoming.url ?? "/";
    const [path = "", search = ""] = target.split("?");
    const [, bucket = "", ...parts] = path.split("/").map(decodeURIComponent);
    const chunks: Uint8Array[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const request: S3Request = {
      method: incoming.method ?? "",
      key: parts.join("/"),
      query: new URLSearchParams(search),
      headers: incoming.headers as Record<string, string | undefined>,
      body: new Uint8Array(Buffer.concat(chunks)),
    };
    requests.push(request);
    const planned = faults.find(({ matches, left }) => left > 0 && matches(request));
    if (planned !== undefined) planned.left--;
    const fault = planned?.fault;
    if (fault === "reset") return void incoming.socket.destroy();
    let answer: Answer;
    try {
      if (typeof fault === "object" && fault.code === "ExpiredToken") throw new Refusal(fault.status, fault.code);
      authorized(request, target);
      if (bucket !== "bucket") throw new Refusal(404, "NoSuchBucket");
      if (typeof fault === "object") throw new Refusal(fault.status, fault.code, fault.headers);
      answer = fault === "error_in_success" ? { body: errorText("InternalError") } : answerTo(request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answer = { status: error.status, headers: error.headers, body: errorText(error.code, store.says) };
    }
    if (fault === "lost_answer") return void incoming.socket.destroy();
    const { status = 200, headers = {}, body = "" } = answer;
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    const length: Record<string, string> = status === 204 ? {} : { "content-length": String(bytes.length) };
    outgoing.writeHead(status, { ...headers, ...length, "x-amz-request-id": "REQUEST1" });
    if (fault === "cut") {
      outgoing.write(bytes.subarray(0, bytes.length >> 1));
      return void setTimeout(() => incoming.socket.destroy(), 20);
    }
    outgoing.end(request.method === "HEAD" ? undefined : bytes);
  };
  const server = tls === undefined
    ? http.createServer(onRequest)
    : https.createServer({ ...tls, requestCert: tls.ca !== undefined, rejectUnauthorized: true }, onRequest);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `${tls === undefined ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store: S3Server = {
    url,
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
      // Nobody's own files are to be read.
      AWS_SHARED_CREDENTIALS_FILE: "/nonexistent",
      AWS_CONFIG_FILE: "/nonexistent",
    },
    objects,
    uploads,
    requests,
    fault: (matches, fault, times = 1) => void faults.push({ matches, fault, left: times }),
    text: (key) => objects.has(key) ? new TextDecoder().decode(objects.get(key)!.bytes) : undefined,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
  return store;
}

const md5 = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");
const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const errorText = (code: string, message = `Said by the test: ${code}`): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escape(message)}</Message></Error>`;

function truncation(name: string, isTruncated: boolean, next: string): string {
  return `<IsTruncated>${isTruncated}</IsTruncated>${isTruncated ? `<Next${name}>${next}</Next${name}>` : ""}`;
}
