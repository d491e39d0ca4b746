/** Objects, lists and multipart uploads in the XML that S3 and Google Cloud Storage share. */
import { createHash } from "node:crypto";
import {
  escapeText,
  objectAnswer,
  Refusal,
  type StoreAnswer,
  type StoredObject,
  type StoreRequest,
} from "./store_server.ts";

export interface Upload {
  key: string;
  parts: Map<number, Uint8Array>;
}

export interface MultipartStore {
  objects: Map<string, StoredObject>;
  uploads: Map<string, Upload>;
  answer(request: StoreRequest): StoreAnswer;
}

export interface MultipartOptions {
  /** Entries of a page of any list. */
  pageSize?: number;
  /** Of all parts but the last: a real store's is 5 MiB. */
  partMinimumBytes?: number;
}

export function multipartStore(options: MultipartOptions): MultipartStore {
  const { pageSize = 1000, partMinimumBytes = 5 * 1024 * 1024 } = options;
  const objects: MultipartStore["objects"] = new Map();
  const uploads: MultipartStore["uploads"] = new Map();
  let uploadCount = 0;

  function answer(request: StoreRequest): StoreAnswer {
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
    } else if (method === "GET" || method === "HEAD") {
      return objectAnswer(objects.get(key), headers, { missing: "NoSuchKey", changed: "PreconditionFailed" });
    }
    throw new Refusal(501, "NotImplemented");
  }

  function checkDigest(headers: StoreRequest["headers"], body: Uint8Array): void {
    const digest = headers["content-md5"];
    if (digest === undefined || digest === createHash("md5").update(body).digest("base64")) return;
    throw new Refusal(400, "BadDigest");
  }

  function putPart(upload: Upload, number: number, body: Uint8Array): StoreAnswer {
    if (!Number.isInteger(number) || number < 1 || number > 10_000) throw new Refusal(400, "InvalidArgument");
    upload.parts.set(number, body);
    return { headers: { etag: `"${md5(body)}"` } };
  }

  function complete(id: string, upload: Upload, text: string): StoreAnswer {
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

  function listObjects(query: URLSearchParams): StoreAnswer {
    const prefix = query.get("prefix") ?? "";
    const after = query.get("continuation-token")?.replace(/^after:/, "") ?? "";
    const found = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = found.slice(0, pageSize);
    const encode = (key: string) =>
      query.get("encoding-type") === "url" ? new URLSearchParams([["", key]]).toString().slice(1) : escapeText(key);
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

  function listUploads(query: URLSearchParams): StoreAnswer {
    const found = [...uploads].filter(([, { key }]) => key.startsWith(query.get("prefix") ?? ""));
    const entries = found.map(([id, { key }]) =>
      `<Upload><Key>${escapeText(key)}</Key><UploadId>${id}</UploadId><Initiated>2026-01-01T00:00:0${
        id.slice(7)
      }.000Z</Initiated></Upload>`
    );
    return { body: `<ListMultipartUploadsResult>${entries.join("")}</ListMultipartUploadsResult>` };
  }

  function listParts({ parts }: Upload, marker: number): StoreAnswer {
    const found = [...parts].filter(([number]) => number > marker).sort(([a], [b]) => a - b);
    const page = found.slice(0, pageSize);
    const entries = page.map(([number, part]) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>&quot;${md5(part)}&quot;</ETag><Size>${part.length}</Size></Part>`
    );
    const rest = truncation("PartNumberMarker", found.length > page.length, String(page.at(-1)?.[0]));
    return { body: `<ListPartsResult>${entries.join("")}${rest}</ListPartsResult>` };
  }

  return { objects, uploads, answer };
}

const md5 = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");

/** An error as both write it. */
export const errorText = (code: string, message = `Said by the test: ${code}`): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${
    escapeText(message)
  }</Message></Error>`;

function truncation(name: string, isTruncated: boolean, next: string): string {
  return `<IsTruncated>${isTruncated}</IsTruncated>${isTruncated ? `<Next${name}>${next}</Next${name}>` : ""}`;
}
