import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SecretSearch } from "../../src/client/find_secrets.ts";
import { type Random, seededRandom } from "../helpers/random.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const base64 = (text: string) => bytesOf(text).toBase64();
const base64url = (text: string) => bytesOf(text).toBase64({ alphabet: "base64url", omitPadding: true });
const escapedUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
const percentByte = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;

/** A character in one of the ways of JSON, addresses and HTML. */
const WAYS: Record<string, (character: string) => string> = {
  "as it is": (character) => character,
  "as an escape of JSON": (character) => character.split("").map(escapedUnit).join(""),
  "as an escape of JSON in capitals": (character) =>
    character.split("").map((unit) => `\\u${escapedUnit(unit).slice(2).toUpperCase()}`).join(""),
  "as an escape of C": (character) =>
    character > "~" ? character : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  "as percents": (character) => [...bytesOf(character)].map(percentByte).join(""),
  "as percents in small letters": (character) => [...bytesOf(character)].map(percentByte).join("").toLowerCase(),
  "as a decimal entity": (character) => `&#${character.codePointAt(0)};`,
  "as a hexadecimal entity": (character) => `&#x${character.codePointAt(0)!.toString(16)};`,
};
const inWay = (way: keyof typeof WAYS, text: string) => [...text].map(WAYS[way]!).join("");

/** As PHP's `htmlentities` with `ENT_HTML5` writes them. */
const HTML_NAMES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  '"': "&quot;",
  "'": "&apos;",
  "<": "&lt;",
  ">": "&gt;",
  "+": "&plus;",
  "/": "&sol;",
  "=": "&equals;",
  "%": "&percnt;",
  "\\": "&bsol;",
  "#": "&num;",
  ".": "&period;",
  ";": "&semi;",
};

/** All characters written in one way, and in one way within another. */
const FORMS: [name: string, form: (secret: string) => string][] = [
  ...Object.keys(WAYS).map((way): [string, (secret: string) => string] => [way, (secret) => inWay(way, secret)]),
  ["percents in percents", (secret) => inWay("as percents", inWay("as percents", secret))],
  ["an encoded address of JSON", (secret) => encodeURIComponent(inWay("as an escape of JSON", secret))],
  ["percents of JSON", (secret) => inWay("as percents", inWay("as an escape of JSON", secret))],
  ["an encoded address of HTML", (secret) => encodeURIComponent(inWay("as a decimal entity", secret))],
  ["JSON in JSON", (secret) => JSON.stringify(JSON.stringify({ a: inWay("as an escape of JSON", secret) }))],
  ["HTML of percents", (secret) => inWay("as percents", secret).replaceAll("%", "&#37;")],
  ["JSON of percents", (secret) => inWay("as percents", secret).replaceAll("%", "\\u0025")],
  ["HTML of HTML", (secret) => inWay("as a hexadecimal entity", secret).replaceAll("&", "&amp;")],
  ["base64", base64],
  ["base64 for addresses", base64url],
  ["base64 of base64", (secret) => base64(base64(secret))],
  ["base64 for addresses of base64", (secret) => base64url(base64(`svc:${secret}`))],
  ["base64 of base64 for addresses", (secret) => base64(`a ${base64url(`ab${secret}`)}`)],
  ["HTML with names", (secret) => secret.replace(/[^\w ]/g, (sign) => HTML_NAMES[sign] ?? sign)],
  ["base64 of base64 of base64", (secret) => base64(base64(base64url(secret)))],
  ["base64 four deep", (secret) => base64(base64(base64(base64(`svc:${secret}`))))],
  ["base64 of percents", (secret) => base64(inWay("as percents", secret))],
  ["base64 of percents in small letters", (secret) => base64url(`a=${inWay("as percents in small letters", secret)}`)],
  ["base64 of escapes of JSON", (secret) => base64(`{"a":"${inWay("as an escape of JSON", secret)}"}`)],
  ["base64 of entities", (secret) => base64(inWay("as a hexadecimal entity", secret))],
  ["base64 of base64 of percents", (secret) => base64(`ab ${base64(inWay("as percents", secret))}`)],
  ["percents of base64 of percents", (secret) => encodeURIComponent(base64(`é${inWay("as percents", secret)}`))],
  ["base64 of JSON", (secret) => base64(JSON.stringify({ token: secret }))],
  ["percents of base64", (secret) => inWay("as percents", base64(`svc:${secret}`))],
  ["JSON of base64", (secret) => inWay("as an escape of JSON", base64(`svc:${secret}`))],
];

const SECRETS = [
  "aB3dE6gH9jK2mN5pQ8sT1vW4xY7zA0cD",
  "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
  "Sv1+c/9f8&e7=d6%c5",
  "t0ken'en\\of+a/project",
  "0a.uTh-~t0k/en+x==",
  'q"u\\o<t>e%41\\u0041&amp;x y',
  "pässword-日本-😀-7",
  "ab%25-&#37;-\\u0025cd",
];

/** What is left where `found` has been taken out. */
function without(bytes: Uint8Array, found: readonly (readonly [number, number])[]): string {
  const ends = [0, ...found.map(([, end]) => end)];
  const starts = [...found.map(([start]) => start), bytes.length];
  return starts.map((start, index) => new TextDecoder().decode(bytes.subarray(ends[index], start))).join("…");
}

describe("the search for secrets", () => {
  for (const [name, form] of FORMS) {
    it(`finds each, written ${name}`, () => {
      for (const secret of SECRETS) {
        const text = `{"before": "x ${form(secret)} y"}`;
        const left = without(bytesOf(text), new SecretSearch([secret]).find(bytesOf(text)));
        assert.match(left, /^\{"before": "x [^ ]*( [^ ]*)?…[^ ]* y"\}$/, `${secret}: ${text}`);
      }
    });
  }

  it("finds it when a single character of it is escaped, and takes out neither more nor less", () => {
    for (const secret of SECRETS.slice(0, 2)) {
      const search = new SecretSearch(["another-secret-1", secret]);
      for (const [way, write] of Object.entries(WAYS)) {
        for (let at = 0; at < secret.length; at++) {
          const text = `"é ${secret.slice(0, at)}${write(secret[at]!)}${secret.slice(at + 1)} é"`;
          assert.equal(without(bytesOf(text), search.find(bytesOf(text))), '"é … é"', `${way}: ${text}`);
        }
      }
    }
  });

  it("finds it in base64 that is cut into lines, wherever it is cut", () => {
    for (const secret of SECRETS.slice(0, 2)) {
      const whole = base64(`ana.0a1b2c.mp-service-account:${secret}:`);
      for (let length = 48; length <= 76; length++) {
        // The last ones as headers are folded.
        for (const end of ["\n", "\r\n", "\\n", "\\r\\n", "\n ", "\r\n\t", "\\r\\n\\t  "]) {
          const text = `"${whole.replace(new RegExp(`.{${length}}(?=.)`, "g"), (line) => line + end)}"`;
          assert.equal(new SecretSearch([secret]).find(bytesOf(text)).length, 1, text);
        }
      }
    }
  });

  it("finds it wherever it is in a long text, and all that there are", () => {
    const secret = SECRETS[0]!;
    const search = new SecretSearch([secret]);
    const filling = "Lorem ipsum, %20 \\u00e9 &amp; ".repeat(40_000);
    for (const form of [secret, inWay("as percents", secret), base64(base64(secret))]) {
      // Around the ends of the windows of 1 MiB and 256 KiB in which it is searched.
      for (const end of [256 * 1024, 1024 * 1024]) {
        for (const before of [form.length, Math.floor(form.length / 2), 1, 0]) {
          const start = end - before;
          const text = bytesOf(`${filling.slice(0, start - 1)} ${form} and ${form} ${filling.slice(0, 5000)}`);
          assert.equal(search.find(text).length, 2, `${form} at ${start}`);
        }
      }
    }
  });

  it("finds a secret in every mixture of ways, whatever it is made of", () => {
    for (let seed = 1; seed <= 3000; seed++) {
      const random = seededRandom(seed);
      const secret = randomSecret(random);
      const ways = Object.values(WAYS);
      const form = [...secret].map((character) => random.pick(ways)(character)).join("");
      const text = `${randomWords(random)} "${form}" ${randomWords(random)}`;
      const found = new SecretSearch([secret]).find(bytesOf(text));
      assert.equal(found.length, 1, `seed ${seed}: ${JSON.stringify(secret)} in ${text}`);
      const [start, end] = found[0]!;
      const place = bytesOf(text.slice(0, text.indexOf(`"${form}"`) + 1)).length;
      assert.deepEqual([start, end], [place, place + bytesOf(form).length], `seed ${seed}: ${secret} in ${text}`);
    }
  });

  it("finds nothing in texts without a secret, however much is escaped in them", () => {
    for (let seed = 1; seed <= 1000; seed++) {
      const random = seededRandom(seed);
      const search = new SecretSearch([randomSecret(random), randomSecret(random)]);
      const words = Array.from({ length: 20 }, () => {
        const word = randomWords(random);
        const write = random.pick([...Object.values(WAYS), base64, base64url]);
        return random.chance(0.5) ? word : write === base64 || write === base64url ? write(word) : inWords(word, write);
      });
      assert.deepEqual(search.find(bytesOf(words.join(" "))), [], `seed ${seed}`);
    }
  });

  it("finds nothing in bytes that are no text", () => {
    const random = seededRandom(7);
    const search = new SecretSearch(SECRETS);
    for (let round = 0; round < 50; round++) {
      assert.deepEqual(search.find(Uint8Array.from({ length: 5000 }, () => random.below(256))), []);
    }
  });

  it("is not led astray by a secret that says next to nothing once its escapes are undone", () => {
    assert.deepEqual(new SecretSearch(["&#97;&#98;", "\\\\\\\\\\\\\\\\"]).find(bytesOf('{"ab": "ab"}')), []);
  });
});

const inWords = (text: string, write: (character: string) => string) => [...text].map(write).join("");

/** Of 8 to 40 characters; at its ends letters or digits, since what comes beside it could be read together with it. */
function randomSecret(random: Random): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const others = [...`!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~ üß日😀`];
  const share = random.pick([0, 0.1, 0.3, 0.6]);
  const inner = Array.from(
    { length: 6 + random.below(33) },
    () => random.chance(share) ? random.pick(others) : random.pick([...letters]),
  );
  return [random.pick([...letters]), ...inner, random.pick([...letters])].join("");
}

function randomWords(random: Random): string {
  const words = [
    "Ladies",
    "naïve",
    "100%",
    "a&b",
    "C:\\dir\\",
    "x=1&y=2",
    '{"a": 1}',
    "日本",
    "\\n",
    "5d8f1e0a",
    "+",
    "%41",
  ];
  return Array.from({ length: random.below(8) }, () => random.pick(words)).join(" ");
}
