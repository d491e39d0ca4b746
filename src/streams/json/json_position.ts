/** Where in a JSON text something stands. For messages: slow, and only for texts in which something is wrong. */

/** The first thing that makes a text no JSON. */
export interface JsonFault {
  /** From 1, in characters. */
  column: number;
  /** In the words of a message, after "not valid JSON: ". */
  reason: string;
}

/** The first fault of a text; undefined when it is JSON. */
export function jsonFault(text: string): JsonFault | undefined {
  const walk = new Walk(text);
  try {
    walk.whole();
  } catch (error) {
    if (error instanceof Fault) return { column: error.at + 1, reason: error.message };
    throw error;
  }
}

/**
 * The column, from 1, at which the value under a path of names begins; undefined when the text has none, or is no JSON. Of
 * two members of one name the last counts.
 */
export function valueColumn(text: string, path: readonly string[]): number | undefined {
  const walk = new Walk(text, path);
  try {
    walk.whole();
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
  return walk.found === undefined ? undefined : walk.found + 1;
}

class Fault extends Error {
  constructor(readonly at: number, message: string) {
    super(message);
  }
}

/** Deeper texts are not looked into. */
const MAX_DEPTH = 1000;

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const PLAIN = /[ !#-[\]-\uffff]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

class Walk {
  /** Index of the value that was looked for. */
  found: number | undefined;
  #at = 0;
  readonly #text: string;
  readonly #path: readonly string[] | undefined;

  constructor(text: string, path?: readonly string[]) {
    this.#text = text;
    this.#path = path;
  }

  whole(): void {
    this.#skip(SPACE);
    this.#value(0, this.#path === undefined ? -1 : 0);
    this.#skip(SPACE);
    if (this.#at < this.#text.length) this.#fail("text after the value");
  }

  /** @param step how much of the path has led here; -1 off the path */
  #value(depth: number, step: number): void {
    if (depth > MAX_DEPTH) this.#fail(`nested deeper than ${MAX_DEPTH}`);
    if (step >= 0 && step === this.#path?.length) {
      this.found = this.#at;
      step = -1;
    }
    const character = this.#text[this.#at];
    if (character === "{") return this.#members(depth, step);
    if (character === "[") return this.#elements(depth);
    if (character === '"') return void this.#string();
    if (!this.#skip(NUMBER) && !this.#skip(WORD)) {
      this.#fail(this.#at >= this.#text.length ? "it ends early" : "no value");
    }
  }

  #members(depth: number, step: number): void {
    this.#at++;
    this.#skip(SPACE);
    if (this.#take("}")) return;
    for (;;) {
      if (this.#text[this.#at] !== '"') this.#fail("no name in quotes");
      const name = this.#string();
      this.#skip(SPACE);
      if (!this.#take(":")) this.#fail("no colon after a name");
      this.#skip(SPACE);
      const isOnPath = step >= 0 && this.#path?.[step] === name;
      if (isOnPath) this.found = undefined;
      this.#value(depth + 1, isOnPath ? step + 1 : -1);
      this.#skip(SPACE);
      if (this.#take("}")) return;
      if (!this.#take(",")) this.#fail("no comma, and no end of the object");
      this.#skip(SPACE);
    }
  }

  #elements(depth: number): void {
    this.#at++;
    this.#skip(SPACE);
    if (this.#take("]")) return;
    for (;;) {
      this.#value(depth + 1, -1);
      this.#skip(SPACE);
      if (this.#take("]")) return;
      if (!this.#take(",")) this.#fail("no comma, and no end of the list");
      this.#skip(SPACE);
    }
  }

  #string(): string {
    const start = this.#at++;
    for (;;) {
      this.#skip(PLAIN);
      if (this.#take('"')) return JSON.parse(this.#text.slice(start, this.#at)) as string;
      if (this.#text[this.#at] === "\\") {
        if (!this.#skip(ESCAPE)) this.#fail("no such escape");
      } else if (this.#at >= this.#text.length) {
        this.#at = start;
        this.#fail("a text that is not closed");
      } else this.#fail("a control character in a text");
    }
  }

  /** Whether the pattern has taken anything. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const length = pattern.exec(this.#text)?.[0]?.length ?? 0;
    this.#at += length;
    return length > 0;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #fail(reason: string): never {
    throw new Fault(
      this.#at,
      this.#at >= this.#text.length && reason !== "a text that is not closed" ? "it ends early" : reason,
    );
  }
}
