/** A set of 128-bit hashes, without an object for each. */

const WORDS = 4;
const FIRST_PLACES = 256;
/** Fuller tables take too long to search. */
const MOST_FULL = 0.7;

export class HashTable {
  #places = FIRST_PLACES;
  #words = new Int32Array(FIRST_PLACES * WORDS);
  #size = 0;
  readonly #mostPlaces: number;

  /** @param budgetBytes what the table may take; while it grows, it takes half as much again */
  constructor(budgetBytes: number) {
    this.#mostPlaces = Math.max(FIRST_PLACES, 2 ** Math.floor(Math.log2(budgetBytes / (WORDS * 4))));
  }

  /** How many hashes fit into the budget. */
  get capacity(): number {
    return Math.floor(this.#mostPlaces * MOST_FULL);
  }

  get isFull(): boolean {
    return this.#size >= this.capacity;
  }

  /** Adds the hash that begins at `at`, whose first word is not 0; false when it was there. */
  add(hash: Int32Array, at: number): boolean {
    const a = hash[at] as number, b = hash[at + 1] as number, c = hash[at + 2] as number, d = hash[at + 3] as number;
    if (!place(this.#words, this.#places, a, b, c, d)) return false;
    this.#size++;
    if (this.#size > this.#places * MOST_FULL) this.#grow();
    return true;
  }

  /** Where in `words` there is a hash. */
  *places(): Generator<number, void> {
    for (let at = 0; at < this.#words.length; at += WORDS) if (this.#words[at] !== 0) yield at;
  }

  get words(): Int32Array {
    return this.#words;
  }

  clear(): void {
    this.#words.fill(0);
    this.#size = 0;
  }

  #grow(): void {
    const places = this.#places * 2;
    const words = new Int32Array(places * WORDS);
    const old = this.#words;
    for (let at = 0; at < old.length; at += WORDS) {
      const first = old[at] as number;
      if (first !== 0) {
        place(words, places, first, old[at + 1] as number, old[at + 2] as number, old[at + 3] as number);
      }
    }
    this.#places = places;
    this.#words = words;
  }
}

/** Puts a hash into the first free place from its own on; false when it is there. */
function place(words: Int32Array, places: number, a: number, b: number, c: number, d: number): boolean {
  const last = places - 1;
  for (let index = a & last;; index = (index + 1) & last) {
    const at = index * WORDS;
    const first = words[at];
    if (first === 0) {
      words[at] = a;
      words[at + 1] = b;
      words[at + 2] = c;
      words[at + 3] = d;
      return true;
    }
    if (first === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return false;
  }
}
