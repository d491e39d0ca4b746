/** Hashes that take their input in pieces. */
import { createHash, randomUUID } from "node:crypto";

export interface Hash {
  update(content: string | Uint8Array): void;
  /** Lower-case hexadecimal. */
  hex(): string;
}

export function sha256(): Hash {
  const hash = createHash("sha256");
  return { update: (content) => void hash.update(content), hex: () => hash.digest("hex") };
}

export { randomUUID };
