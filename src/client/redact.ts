/**
 * Keeps secrets out of everything that is shown or kept. Two things pass through here: what is written for people
 * (errors, traces, notes), and what a server answers, before anything is made of it: a server, or a gateway before it,
 * may repeat what it was asked with.
 */
import { marksOf, secretPattern } from "./secret_forms.ts";

interface KnownSecret {
  length: number;
  /** A text with a form of it has one of these; undefined: any text may. */
  marks: string[] | undefined;
  pattern(): RegExp;
  /** Whether it cannot be a word of the data: `secret` is also the name of a field. */
  isUnmistakable: boolean;
}

/** The longest first: one may begin with another. */
let known: KnownSecret[] = [];
const remembered = new Set<string>();

const LEAST_SECRET = 6;
const LEAST_UNMISTAKABLE = 8;
const REDACTED = "[redacted]";

/** Remembers a secret for the rest of the process. Very short ones are left alone: they would match by chance. */
export function rememberSecret(secret: string | undefined): void {
  if (secret === undefined || secret.length < LEAST_SECRET || remembered.has(secret)) return;
  remembered.add(secret);
  let pattern: RegExp | undefined;
  const isUnmistakable = secret.length >= LEAST_UNMISTAKABLE && /[a-z]/i.test(secret) && !/^[a-z_-]+$/.test(secret);
  const one = {
    length: secret.length,
    marks: marksOf(secret),
    pattern: () => pattern ??= secretPattern(secret),
    isUnmistakable,
  };
  known = [...known, one].sort((a, b) => b.length - a.length);
}

/** A text for people with every known secret, and every Authorization value, replaced. */
export function redact(text: string): string {
  return withoutSecrets(text, known).replace(/\b(Basic|Bearer) +[A-Za-z0-9+/=._~-]{8,}/g, "$1 [redacted]");
}

/** An answer of a server with every known secret replaced; the same bytes when there is none in it. */
export function redactAnswer(bytes: Uint8Array): Uint8Array {
  const secrets = known.filter(({ isUnmistakable }) => isUnmistakable);
  if (!mayHold(bytes, secrets)) return bytes;
  const text = new TextDecoder().decode(bytes);
  const clean = withoutSecrets(text, secrets);
  return clean === text ? bytes : new TextEncoder().encode(clean);
}

/** The values of an answer's headers, as `redactAnswer` leaves them. */
export function redactHeaders(headers: Headers): Headers {
  const secrets = known.filter(({ isUnmistakable }) => isUnmistakable);
  for (const [name, value] of [...headers]) {
    const clean = withoutSecrets(value, secrets);
    if (clean !== value) headers.set(name, clean);
  }
  return headers;
}

function withoutSecrets(text: string, secrets: readonly KnownSecret[]): string {
  let clean = text;
  for (const { marks, pattern } of secrets) {
    if (marks === undefined || marks.some((mark) => clean.includes(mark))) clean = clean.replace(pattern(), REDACTED);
  }
  return clean;
}

/** So much of an answer is looked through at once, so that long ones are not held twice. */
const WINDOW_BYTES = 1024 * 1024;

function mayHold(bytes: Uint8Array, secrets: readonly KnownSecret[]): boolean {
  if (secrets.some(({ marks }) => marks === undefined)) return true;
  const marks = secrets.flatMap((secret) => secret.marks ?? []);
  if (marks.length === 0) return false;
  const overlap = Math.max(...marks.map((mark) => mark.length));
  const decoder = new TextDecoder("latin1");
  for (let start = 0; start < bytes.length; start += WINDOW_BYTES) {
    const window = decoder.decode(bytes.subarray(start, start + WINDOW_BYTES + overlap));
    if (marks.some((mark) => window.includes(mark))) return true;
  }
  return false;
}
