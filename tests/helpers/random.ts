/** Random choices that follow from a seed, so that a failure can be repeated. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number;
  /** Whether something happens that happens so often. */
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
}

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return { next, below, chance: (probability) => next() < probability, pick: (list) => list[below(list.length)]! };
}
