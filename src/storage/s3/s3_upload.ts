/**
 * Uploads a file in parts, several at once, and completes it when it is whole.
 *
 * What a killed run has uploaded is used again: parts of an unfinished upload of the same key whose number, size and MD5
 * are those of the parts now to be sent are not sent a second time.
 */
import { MpError } from "../../errors.ts";
import { bytesOfHex, md5Hex } from "../../runtime/md5.ts";
import type { S3Client, S3Request } from "./s3_client.ts";
import { unlessRefused } from "./s3_errors.ts";
import type { StoredFile } from "../storage.ts";
import { childrenOf, escapeXml, parseXml, textOf, type XmlElement } from "./xml.ts";

export interface UploadOptions {
  client: S3Client;
  key: string;
  address: string;
  /** Of a part; a store takes no smaller ones than 5 MiB, but for the last. */
  partBytes: number;
  /** Parts that are sent at the same time. */
  concurrency: number;
  signal?: AbortSignal;
}

interface Part {
  etag: string;
  sizeBytes: number;
}

const MOST_PARTS = 10_000;
/** Equal parts suit every store. A file that would need too many of them gets larger ones at its end. */
const EQUAL_PARTS = 8_000;
const LATE_FACTOR = 8;
const FIRST_BUFFER_BYTES = 64 * 1024;

export class S3Upload implements StoredFile {
  readonly #options: UploadOptions;
  readonly #controller = new AbortController();
  readonly #signal: AbortSignal;
  /** By number, from 1. */
  readonly #sent = new Map<number, Part>();
  readonly #hashes: string[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #free: Uint8Array[] = [];
  #earlier = new Map<number, Part>();
  #uploadId: string | undefined;
  #part: Uint8Array = new Uint8Array(FIRST_BUFFER_BYTES);
  #filled = 0;
  #count = 0;
  #failure: { error: unknown } | undefined;

  constructor(options: UploadOptions) {
    this.#options = options;
    const { signal } = options;
    this.#signal = signal === undefined ? this.#controller.signal : AbortSignal.any([signal, this.#controller.signal]);
  }

  /** Makes sure that the store would take the file, by beginning an upload and taking it back. */
  async probe(): Promise<void> {
    this.#uploadId = await unlessRefused(this.#begin(), "NotImplemented", "MethodNotAllowed");
    await this.abort();
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let start = 0; start < bytes.length;) {
      const size = this.#partBytes(this.#count + 1);
      // A full part is sent when more comes: the last one may be small, but not empty.
      if (this.#filled === size) await this.#sendPart();
      this.#makeRoom(bytes.length - start, this.#partBytes(this.#count + 1));
      const piece = bytes.subarray(start, start + this.#part.length - this.#filled);
      this.#part.set(piece, this.#filled);
      this.#filled += piece.length;
      start += piece.length;
    }
  }

  async commit(): Promise<void> {
    if (this.#count === 0) {
      const body = this.#part.subarray(0, this.#filled);
      await this.#options.client.sendForText(this.#request("PUT", { body }));
      return;
    }
    if (this.#filled > 0) await this.#sendPart();
    while (this.#running.size > 0) await Promise.race(this.#running);
    if (this.#failure !== undefined) throw this.#failure.error;
    await this.#complete();
  }

  async abort(): Promise<void> {
    this.#controller.abort(new MpError("The upload was taken back", { category: "interrupted" }));
    await Promise.all(this.#running);
    if (this.#uploadId === undefined) return;
    const query = { uploadId: this.#uploadId };
    this.#uploadId = undefined;
    // What cannot be taken back is no file, and the next upload of the key goes on from it. So nothing is said about it.
    const request: S3Request = { ...this.#request("DELETE", { query }), accepted: [404], signal: undefined };
    await this.#options.client.sendForText(request).catch(() => {});
  }

  #partBytes(number: number): number {
    return this.#options.partBytes * (number > EQUAL_PARTS ? LATE_FACTOR : 1);
  }

  /** Lets the part grow with what is written, so that a small file takes little memory. */
  #makeRoom(wantedBytes: number, mostBytes: number): void {
    const neededBytes = Math.min(mostBytes, this.#filled + wantedBytes);
    if (this.#part.length >= neededBytes && this.#part.length <= mostBytes) return;
    const grown = new Uint8Array(Math.min(mostBytes, Math.max(neededBytes, this.#part.length * 2)));
    grown.set(this.#part.subarray(0, this.#filled));
    this.#part = grown;
  }

  async #sendPart(): Promise<void> {
    const { concurrency, address } = this.#options;
    this.#uploadId ??= await this.#resume() ?? await this.#begin();
    while (this.#running.size >= concurrency) await Promise.race(this.#running);
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#count === MOST_PARTS) {
      throw new MpError(`Cannot write ${address}: it is too large for one object`, {
        category: "failure",
        code: "too_large",
        hint: "split the output with --split",
      });
    }
    const number = ++this.#count;
    const memory = this.#part;
    const body = memory.subarray(0, this.#filled);
    const sending: Promise<void> = this.#send(number, body)
      .catch((error) => void (this.#failure ??= { error }))
      .finally(() => {
        this.#running.delete(sending);
        this.#free.push(memory);
      });
    this.#running.add(sending);
    this.#part = this.#free.pop() ?? new Uint8Array(this.#partBytes(number + 1));
    this.#filled = 0;
  }

  async #send(number: number, body: Uint8Array): Promise<void> {
    const hash = md5Hex(body);
    this.#hashes[number - 1] = hash;
    const earlier = this.#earlier.get(number);
    if (earlier?.sizeBytes === body.length && earlier.etag === hash) {
      this.#sent.set(number, earlier);
      return;
    }
    const query = { partNumber: String(number), uploadId: this.#uploadId! };
    const answer = await this.#options.client.sendForText(this.#request("PUT", { query, body }));
    this.#sent.set(number, { etag: withoutQuotes(answer.headers.get("etag") ?? hash), sizeBytes: body.length });
  }

  async #begin(): Promise<string> {
    const answer = await this.#options.client.sendForText(this.#request("POST", { query: { uploads: "" } }));
    const root = parseXml(answer.text);
    const id = root && textOf(root, "UploadId");
    if (id) return id;
    throw this.#unexpected("it gave no number for an upload");
  }

  /** The newest unfinished upload of this key, with its parts; undefined where there is none or the store does not say. */
  async #resume(): Promise<string | undefined> {
    const { key } = this.#options;
    const root = await this.#asked("", { uploads: "", prefix: key, "max-uploads": "100" });
    const uploads = root === undefined
      ? []
      : childrenOf(root, "Upload").filter((upload) => textOf(upload, "Key") === key);
    const newest = uploads.sort((a, b) => started(a) < started(b) ? 1 : -1)[0];
    const id = newest && textOf(newest, "UploadId");
    if (!id) return undefined;
    for (let marker = "0";;) {
      const list = await this.#asked(key, { uploadId: id, "part-number-marker": marker });
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
  async #asked(key: string, query: Record<string, string>): Promise<XmlElement | undefined> {
    const asked = this.#options.client.sendForText({ ...this.#request("GET", { query }), key });
    const answer = await unlessRefused(asked, "AccessDenied", "NotImplemented", "MethodNotAllowed", "NoSuchUpload");
    return answer && parseXml(answer.text);
  }

  async #complete(): Promise<void> {
    const parts = [...this.#sent].sort(([one], [other]) => one - other).map(([number, { etag }]) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>${escapeXml(`"${etag}"`)}</ETag></Part>`
    );
    const text = `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`;
    const asked = this.#options.client.sendForText({
      ...this.#request("POST", { query: { uploadId: this.#uploadId! }, body: new TextEncoder().encode(text) }),
      headers: { "content-type": "application/xml" },
    });
    const answer = await unlessRefused(asked, "NoSuchUpload");
    // It is gone when an earlier attempt has completed it and the answer was lost.
    if (answer === undefined && !await this.#isThere()) throw this.#unexpected("the upload is gone");
    this.#uploadId = undefined;
  }

  async #isThere(): Promise<boolean> {
    const { headers, body } = await this.#options.client.send({ ...this.#request("HEAD", {}), accepted: [404] });
    await body.cancel();
    const whole = md5Hex(...this.#hashes.map(bytesOfHex));
    return withoutQuotes(headers.get("etag") ?? "") === `${whole}-${this.#count}`;
  }

  #request(method: S3Request["method"], rest: Pick<S3Request, "query" | "body">): S3Request {
    const { key, address } = this.#options;
    return { method, key, verb: "write", address, signal: this.#signal, ...rest };
  }

  #unexpected(state: string): MpError {
    return new MpError(`Cannot write ${this.#options.address}: ${state}`, {
      category: "server",
      code: "unexpected_answer",
      hint: "run the command again",
    });
  }
}

const started = (upload: XmlElement): string => textOf(upload, "Initiated") ?? "";
/** An entity tag as it is compared. */
export const withoutQuotes = (etag: string): string => etag.replace(/^"|"$/g, "");
