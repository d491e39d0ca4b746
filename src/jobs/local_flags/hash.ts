/** The hash that deals variants, as Mixpanel's SDKs have it: who got a variant must get it again. */

const OFFSET_BASIS = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const encoder = new TextEncoder();

/** FNV-1a with 64 bits over the text's UTF-8 bytes. */
export function fnv1a64(text: string): bigint {
  let hash = OFFSET_BASIS;
  for (const byte of encoder.encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
  return hash;
}

/** One of a hundred steps from 0.00 to 0.99, the same each time for the same value and salt. */
export function stepOf(value: string, salt: string): number {
  return Number(fnv1a64(value + salt) % 100n) / 100;
}
