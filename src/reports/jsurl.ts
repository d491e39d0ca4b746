/**
 * JSURL, in which addresses of the web page carry JSON: `~(a~'text~b~(~1~2))`. Strings begin with `'`; `*hh` and `**hhhh`
 * are characters by their code, and `!` is `$`. (The first version of the format, as of the library `jsurl`.)
 */

/** The value of a text in JSURL. Throws SyntaxError for any other text. */
export function parseJsurl(text: string): unknown {
  const reader = new Reader(text);
  const value = reader.value();
  if (!reader.isAtEnd()) throw reader.problem();
  return value;
}

const WORDS = new Map<string, unknown>([["true", true], ["false", false], ["null", null]]);

/** Deeper than any report; nothing overflows. */
const DEEPEST = 500;

class Reader {
  #position = 0;
  #depth = 0;

  constructor(private readonly text: string) {}

  isAtEnd(): boolean {
    return this.#position >= this.text.length;
  }

  problem(): SyntaxError {
    return new SyntaxError(`Not JSURL at character ${this.#position + 1}`);
  }

  value(): unknown {
    this.#expect("~");
    if (this.#accept("'")) return this.#decoded();
    return this.#accept("(") ? this.#nested() : this.#bare();
  }

  #nested(): unknown {
    if (++this.#depth > DEEPEST) throw this.problem();
    const value = this.text[this.#position] === "~" ? this.#list() : this.#object();
    this.#depth--;
    return value;
  }

  #list(): unknown[] {
    const items: unknown[] = [];
    if (this.text.startsWith("~)", this.#position)) this.#position++;
    else while (this.text[this.#position] === "~") items.push(this.value());
    this.#expect(")");
    return items;
  }

  #object(): Record<string, unknown> {
    const fields: [string, unknown][] = [];
    while (this.text[this.#position] !== ")") {
      const key = this.#decoded();
      fields.push([key, this.value()]);
      if (!this.#accept("~")) break;
    }
    this.#expect(")");
    return Object.fromEntries(fields);
  }

  /** A number, or true, false, null. Whole numbers keep all of their digits. */
  #bare(): unknown {
    const text = this.#until(/[~)]/g);
    if (WORDS.has(text)) return WORDS.get(text);
    const number = Number(text);
    if (!/^-?\d/.test(text) || Number.isNaN(number)) throw this.problem();
    return /^-?\d+$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number;
  }

  #decoded(): string {
    const coded = this.#until(/[~)]/g);
    return coded.replace(
      /\*\*([0-9a-f]{4})|\*([0-9a-f]{2})|!/gi,
      (mark, long: string | undefined, short: string | undefined) =>
        mark === "!" ? "$" : String.fromCharCode(parseInt(long ?? short!, 16)),
    );
  }

  #until(end: RegExp): string {
    end.lastIndex = this.#position;
    const found = end.exec(this.text)?.index ?? this.text.length;
    const part = this.text.slice(this.#position, found);
    this.#position = found;
    return part;
  }

  #accept(symbol: string): boolean {
    if (this.text[this.#position] !== symbol) return false;
    this.#position++;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#accept(symbol)) throw this.problem();
  }
}
