/** Writes a request's body as the bytes that are sent. */
import { gzip } from "../runtime/compression/compressed_body.ts";
import type { WireBody } from "./types.ts";

export interface EncodedBody {
  headers: Record<string, string>;
  bytes: Uint8Array;
}

const encoder = new TextEncoder();

/** The bytes of a body, with the headers that describe them. */
export async function encodeBody(body: WireBody): Promise<EncodedBody> {
  switch (body.kind) {
    case "json":
      return { headers: { "content-type": "application/json" }, bytes: encoder.encode(body.text) };
    case "ndjson": {
      const headers = { "content-type": "application/x-ndjson" };
      if (!body.gzip) return { headers, bytes: body.bytes };
      // The fastest level: a sender of many events waits for the compression, not for the line.
      return { headers: { ...headers, "content-encoding": "gzip" }, bytes: await gzip(body.bytes, 1) };
    }
    case "form": {
      const fields = body.fields.map(({ name, value, base64 }): [string, string] => [
        name,
        base64 ? encoder.encode(value).toBase64() : value,
      ]);
      return {
        headers: { "content-type": "application/x-www-form-urlencoded" },
        bytes: encoder.encode(new URLSearchParams(fields).toString()),
      };
    }
    case "raw":
      return { headers: { "content-type": body.contentType }, bytes: body.bytes };
  }
}
