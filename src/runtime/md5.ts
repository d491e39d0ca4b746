/** MD5, which object stores use to tell whether bytes have arrived. Not for secrets. */
import { createHash } from "node:crypto";

/** The hash of the bytes, or of several pieces one after the other, in lower-case hexadecimal. */
export function md5Hex(...pieces: Uint8Array[]): string {
  const hash = createHash("md5");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}

/** Bytes from hexadecimal, and in Base64. */
export const bytesOfHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));
export const base64OfHex = (hex: string): string => Buffer.from(hex, "hex").toString("base64");
