/**
 * Keeps secrets out of everything that is shown or kept. Two things pass through here: what is written for people
 * (errors, traces, notes), and what a server answers, before anything is made of it: a server, or a gateway before it,
 * may repeat what it was asked with.
 */
import { concatenate } from "../streams/chunks.ts";
import { LEAST_SECRET, SecretSearch } from "./find_secrets.ts";

const remembered = new Set<string>();
/** For all secrets, in what people read; and for those that cannot be words of the data, in answers. */
let searches: { ofAll: SecretSearch; ofUnmistakable: SecretSearch } | undefined;

const LEAST_UNMISTAKABLE = 8;
const REDACTED = new TextEncoder().encode("[redacted]");

/** Remembers a secret for the rest of the process. Very short ones are left alone: they would match by chance. */
export function rememberSecret(secret: string | undefined): void {
  if (secret === undefined || secret.length < LEAST_SECRET || remembered.has(secret)) return;
  remembered.add(secret);
  searches = undefined;
}

/** A text for people with every known secret, and every Authorization value, replaced. */
export function redact(text: string): string {
  return withoutSecrets(text, search().ofAll).replace(/\b(Basic|Bearer) +[A-Za-z0-9+/=._~-]{8,}/g, "$1 [redacted]");
}

/** An answer of a server with every known secret replaced; the same bytes when there is none in it. */
export function redactAnswer(bytes: Uint8Array): Uint8Array {
  return replaced(bytes, search().ofUnmistakable);
}

/** The values of an answer's headers, as `redactAnswer` leaves them. */
export function redactHeaders(headers: Headers): Headers {
  for (const [name, value] of [...headers]) {
    const clean = withoutSecrets(value, search().ofUnmistakable);
    if (clean !== value) headers.set(name, clean);
  }
  return headers;
}

function search(): NonNullable<typeof searches> {
  if (searches !== undefined) return searches;
  const all = [...remembered];
  return searches = { ofAll: new SecretSearch(all), ofUnmistakable: new SecretSearch(all.filter(isUnmistakable)) };
}

/** Whether it cannot be a word of the data: `secret` is also the name of a field. */
function isUnmistakable(secret: string): boolean {
  return secret.length >= LEAST_UNMISTAKABLE && /[a-z]/i.test(secret) && !/^[a-z_-]+$/.test(secret);
}

function withoutSecrets(text: string, secrets: SecretSearch): string {
  const bytes = new TextEncoder().encode(text);
  const clean = replaced(bytes, secrets);
  return clean === bytes ? text : new TextDecoder().decode(clean);
}

function replaced(bytes: Uint8Array, secrets: SecretSearch): Uint8Array {
  const found = secrets.find(bytes);
  if (found.length === 0) return bytes;
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [start, next] of found) {
    parts.push(bytes.subarray(end, start), REDACTED);
    end = next;
  }
  return concatenate([...parts, bytes.subarray(end)]);
}
