/** Numbers that look random and are the same for the same seed, on every runtime. */
export interface Random {
  /** A whole number in [0, 2^32). */
  uint32(): number;
  /** A number in [0, 1). */
  fraction(): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** One of a list, each as likely. */
  pick<Item>(items: readonly Item[]): Item;
  /** Sixteen hexadecimal digits. */
  hex16(): string;
}

/** The sfc32 generator: 128 bits of state, no multiplication, good enough to never show a pattern in a chart. */
export function createRandom(seed: number): Random {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  const uint32 = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // Seeds differ in few bits; after some rounds their sequences have nothing in common.
  for (let round = 0; round < 15; round++) uint32();

  const fraction = () => uint32() / 0x100000000;
  return {
    uint32,
    fraction,
    chance: (probability) => fraction() < probability,
    between: (low, high) => low + Math.floor(fraction() * (high - low + 1)),
    pick: (items) => items[Math.floor(fraction() * items.length)]!,
    hex16: () => (uint32() + 0x100000000).toString(16).slice(1) + (uint32() + 0x100000000).toString(16).slice(1),
  };
}

/** Draws from a list in which some items are likelier than others. */
export function weighted<Item extends { weight: number }>(items: readonly Item[]): (random: Random) => Item {
  let total = 0;
  const bounds = items.map((item) => total += item.weight);
  return (random) => {
    const point = random.fraction() * total;
    return items[bounds.findIndex((bound) => point < bound)] ?? items.at(-1)!;
  };
}
