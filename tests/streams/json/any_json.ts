/** JSON of all kinds, and what is nearly JSON, as bytes. */
import fc from "fast-check";

/** Bytes, one for each character: what is no UTF-8 can be written too. */
type Bytes = string;

const utf8 = (text: string): Bytes => Buffer.from(text).toString("latin1");

const NUMBERS: readonly Bytes[] = [
  ...["0", "-0", "7", "-12", "1780000000", "123456789012345", "9007199254740993", "-9223372036854775809", "0.1"],
  ...["-0.0e-0", "1E400", "12.5e+3", "1e5", "0.1000000000000000055", "123456789012345678901234567890.5"],
];
const NO_NUMBERS: readonly Bytes[] = [
  "01",
  "-",
  "+1",
  "1.",
  ".5",
  "1e",
  "1e+",
  "--1",
  "0x1",
  "1_0",
  "NaN",
  "-Infinity",
];
const WORDS: readonly Bytes[] = ["true", "false", "null"];
const NO_WORDS: readonly Bytes[] = ["tru", "True", "nul", "falsee", "undefined", "t", "'a'", ""];
const TEXTS: readonly Bytes[] = [
  ...['""', '"a"', '"ab"', '"abc"', '"abcd"', '"{}[],:"', '"' + "long ".repeat(30) + '"', '"\x7f"', '"a/b"'],
  ...['"\\""', '"\\\\"', '"abc\\\\"', '"\\b\\f\\n\\r\\t\\/"', '"\\u00e9\\uABCD"', '"\\ud83d\\ude80"'],
  // Surrogates without a partner, in an escape.
  ...['"\\ud83d"', '"\\ude80"', '"\\ud83d\\u0041"', '"x\\ud83d\\ud83d\\ude80"'],
  ...["é", "東京", "🎉", "\u2028", "\ufeff", "abcé", "ab\u{10ffff}c"].map((text) => utf8(JSON.stringify(text))),
];
/** Not UTF-8: surrogates (also in pairs, as in CESU-8), longer forms than needed, beyond Unicode, parts of characters. */
const BROKEN_TEXTS: readonly Bytes[] = [
  ...['"\xed\xa0\x80"', '"\xed\xa0\xbd\xed\xb2\xa9"', '"\xc0\xaf"', '"\xe0\x80\xaf"', '"\xf0\x80\x80\xaf"'],
  ...[
    '"\xf4\x90\x80\x80"',
    '"\xf8\x88\x80\x80\x80"',
    '"\xc3"',
    '"abc\xe2\x82"',
    '"\xf0\x9f\x8e"',
    '"\x80"',
    '"\xff\xfe"',
  ],
];
const NO_TEXTS: readonly Bytes[] = [
  ...['"', '"a', '"\\"', '"\\x"', '"\\u12g4"', '"\\u12"', '"\\', '"\t"', '"a\nb"', '"\0"', '"abc\x1f"', '"a""'],
];
const KEYS: readonly Bytes[] = [
  ...["event", "properties", "time", "distinct_id", "$insert_id", "$distinct_id", "results", "a", "b", "", "__proto__"],
  ...[
    "e\\u0076ent",
    "propert\\u0069es",
    "ti\\u006de",
    "a\\n",
    'a\\"b',
    "\\ud800",
    utf8("ключ"),
    "\xc3",
    "k".repeat(300),
  ],
];
const SPACES: readonly Bytes[] = ["", "", "", "", "", " ", "\n", "\t\r", "    "];
const NO_SPACES: readonly Bytes[] = ["\x0b", "\x0c", "\xa0", utf8("\u2028"), ",", "/**/"];
/** What may stand in place of a byte. */
const PIECES: readonly Bytes[] = [
  "",
  "",
  '"',
  "\\",
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "0",
  "-",
  "e",
  ".",
  "u",
  "\n",
  " ",
  "\x80",
];

export const space = fc.constantFrom(...SPACES);
export const text = fc.constantFrom(...TEXTS);
const scalar = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...TEXTS, ...NUMBERS, ...WORDS) },
  { weight: 1, arbitrary: fc.constantFrom(...BROKEN_TEXTS) },
);
const key = fc.oneof({ weight: 3, arbitrary: fc.stringMatching(/^[a-z]{1,9}$/) }, fc.constantFrom(...KEYS));

export const around = (open: string, items: fc.Arbitrary<Bytes>, close: string, options: fc.ArrayConstraints) =>
  fc.tuple(space, fc.array(items, options)).map(([inside, all]) => `${open}${inside}${all.join(",")}${close}`);
const member = (value: fc.Arbitrary<Bytes>, name: fc.Arbitrary<Bytes> = key) =>
  fc.tuple(space, name, space, space, value, space)
    .map(([before, name, beforeColon, afterColon, value, after]) =>
      `${before}"${name}"${beforeColon}:${afterColon}${value}${after}`
    );
export const { value } = fc.letrec<{ value: Bytes }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    { weight: 4, arbitrary: scalar },
    around("[", fc.tuple(space, tie("value"), space).map((parts) => parts.join("")), "]", { maxLength: 4 }),
    around("{", member(tie("value")), "}", { maxLength: 4 }),
  ),
}));

export const properties = around("{", member(value), "}", { maxLength: 8 });
/** A record: often an event, sometimes with a key that is there twice. */
export const record = fc.oneof(
  { weight: 2, arbitrary: around("{", member(value), "}", { maxLength: 6 }) },
  {
    weight: 4,
    arbitrary: fc.tuple(text, properties, fc.array(member(value), { maxLength: 2 }), fc.boolean())
      .map(([name, properties, more, turned]) => {
        const usual = [`"event":${name}`, `"properties":${properties}`];
        return `{${[...turned ? usual.reverse() : usual, ...more].join(",")}}`;
      }),
  },
);
/** Something in it is no JSON, or is JSON of another kind. */
const fault = fc.constantFrom(...NO_NUMBERS, ...NO_WORDS, ...NO_TEXTS, ...NO_SPACES, ...PIECES);
const damaged = (whole: fc.Arbitrary<Bytes>) =>
  fc.tuple(whole, fc.nat(), fault, fc.nat({ max: 3 }), fc.constantFrom("", "", utf8("\ufeff"), " ", "\t"), space)
    .map(([whole, place, piece, removed, before, after]) => {
      const at = place % (whole.length + 1);
      return before + whole.slice(0, at) + piece + whole.slice(at + removed) + after;
    });
export const some = (whole: fc.Arbitrary<Bytes>) => fc.oneof(whole, damaged(whole));

/** The bytes within others, at any alignment, as the lines of a block are. */
export const placed = (whole: fc.Arbitrary<Bytes>) =>
  fc.tuple(whole, fc.nat({ max: 5 }), fc.constantFrom("", "\n", '\n{"event":"x"}\n', "\n}}]]")).map(
    ([whole, before, after]) => {
      const bytes = Buffer.from("\n".repeat(before) + whole + after, "latin1");
      const memory = new Uint8Array(bytes.length);
      memory.set(bytes);
      return {
        bytes: memory,
        start: before,
        end: before + whole.length,
        line: memory.slice(before, before + whole.length),
      };
    },
  );
