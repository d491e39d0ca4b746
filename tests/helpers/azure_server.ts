/**
 * A strict Azure Blob Storage on 127.0.0.1: it checks signatures, digests, the ids of blocks, ranges and conditions. One
 * container, `bucket`, of the account `devstoreaccount1`, whose name is a part of the path as with emulators.
 */
import { createHash, createHmac } from "node:crypto";
import {
  escapeText,
  objectAnswer,
  Refusal,
  type ServerOptions,
  startStoreServer,
  type StoreAnswer,
  type StoredObject,
  type StoreRequest,
  type StoreServer,
} from "./store_server.ts";

export interface AzureServer extends StoreServer {
  /** Variables for the account's key, for a signature, and for a connection string. */
  readonly keyEnv: Record<string, string>;
  readonly sasEnv: Record<string, string>;
  readonly connectionEnv: Record<string, string>;
  /** Blocks that belong to no blob yet, by key and id. */
  readonly blocks: Map<string, Map<string, Uint8Array>>;
}

export interface AzureServerOptions extends ServerOptions {
  /** Entries of a page of a list. */
  pageSize?: number;
  now(): number;
}

const ACCOUNT = "devstoreaccount1";
const KEY = Buffer.from("a key of the account, of any length").toString("base64");
const SAS = "sv=2021-02-12&sp=racwdl&sr=c&sig=a%2Fsignature%2Bword%3D";
const SKEW_MS = 15 * 60_000;

export async function startAzureServer(options: AzureServerOptions): Promise<AzureServer> {
  const { pageSize = 5000 } = options;
  const objects = new Map<string, StoredObject>();
  const blocks: AzureServer["blocks"] = new Map();
  /** Blocks of which blobs are made. */
  const committed = new Map<string, Map<string, Uint8Array>>();
  let changes = 0;

  function authorize(request: StoreRequest): void {
    const { headers, query } = request;
    if (!/^20\d\d-\d\d-\d\d$/.test(headers["x-ms-version"] ?? "")) throw new Refusal(400, "InvalidHeaderValue");
    if (query.has("sig")) {
      const wanted = new URLSearchParams(SAS);
      if ([...wanted].some(([name, value]) => query.get(name) !== value)) {
        throw new Refusal(403, "AuthenticationFailed");
      }
    } else if (headers.authorization === undefined) throw new Refusal(401, "NoAuthenticationInformation");
    else {
      const signedMs = Date.parse(headers["x-ms-date"] ?? "");
      const isTimely = Math.abs(signedMs - options.now()) <= SKEW_MS;
      const signature = createHmac("sha256", Buffer.from(KEY, "base64")).update(textToSign(request)).digest("base64");
      if (!isTimely || headers.authorization !== `SharedKey ${ACCOUNT}:${signature}`) {
        throw new Refusal(403, "AuthenticationFailed", { date: new Date(options.now()).toUTCString() });
      }
    }
    if (request.parts[0] !== ACCOUNT) throw new Refusal(404, "ResourceNotFound");
    if (request.parts[1] !== "bucket") throw new Refusal(404, "ContainerNotFound");
  }

  function put(key: string, bytes: Uint8Array, parts: Map<string, Uint8Array>): StoreAnswer {
    const etag = `0x${(++changes).toString(16).padStart(8, "0")}`;
    objects.set(key, { bytes, etag });
    committed.set(key, parts);
    // What was begun and is not part of the blob is gone.
    blocks.delete(key);
    return { status: 201, headers: { etag: `"${etag}"` } };
  }

  function answer(request: StoreRequest): StoreAnswer {
    const { method, key, query, headers, body } = request;
    const digest = headers["content-md5"];
    if (digest !== undefined && digest !== createHash("md5").update(body).digest("base64")) {
      throw new Refusal(400, "Md5Mismatch");
    }
    const comp = query.get("comp");
    if (key === "") {
      if (method === "GET" && comp === "list" && query.get("restype") === "container") return list(query);
    } else if (method === "PUT" && comp === "block") return putBlock(key, query.get("blockid") ?? "", body);
    else if (method === "PUT" && comp === "blocklist") return putBlockList(key, new TextDecoder().decode(body));
    else if (method === "GET" && comp === "blocklist") return blockList(key);
    else if (method === "PUT" && comp === null) {
      if (headers["x-ms-blob-type"] !== "BlockBlob") throw new Refusal(400, "MissingRequiredHeader");
      const condition = headers["if-match"];
      if (condition !== undefined && condition !== `"${objects.get(key)?.etag}"`) {
        throw new Refusal(412, "ConditionNotMet");
      }
      return put(key, body, new Map());
    } else if (method === "DELETE") {
      if (!objects.delete(key)) throw new Refusal(404, "BlobNotFound");
      return { status: 202 };
    } else if (method === "GET" || method === "HEAD") {
      return objectAnswer(objects.get(key), headers, { missing: "BlobNotFound", changed: "ConditionNotMet" });
    }
    throw new Refusal(400, "UnsupportedHttpVerb");
  }

  function putBlock(key: string, id: string, body: Uint8Array): StoreAnswer {
    if (body.length === 0) throw new Refusal(400, "InvalidHeaderValue");
    const size = Buffer.from(id, "base64").length;
    const of = blocks.get(key) ?? new Map<string, Uint8Array>();
    const others = [...of.keys()].some((other) => Buffer.from(other, "base64").length !== size);
    if (size === 0 || size > 64 || others) throw new Refusal(400, "InvalidBlobOrBlock");
    blocks.set(key, of.set(id, body));
    return { status: 201 };
  }

  function putBlockList(key: string, text: string): StoreAnswer {
    const parts = new Map<string, Uint8Array>();
    const bodies = [...text.matchAll(/<Latest>([^<]+)<\/Latest>/g)].map(([, id = ""]) => {
      const body = blocks.get(key)?.get(id) ?? committed.get(key)?.get(id);
      if (body === undefined) throw new Refusal(400, "InvalidBlockList");
      parts.set(id, body);
      return body;
    });
    return put(key, new Uint8Array(Buffer.concat(bodies)), parts);
  }

  function blockList(key: string): StoreAnswer {
    if (!objects.has(key) && !blocks.has(key)) throw new Refusal(404, "BlobNotFound");
    const entries = [...blocks.get(key) ?? []].map(([id, body]) =>
      `<Block><Name>${id}</Name><Size>${body.length}</Size></Block>`
    );
    return { body: xml(`<BlockList><UncommittedBlocks>${entries.join("")}</UncommittedBlocks></BlockList>`) };
  }

  function list(query: URLSearchParams): StoreAnswer {
    const after = query.get("marker") ?? "";
    const found = [...objects.keys()].filter((key) => key.startsWith(query.get("prefix") ?? "") && key > after).sort();
    const page = found.slice(0, pageSize);
    const entries = page.map((key) =>
      `<Blob>${nameElement(key)}<Properties><Etag>${objects.get(key)!.etag}</Etag><Content-Length>${
        objects.get(key)!.bytes.length
      }</Content-Length></Properties></Blob>`
    );
    const next = found.length > page.length ? `<NextMarker>${escapeText(page.at(-1)!)}</NextMarker>` : "<NextMarker />";
    return { body: xml(`<EnumerationResults><Blobs>${entries.join("")}</Blobs>${next}</EnumerationResults>`) };
  }

  const server = await startStoreServer({
    objects,
    authorize,
    answer,
    keyOf: (parts) => parts.slice(2).join("/"),
    headers: (code) => ({ "x-ms-request-id": "REQUEST1", ...(code === undefined ? {} : { "x-ms-error-code": code }) }),
    errorText: (code, says = `Said by the test: ${code}`) =>
      xml(`<Error><Code>${code}</Code><Message>${escapeText(says)}\nRequestId:REQUEST1\nTime:now</Message></Error>`),
  }, options);
  const endpoint = `${server.url}/${ACCOUNT}`;
  return Object.assign(server, {
    blocks,
    keyEnv: { AZURE_STORAGE_ACCOUNT: ACCOUNT, AZURE_STORAGE_KEY: KEY, AZURE_STORAGE_SERVICE_ENDPOINT: endpoint },
    sasEnv: { AZURE_STORAGE_SAS_TOKEN: `?${SAS}`, AZURE_STORAGE_SERVICE_ENDPOINT: endpoint },
    connectionEnv: {
      AZURE_STORAGE_CONNECTION_STRING: `AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${endpoint};`,
    },
  });
}

const xml = (text: string): string => `\ufeff<?xml version="1.0" encoding="utf-8"?>${text}`;

/** Names that XML cannot hold are encoded. */
function nameElement(key: string): string {
  // deno-lint-ignore no-control-regex -- they are what XML cannot hold
  if (!/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(key)) return `<Name>${escapeText(key)}</Name>`;
  return `<Name Encoded="true">${encodeURIComponent(key)}</Name>`;
}

/** What the key signs, by the published rules of "Authorize with Shared Key", written apart from the client's. */
function textToSign({ method, target, headers, body }: StoreRequest): string {
  const [path = "", search = ""] = target.split("?");
  const of = (name: string) => headers[name] ?? "";
  const own = Object.keys(headers).filter((name) => name.startsWith("x-ms-")).sort();
  const byName = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(search.replaceAll("+", "%2B"))) {
    byName.set(name.toLowerCase(), [...byName.get(name.toLowerCase()) ?? [], value]);
  }
  return `${method}\n${of("content-encoding")}\n${of("content-language")}\n${body.length || ""}\n${
    of("content-md5")
  }\n` +
    `${of("content-type")}\n${of("date")}\n${of("if-modified-since")}\n${of("if-match")}\n${of("if-none-match")}\n` +
    `${of("if-unmodified-since")}\n${of("range")}\n${own.map((name) => `${name}:${of(name).trim()}\n`).join("")}` +
    `/${ACCOUNT}${path}` +
    [...byName.keys()].sort().map((name) => `\n${name}:${byName.get(name)!.sort().join(",")}`).join("");
}
