/** Damages bytes as networks, disks and other programs do. */
import type { Random } from "../helpers/random.ts";

type Mutator = (bytes: Uint8Array, random: Random) => Uint8Array;

/** Bytes that mean something to the readers: brackets, quotes, line ends, and parts of characters that are not whole. */
const SPECIAL = [...'{}[]",:\\/\n\r\t 0-+.eE\0;|'].map((character) => character.charCodeAt(0)).concat([
  0x1f,
  0x1e,
  0x7f,
  0x80,
  0x85,
  0xc3,
  0xed,
  0xe2,
  0xef,
  0xf0,
  0xff,
]);

const MUTATORS: readonly Mutator[] = [
  // One bit.
  (bytes, random) => {
    const at = random.below(bytes.length);
    const changed = bytes.slice();
    changed[at] = bytes[at]! ^ (1 << random.below(8));
    return changed;
  },
  // One byte.
  (bytes, random) => spliced(bytes, random.below(bytes.length), 1, Uint8Array.of(random.pick(SPECIAL))),
  // Bytes that were not there.
  (bytes, random) => {
    const added = Uint8Array.from({ length: 1 + random.below(3) }, () => random.pick(SPECIAL));
    return spliced(bytes, random.below(bytes.length + 1), 0, added);
  },
  // A gap.
  (bytes, random) => spliced(bytes, random.below(bytes.length), span(random), new Uint8Array(0)),
  // A piece that comes again, at once or elsewhere.
  (bytes, random) => {
    const from = random.below(bytes.length);
    return spliced(bytes, random.below(bytes.length + 1), 0, bytes.subarray(from, from + span(random)));
  },
  // A piece in place of another.
  (bytes, random) => {
    const from = random.below(bytes.length);
    return spliced(bytes, random.below(bytes.length), span(random), bytes.subarray(from, from + span(random)));
  },
  // The end is missing.
  (bytes, random) => bytes.slice(0, random.below(bytes.length)),
];

/** The bytes after `count` changes. */
export function mutated(bytes: Uint8Array, random: Random, count: number): Uint8Array {
  let changed = bytes;
  for (let change = 0; change < count && changed.length > 0; change++) changed = random.pick(MUTATORS)(changed, random);
  return changed;
}

/** Mostly a few bytes, sometimes some lines. */
function span(random: Random): number {
  return 1 + random.below(random.pick([4, 40, 1000]));
}

function spliced(bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array {
  const rest = bytes.subarray(at + removed);
  const result = new Uint8Array(at + added.length + rest.length);
  result.set(bytes.subarray(0, at));
  result.set(added, at);
  result.set(rest, at + added.length);
  return result;
}

/** The bytes in chunks that end anywhere. The memory of a chunk is overwritten when the next one is asked for. */
export async function* volatileChunks(bytes: Uint8Array, random: Random): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of chunksOf(bytes, random)) {
    const memory = chunk.slice();
    yield memory;
    memory.fill(0x21);
  }
}

/** The bytes in chunks that end anywhere, and stay as they are. */
export async function* chunksOf(bytes: Uint8Array, random: Random): AsyncGenerator<Uint8Array, void> {
  const most = random.pick([1, 7, 200, 3000, 1_000_000]);
  // One byte at a time takes too long for more.
  const size = bytes.length / most > 2000 ? 200 : most;
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(bytes.length, at + 1 + random.below(size));
    yield bytes.slice(at, end);
    at = end;
  }
}
