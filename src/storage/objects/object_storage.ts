/** A prefix in a bucket as a storage, on any object store. */
import { inputError } from "../../errors.ts";
import { NetworkFault } from "../../runtime/network/network_fault.ts";
import { checkSegments, type ObjectAddress } from "./address.ts";
import type { Storage, StoredInfo } from "../storage.ts";
import { type PartProtocol, PartUpload } from "./part_upload.ts";
import type { StoreClient, StoreClientOptions, StoreRequest } from "./store_client.ts";
import { unexpectedAnswer, unlessRefused } from "./store_errors.ts";

export interface ObjectStorageOptions extends StoreClientOptions {
  signal?: AbortSignal;
  /** Default 8 MiB. */
  partBytes?: number;
}

/** A page of a list of objects, in the order of their keys. */
export interface ObjectPage {
  objects: ({ key: string } & StoredInfo)[];
  /** What asks for the next page. */
  next?: string;
}

/** An object's place, and what it is called in messages. */
export type ObjectPlace = Pick<StoreRequest, "key" | "address">;

/** What a store does in its own way with objects. */
export interface ObjectStore {
  client: StoreClient;
  /** The code that says that an object, and not its bucket, is missing. */
  missingCode: string;
  /** Headers of requests for an object's bytes or size. */
  readHeaders?: Readonly<Record<string, string>>;
  /** Headers of requests that put a whole object. */
  putHeaders?: Readonly<Record<string, string>>;
  /** The header with the size of what is stored, where `content-length` may be another. */
  sizeHeader?: string;
  listRequest(prefix: string, marker: string | undefined): Pick<StoreRequest, "key" | "query">;
  /** Undefined for a text that is no list. */
  readPage(text: string): ObjectPage | undefined;
  parts(place: ObjectPlace): PartProtocol;
  /** What to look at when answers are not those of such a store. */
  endpointHint: string;
}

const PART_BYTES = 8 * 1024 * 1024;

export function objectStorage(place: ObjectAddress, store: ObjectStore, options: ObjectStorageOptions): Storage {
  const { prefix, address, form } = place;
  const { client } = store;
  const { signal, partBytes = PART_BYTES } = options;
  const base = prefix === "" ? "" : `${prefix}/`;
  const addressOf = (path: string) => `${address}/${path}`;

  /** The object of a path, and what messages call it. */
  const placeOf = (path: string): ObjectPlace => {
    if (path === "") throw inputError(`Cannot use ${address}/: it names no object`, undefined, "bad_path");
    checkSegments(path, addressOf(path), form);
    return { key: base + path, address: addressOf(path) };
  };
  const reading = (path: string) => ({ ...placeOf(path), signal, verb: "read", headers: store.readHeaders });
  const writing = (path: string) => ({ ...placeOf(path), signal, verb: "write", headers: store.putHeaders });

  return {
    address,
    addressOf,
    async info(path) {
      const answer = await client.send({ method: "HEAD", ...reading(path), accepted: [404] });
      await answer.body.cancel();
      if (answer.status === 404) return undefined;
      const { sizeHeader = "content-length" } = store;
      const length = answer.headers.get(sizeHeader) ?? answer.headers.get("content-length");
      if (length === null) {
        throw unexpectedAnswer({ verb: "read", address: addressOf(path) }, "the store does not tell its size");
      }
      return { sizeBytes: Number(length), version: withoutQuotes(answer.headers.get("etag") ?? "") };
    },
    list: (start = "") => listed(store, base, start, address, signal),
    read: (path, range) => bytesOf(client, { method: "GET", ...reading(path) }, range),
    async readText(path) {
      const asked = client.sendForText({ method: "GET", ...reading(path) });
      return (await unlessRefused(asked, store.missingCode))?.text;
    },
    async writeText(path, text) {
      const body = new TextEncoder().encode(text);
      await client.sendForText({ method: "PUT", ...writing(path), body });
    },
    create: (path) =>
      Promise.try(() => new PartUpload(store.parts(placeOf(path)), { address: addressOf(path), partBytes, signal })),
    probe: (path) => Promise.try(() => store.parts(placeOf(path)).probe()),
    async remove(path) {
      const answer = await client.send({ method: "DELETE", ...placeOf(path), signal, verb: "remove", accepted: [404] });
      await answer.body.cancel();
    },
  };
}

/** An entity tag as it is compared. */
export const withoutQuotes = (etag: string): string => etag.replace(/^"|"$/g, "");

/** Objects come in pages, in the order of their keys. */
async function* listed(
  store: ObjectStore,
  base: string,
  start: string,
  address: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ path: string } & StoredInfo> {
  let marker: string | undefined;
  for (;;) {
    const asked = store.listRequest(base + start, marker);
    const { text } = await store.client.sendForText({ method: "GET", ...asked, verb: "list", address, signal });
    const page = store.readPage(text);
    if (page === undefined || (page.next !== undefined && page.next === marker)) {
      throw unexpectedAnswer(
        { verb: "list", address },
        "the store's answer is not a list of objects",
        store.endpointHint,
      );
    }
    for (const { key, ...info } of page.objects) {
      if (key.startsWith(base) && key !== base && Number.isSafeInteger(info.sizeBytes)) {
        yield { path: key.slice(base.length), ...info };
      }
    }
    if (page.next === undefined) return;
    marker = page.next;
  }
}

/** The bytes of one version of an object: when the connection breaks, the rest is asked for. */
async function* bytesOf(
  client: StoreClient,
  request: StoreRequest,
  { start = 0, end }: { start?: number; end?: number } = {},
): AsyncGenerator<Uint8Array> {
  let position = start;
  let etag: string | null = null;
  const attempts = client.bodyAttempts(request.signal);
  while (end === undefined || position < end) {
    const headers: Record<string, string> = { ...request.headers };
    if (position > 0 || end !== undefined) headers.range = `bytes=${position}-${end === undefined ? "" : end - 1}`;
    if (etag !== null) headers["if-match"] = etag;
    const answer = await client.send({ ...request, headers, accepted: [416] });
    // There is nothing from this position on.
    if (answer.status === 416) return await answer.body.cancel();
    etag ??= answer.headers.get("etag");
    if (headers.range !== undefined && answer.status !== 206) {
      await answer.body.cancel();
      throw unexpectedAnswer(request, "the store cannot send a part of an object");
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
