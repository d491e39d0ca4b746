/** Writes ASN.1 by the distinguished encoding rules (X.690), as far as certificates need it. */

export type Der = Uint8Array<ArrayBuffer>;

/** A value with its tag and its length. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Der {
  const content = joined(parts);
  return joined([Uint8Array.from([tag, ...lengthBytes(content.length)]), content]);
}

export const sequence = (...parts: readonly Uint8Array[]): Der => der(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]): Der => der(0x31, ...parts);
export const octetString = (content: Uint8Array): Der => der(0x04, content);
export const utf8String = (value: string): Der => der(0x0c, new TextEncoder().encode(value));
export const yes: Der = der(0x01, Uint8Array.of(0xff));

/** A value that a number in brackets tells apart: `[0]` that holds others, or one that replaces a tag. */
export const tagged = (number: number, ...parts: readonly Uint8Array[]): Der => der(0xa0 | number, ...parts);
export const retagged = (number: number, content: Uint8Array): Der => der(0x80 | number, content);

/** Whole bytes, or as many bits less as `unused` says. */
export const bitString = (content: Uint8Array, unused = 0): Der => der(0x03, Uint8Array.of(unused), content);

/** A number that is not negative, from its bytes, the highest first. */
export function integer(bytes: Uint8Array): Der {
  const start = bytes.findIndex((byte) => byte !== 0);
  const shortest = start < 0 ? Uint8Array.of(0) : bytes.subarray(start);
  return shortest[0]! < 0x80 ? der(0x02, shortest) : der(0x02, Uint8Array.of(0), shortest);
}

/** An identifier such as `2.5.29.17`. */
export function identifier(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return der(0x06, Uint8Array.from([first * 40 + second, ...rest].flatMap(sevenBits)));
}

/** A moment, to the second: with two digits for years before 2050, as RFC 5280 wants it. */
export function utcTime(ms: number): Der {
  const digits = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "");
  const isShort = Number(digits.slice(0, 4)) < 2050;
  return der(isShort ? 0x17 : 0x18, new TextEncoder().encode(isShort ? digits.slice(2) : digits));
}

function sevenBits(value: number): number[] {
  const groups = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) groups.unshift(0x80 | (rest & 0x7f));
  return groups;
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return [0x80 | bytes.length, ...bytes];
}

function joined(parts: readonly Uint8Array[]): Der {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
