/**
 * Uploads in blocks. A block's id is made of its number and the MD5 of its bytes, so that no writer can take another's
 * block for its own, and what a killed run has sent need not be sent again.
 */
import { bytesOfHex } from "../../runtime/md5.ts";
import type { ObjectPlace } from "../objects/object_storage.ts";
import type { Part, PartProtocol } from "../objects/part_upload.ts";
import type { StoreClient, StoreRequest } from "../objects/store_client.ts";
import { unlessRefused } from "../objects/store_errors.ts";
import { childrenOf, parseXml, textOf } from "../objects/xml.ts";

export const PUT_HEADERS: Readonly<Record<string, string>> = { "x-ms-blob-type": "BlockBlob" };
/** An entity tag that no blob has. */
const NEVER = '"0x0"';

export class BlockUpload implements PartProtocol {
  readonly mostParts = 50_000;
  readonly #client: StoreClient;
  readonly #place: ObjectPlace;
  /** Sizes of the blocks that the store has, by id. */
  readonly #earlier = new Map<string, number>();

  constructor(client: StoreClient, place: ObjectPlace) {
    this.#client = client;
    this.#place = place;
  }

  /** By a write that would be taken but for a condition that nothing can meet. */
  async probe(): Promise<void> {
    const headers = { ...PUT_HEADERS, "if-match": NEVER };
    const request = this.#request("PUT", { headers, body: new Uint8Array(0), accepted: [412] });
    await (await this.#client.send(request)).body.cancel();
  }

  async putWhole(body: Uint8Array, signal: AbortSignal): Promise<void> {
    await this.#client.sendForText(this.#request("PUT", { headers: PUT_HEADERS, body, signal }));
  }

  async begin(signal: AbortSignal): Promise<void> {
    const query = { comp: "blocklist", blocklisttype: "uncommitted" };
    const asked = this.#client.sendForText(this.#request("GET", { query, signal }));
    // A signature may allow writing alone.
    const unanswered = ["BlobNotFound", "AuthorizationPermissionMismatch", "AuthorizationFailure"];
    const answer = await unlessRefused(asked, ...unanswered);
    const list = answer &&
      parseXml(answer.text)?.children.find(({ name }) => name === "UncommittedBlocks");
    for (const block of list ? childrenOf(list, "Block") : []) {
      this.#earlier.set(textOf(block, "Name") ?? "", Number(textOf(block, "Size")));
    }
  }

  async send({ number, body, md5 }: Part, signal: AbortSignal): Promise<void> {
    const blockid = blockId(number, md5);
    if (this.#earlier.get(blockid) === body.length) return;
    await this.#client.sendForText(this.#request("PUT", { query: { comp: "block", blockid }, body, signal }));
  }

  async complete(hashes: readonly string[], signal: AbortSignal): Promise<void> {
    // A block that was made part of the file by an attempt whose answer was lost is as good.
    const ids = hashes.map((md5, index) => `<Latest>${blockId(index + 1, md5)}</Latest>`);
    const text = `<?xml version="1.0" encoding="utf-8"?><BlockList>${ids.join("")}</BlockList>`;
    const body = new TextEncoder().encode(text);
    const headers = { "content-type": "application/xml" };
    await this.#client.sendForText(this.#request("PUT", { query: { comp: "blocklist" }, headers, body, signal }));
  }

  /** Nothing can be taken back: blocks that belong to no file are seen by nobody, and go after a week. */
  abort(): Promise<void> {
    return Promise.resolve();
  }

  #request(method: StoreRequest["method"], rest: Partial<StoreRequest>): StoreRequest {
    return { method, ...this.#place, verb: "write", ...rest };
  }
}

/** All ids of a file must be of one length. */
function blockId(number: number, md5: string): string {
  const id = new Uint8Array(20);
  new DataView(id.buffer).setUint32(0, number);
  id.set(bytesOfHex(md5), 4);
  return id.toBase64();
}
