/** A reader of PNG files by the letter of their standard, for what the rasteriser writes: eight bits, no interlacing. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { crc32, inflateSync } from "node:zlib";

export interface Pixels {
  width: number;
  height: number;
  /** `#rrggbb` of a pixel. */
  at(x: number, y: number): string;
}

export function readPng(bytes: Uint8Array): Pixels {
  const file = Buffer.from(bytes);
  assert.deepEqual([...file.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], "the signature");
  const chunks: [string, Buffer][] = [];
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    const [named, data] = [file.subarray(at + 4, at + 8 + length), file.subarray(at + 8, at + 8 + length)];
    assert.equal(file.readUInt32BE(at + 8 + length), crc32(named), "a chunk's checksum");
    chunks.push([named.toString("latin1", 0, 4), data]);
    at += 12 + length;
  }
  const head = chunks[0]![1];
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const channels = head[9] === 6 ? 4 : 3;
  assert.deepEqual([head[8], head[9] === 6 || head[9] === 2, head[12]], [8, true, 0], "the kind of pixels");
  const packed = Buffer.concat(chunks.filter(([name]) => name === "IDAT").map(([, data]) => data));
  const pixels = unfiltered(inflateSync(packed), width * channels, height, channels);
  return {
    width,
    height,
    at: (x, y) => `#${pixels.subarray((y * width + x) * channels).toString("hex", 0, 3)}`,
  };
}

/** Undoes the filter of each line: none, left, above, the mean of both, or Paeth's. */
function unfiltered(raw: Buffer, stride: number, height: number, channels: number): Buffer {
  assert.equal(raw.length, (stride + 1) * height, "the number of bytes");
  const out = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const left = x < channels ? 0 : out[y * stride + x - channels]!;
      const above = y === 0 ? 0 : out[(y - 1) * stride + x]!;
      const corner = x < channels || y === 0 ? 0 : out[(y - 1) * stride + x - channels]!;
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter!]!;
      out[y * stride + x] = raw[y * (stride + 1) + 1 + x]! + guess;
    }
  }
  return out;
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [a, b, c] = [left, above, corner].map((one) => Math.abs(guess - one)) as [number, number, number];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}
