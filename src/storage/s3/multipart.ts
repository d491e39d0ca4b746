/**
 * Multipart uploads, as S3 has them and Google Cloud Storage's XML API does.
 *
 * What a killed run has uploaded is used again: parts of an unfinished upload of the same key whose number, size and MD5
 * are those of the parts now to be sent are not sent a second time.
 */
import { MpError } from "../../errors.ts";
import { bytesOfHex, md5Hex } from "../../runtime/md5.ts";
import { type ObjectPlace, withoutQuotes } from "../objects/object_storage.ts";
import type { Part, PartProtocol } from "../objects/part_upload.ts";
import type { StoreClient, StoreRequest } from "../objects/store_client.ts";
import { unexpectedAnswer, unlessRefused } from "../objects/store_errors.ts";
import { escapeXml } from "../../streams/escape_xml.ts";
import { childrenOf, parseXml, textOf, type XmlElement } from "../objects/xml.ts";

interface StoredPart {
  etag: string;
  sizeBytes: number;
}

/** Codes by which a store, or the rights of a key, leave a question unanswered. */
const UNANSWERED = ["AccessDenied", "NotImplemented", "MethodNotAllowed", "NoSuchUpload"];

export class MultipartUpload implements PartProtocol {
  readonly mostParts = 10_000;
  readonly #client: StoreClient;
  readonly #place: ObjectPlace;
  /** By number, from 1. */
  readonly #sent = new Map<number, string>();
  readonly #earlier = new Map<number, StoredPart>();
  #uploadId: string | undefined;

  constructor(client: StoreClient, place: ObjectPlace) {
    this.#client = client;
    this.#place = place;
  }

  /** By beginning an upload and taking it back. */
  async probe(): Promise<void> {
    this.#uploadId = await unlessRefused(this.#start(), "NotImplemented", "MethodNotAllowed");
    await this.abort();
  }

  async putWhole(body: Uint8Array, signal: AbortSignal): Promise<void> {
    await this.#client.sendForText(this.#request("PUT", { body, signal }));
  }

  async begin(signal: AbortSignal): Promise<void> {
    this.#uploadId = await this.#resume(signal) ?? await this.#start(signal);
  }

  async send({ number, body, md5 }: Part, signal: AbortSignal): Promise<void> {
    const earlier = this.#earlier.get(number);
    if (earlier?.sizeBytes === body.length && earlier.etag === md5) return void this.#sent.set(number, md5);
    const query = { partNumber: String(number), uploadId: this.#uploadId! };
    const { headers } = await this.#client.sendForText(this.#request("PUT", { query, body, signal }));
    this.#sent.set(number, withoutQuotes(headers.get("etag") ?? md5));
  }

  async complete(hashes: readonly string[], signal: AbortSignal): Promise<void> {
    const parts = [...this.#sent].sort(([one], [other]) => one - other).map(([number, etag]) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>${escapeXml(`"${etag}"`)}</ETag></Part>`
    );
    const body = new TextEncoder().encode(`<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`);
    const asked = this.#client.sendForText({
      ...this.#request("POST", { query: { uploadId: this.#uploadId! }, body, signal }),
      headers: { "content-type": "application/xml" },
    });
    const answer = await unlessRefused(asked, "NoSuchUpload");
    // It is gone when an earlier attempt has completed it and the answer was lost.
    if (answer === undefined && !await this.#isThere(hashes, signal)) throw this.#unexpected("the upload is gone");
    this.#uploadId = undefined;
  }

  async abort(): Promise<void> {
    if (this.#uploadId === undefined) return;
    const query = { uploadId: this.#uploadId };
    this.#uploadId = undefined;
    try {
      await this.#client.sendForText({ ...this.#request("DELETE", { query }), accepted: [404] });
    } catch (error) {
      // What cannot be taken back is no file, and the next upload of the key goes on from it. So nothing is said about it.
      if (!(error instanceof MpError)) throw error;
    }
  }

  async #start(signal?: AbortSignal): Promise<string> {
    const { text } = await this.#client.sendForText(this.#request("POST", { query: { uploads: "" }, signal }));
    const root = parseXml(text);
    const id = root && textOf(root, "UploadId");
    if (id) return id;
    throw this.#unexpected("it gave no number for an upload");
  }

  /** The newest unfinished upload of this key, with its parts; undefined where there is none or the store does not say. */
  async #resume(signal: AbortSignal): Promise<string | undefined> {
    const { key } = this.#place;
    const root = await this.#asked("", { uploads: "", prefix: key, "max-uploads": "100" }, signal);
    const uploads = root === undefined
      ? []
      : childrenOf(root, "Upload").filter((upload) => textOf(upload, "Key") === key);
    const newest = uploads.sort((a, b) => started(a) < started(b) ? 1 : -1)[0];
    const id = newest && textOf(newest, "UploadId");
    if (!id) return undefined;
    for (let marker = "0";;) {
      const list = await this.#asked(key, { uploadId: id, "part-number-marker": marker }, signal);
      // It has been completed or taken back since.
      if (list === undefined) return undefined;
      for (const part of childrenOf(list, "Part")) {
        const [number, sizeBytes] = [Number(textOf(part, "PartNumber")), Number(textOf(part, "Size"))];
        this.#earlier.set(number, { etag: withoutQuotes(textOf(part, "ETag") ?? ""), sizeBytes });
      }
      const next = textOf(list, "NextPartNumberMarker");
      if (textOf(list, "IsTruncated") !== "true" || !next || next === marker) return id;
      marker = next;
    }
  }

  /** The answer to a question that a store need not understand, nor a key be allowed to ask. */
  async #asked(key: string, query: Record<string, string>, signal: AbortSignal): Promise<XmlElement | undefined> {
    const asked = this.#client.sendForText({ ...this.#request("GET", { query, signal }), key });
    const answer = await unlessRefused(asked, ...UNANSWERED);
    return answer && parseXml(answer.text);
  }

  async #isThere(hashes: readonly string[], signal: AbortSignal): Promise<boolean> {
    const { headers, body } = await this.#client.send({ ...this.#request("HEAD", { signal }), accepted: [404] });
    await body.cancel();
    const whole = md5Hex(...hashes.map(bytesOfHex));
    return withoutQuotes(headers.get("etag") ?? "") === `${whole}-${hashes.length}`;
  }

  #request(
    method: StoreRequest["method"],
    rest: Pick<StoreRequest, "query" | "body" | "signal">,
  ): StoreRequest {
    return { method, ...this.#place, verb: "write", ...rest };
  }

  #unexpected(state: string): MpError {
    return unexpectedAnswer({ verb: "write", address: this.#place.address }, state, "run the command again");
  }
}

const started = (upload: XmlElement): string => textOf(upload, "Initiated") ?? "";
