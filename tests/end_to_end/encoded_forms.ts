/** The forms in which a secret can stand in what is printed. */
import { Buffer } from "node:buffer";

/**
 * The secret as it is, in JSON, in addresses, forms and pages, with all of its characters escaped or a single one, and
 * inside of any base64 text, also when that is encoded once more.
 */
export function encodedForms(secret: string): string[] {
  const inBase64 = [secret, inJson(secret)].flatMap(base64Cores);
  const twice = inBase64.flatMap((core) => [...base64Cores(core), ...base64Cores(inAddress(core))]);
  return [
    ...new Set([
      ...plainForms(secret),
      ...escapedForms(secret),
      ...inBase64.flatMap((core) => [core, inAddress(core), encodeURIComponent(core)]),
      ...twice.flatMap((core) => [core, inAddress(core)]),
    ]),
  ];
}

/** What a server may send that repeats the secret: `encodedForms`, with whole texts in base64. */
export function echoedForms(secret: string): string[] {
  const texts = ["", "a", "ab", "svc:", '{"token":"'].map((before) => `${before}${secret}"}`);
  const once = texts.map((text) => Buffer.from(text).toString("base64"));
  const inBase64 = [
    ...once,
    ...[...once, ...once.map(inAddress)].flatMap((text) =>
      ["", "a", "ab"].map((before) => Buffer.from(before + text).toString("base64"))
    ),
  ];
  return [
    ...new Set([
      ...plainForms(secret),
      ...escapedForms(secret),
      ...inBase64.flatMap((text) => [text, inAddress(text), encodeURIComponent(text), text.replace(/=+$/, "")]),
    ]),
  ];
}

/** The secret with escapes that a reader of JSON, of addresses or of pages undoes. */
export function escapedForms(secret: string): string[] {
  const bytes = [...new TextEncoder().encode(secret)];
  const unicode = everyUnit(secret, (unit) => `\\u${hex(unit, 4)}`);
  const percent = bytes.map((byte) => `%${hex(byte, 2).toUpperCase()}`).join("");
  const single = [0, Math.floor(secret.length / 2)].map((at) =>
    `${secret.slice(0, at)}\\u${hex(secret.charCodeAt(at), 4)}${secret.slice(at + 1)}`
  );
  return [
    unicode,
    everyUnit(secret, (unit) => `\\u${hex(unit, 4).toUpperCase()}`),
    ...single,
    encodeURIComponent(unicode),
    percent,
    percent.toLowerCase(),
    encodeURIComponent(secret).replace(/%../g, (escape) => escape.toLowerCase()),
    percent.replaceAll("%", "%25"),
    everyUnit(secret, (unit) => `&#${unit};`),
    everyUnit(secret, (unit) => `&#x${hex(unit, 1)};`),
    secret.replace(/["&'<>]/g, (sign) => `&${ENTITIES[sign]};`),
  ];
}

/** Those of the secrets that are in a text, in whatever form. */
export function secretsIn(text: string, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => encodedForms(secret).some((form) => text.includes(form)));
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

function plainForms(secret: string): string[] {
  const inForm = new URLSearchParams({ "": secret }).toString().slice(1);
  return [secret, inJson(secret), encodeURIComponent(secret), inForm];
}

const ENTITIES: Readonly<Record<string, string>> = { '"': "quot", "&": "amp", "'": "apos", "<": "lt", ">": "gt" };

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");

const everyUnit = (text: string, write: (unit: number) => string): string =>
  text.split("").map((unit) => write(unit.charCodeAt(0))).join("");

const inAddress = (base64: string): string => base64.replaceAll("+", "-").replaceAll("/", "_");

/**
 * What base64 makes of a text that stands somewhere in a longer one: three texts, by its place, without the characters
 * at its ends that its neighbours have a part in.
 */
function base64Cores(text: string): string[] {
  const bytes = new TextEncoder().encode(text);
  return [0, 1, 2].map((before) => {
    const padded = new Uint8Array(before + bytes.length);
    padded.set(bytes, before);
    const encoded = padded.toBase64();
    const start = Math.ceil(before * 8 / 6);
    const end = Math.floor(padded.length * 8 / 6);
    return encoded.slice(start, end);
  });
}
