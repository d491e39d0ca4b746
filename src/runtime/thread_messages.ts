/**
 * Messages between threads, on Deno. Its `node:worker_threads` looks at each element of a typed array by itself, which takes
 * a tenth of a second for a megabyte; at the memory behind it, it does not. So arrays go as that, and where they are in it.
 */

declare const Deno: unknown;

const KINDS = {
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
} as const;
type Kind = keyof typeof KINDS;

/** A typed array as it goes over. */
interface PackedArray {
  $array: Kind;
  buffer: ArrayBufferLike;
  byteOffset: number;
  length: number;
}

/** What is to be sent instead of a message. */
export function packedMessage(message: unknown): unknown {
  return typeof Deno === "object" ? changed(message, packArray) : message;
}

/** The message of which `packedMessage` made this one. */
export function unpackedMessage(message: unknown): unknown {
  return typeof Deno === "object" ? changed(message, unpackArray) : message;
}

/** The same with some of what is in its lists and plain objects changed. */
function changed(value: unknown, change: (value: object) => object | undefined): unknown {
  if (typeof value !== "object" || value === null) return value;
  const other = change(value);
  if (other !== undefined) return other;
  if (Array.isArray(value)) return value.map((each) => changed(each, change));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, changed(each, change)]));
}

function packArray(value: object): PackedArray | undefined {
  const { buffer, byteOffset, length, constructor: { name } } = value as Uint8Array;
  if (!ArrayBuffer.isView(value) || !(name in KINDS)) return undefined;
  return { $array: name as Kind, buffer, byteOffset, length };
}

function unpackArray(value: object): ArrayBufferView | undefined {
  const { $array, buffer, byteOffset, length } = value as PackedArray;
  return $array === undefined ? undefined : new KINDS[$array](buffer as ArrayBuffer, byteOffset, length);
}
