/** CRC-32 as gzip and zip have it. */
import { crc32 } from "node:zlib";

/** A checksum that takes its input in pieces. */
export interface Checksum {
  update(bytes: Uint8Array): void;
  /** Eight digits, lower-case hexadecimal. */
  hex(): string;
}

export function checksum(): Checksum {
  let value = 0;
  return {
    update: (bytes) => void (value = crc32(bytes, value)),
    hex: () => value.toString(16).padStart(8, "0"),
  };
}
