/** Hashes that take their input in pieces. */
import { createHash, hash as hashOnce, randomUUID } from "node:crypto";

export interface Hash {
  update(content: string | Uint8Array): void;
  /** Lower-case hexadecimal. */
  hex(): string;
}

export function sha256(): Hash {
  const hash = createHash("sha256");
  return { update: (content) => void hash.update(content), hex: () => hash.digest("hex") };
}

/** The SHA-256 of a text or bytes, in lower-case hexadecimal: faster than `sha256` for short ones. */
export function sha256Hex(content: string | Uint8Array): string {
  return hashOnce("sha256", content);
}

export { randomUUID };
