/** The check sum of gzip, Zip and Parquet. */

/** Of a byte, and of a byte that has one to three others after it. */
const TABLES = [new Int32Array(256), new Int32Array(256), new Int32Array(256), new Int32Array(256)] as const;
for (let byte = 0; byte < 256; byte++) {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  TABLES[0][byte] = sum;
}
for (let table = 1; table < 4; table++) {
  const [shorter, longer] = [TABLES[table - 1], TABLES[table]] as [Int32Array, Int32Array];
  for (let byte = 0; byte < 256; byte++) {
    const sum = shorter[byte] as number;
    longer[byte] = (sum >>> 8) ^ (TABLES[0][sum & 0xff] as number);
  }
}

/** The sum of bytes, after those of which `before` is the sum; a number of 32 bits with a sign. */
export function crc32(bytes: Uint8Array, before = 0): number {
  const [one, two, three, four] = TABLES;
  let sum = ~before;
  let at = 0;
  for (const end = bytes.length - 3; at < end; at += 4) {
    sum ^= (bytes[at] as number) | (bytes[at + 1] as number) << 8 | (bytes[at + 2] as number) << 16 |
      (bytes[at + 3] as number) << 24;
    sum = (four[sum & 0xff] as number) ^ (three[(sum >>> 8) & 0xff] as number) ^
      (two[(sum >>> 16) & 0xff] as number) ^ (one[sum >>> 24] as number);
  }
  for (; at < bytes.length; at++) sum = (sum >>> 8) ^ (one[(sum ^ (bytes[at] as number)) & 0xff] as number);
  return ~sum;
}
