/**
 * Makes certificates (X.509 by RFC 5280, keys on P-256): that of an authority, and those that it signs for servers.
 * They hold what the strictest of those who check them ask for: Python with `VERIFY_X509_STRICT`, Go, Java, browsers.
 */
import {
  bitString,
  type Der,
  identifier,
  integer,
  octetString,
  retagged,
  sequence,
  set,
  tagged,
  utcTime,
  utf8String,
  yes,
} from "./der.ts";

/** A certificate and its private key, as PEM. */
export interface KeyedCertificate {
  certificate: string;
  key: string;
}

export interface Validity {
  fromMs: number;
  toMs: number;
}

/** Names that a certificate is for. */
export interface ServerNames {
  /** As people read it; no client compares it. */
  title: string;
  dns: readonly string[];
  /** Addresses as their 4 or 16 bytes. */
  addresses: readonly Uint8Array[];
}

const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;
const ECDSA_WITH_SHA256 = sequence(identifier("1.2.840.10045.4.3.2"));
/** Bits of a key's usage, from the left: digital signature 0, signing certificates 5, signing lists 6. */
const SIGNS_DATA = bitString(Uint8Array.of(0b1000_0000), 7);
const SIGNS_CERTIFICATES = bitString(Uint8Array.of(0b0000_0110), 1);
const SERVER_AUTHENTICATION = identifier("1.3.6.1.5.5.7.3.1");

/**
 * An authority that can vouch for these domains and what is below them, but for no other name, so that whoever trusts
 * it, or loses its key, risks none of them. Addresses are left open: BoringSSL, and with it Bun and Electron, refuses
 * every certificate with an address under an authority that limits those.
 */
export async function makeAuthority(
  name: string,
  domains: readonly string[],
  validity: Validity,
): Promise<KeyedCertificate> {
  const keys = await newKeys();
  const permitted = generalNames({ dns: domains, addresses: [] }).map((one) => sequence(one));
  const extensions = [
    extension("2.5.29.19", sequence(yes, integer(Uint8Array.of(0))), true),
    extension("2.5.29.15", SIGNS_CERTIFICATES, true),
    extension("2.5.29.14", octetString(await keyIdentifier(keys.publicKey))),
    extension("2.5.29.30", sequence(tagged(0, ...permitted)), true),
  ];
  return await signed({ issuer: name, subject: name, validity, extensions, keys, signingKey: keys.privateKey });
}

/** A certificate of a server with these names, signed by an authority of that name. */
export async function makeServerCertificate(
  names: ServerNames,
  authority: KeyedCertificate & { name: string },
  validity: Validity,
): Promise<KeyedCertificate> {
  const signingKey = await crypto.subtle.importKey("pkcs8", fromPem(authority.key), P256, true, ["sign"]);
  const keys = await newKeys();
  const extensions = [
    extension("2.5.29.19", sequence(), true),
    extension("2.5.29.15", SIGNS_DATA, true),
    extension("2.5.29.37", sequence(SERVER_AUTHENTICATION)),
    extension("2.5.29.14", octetString(await keyIdentifier(keys.publicKey))),
    extension("2.5.29.35", sequence(retagged(0, await keyIdentifier(await publicKeyOf(signingKey))))),
    extension("2.5.29.17", sequence(...generalNames(names))),
  ];
  return await signed({ issuer: authority.name, subject: names.title, validity, extensions, keys, signingKey });
}

interface Unsigned {
  issuer: string;
  subject: string;
  validity: Validity;
  extensions: readonly Der[];
  keys: CryptoKeyPair;
  signingKey: CryptoKey;
}

async function signed(
  { issuer, subject, validity, extensions, keys, signingKey }: Unsigned,
): Promise<KeyedCertificate> {
  const content = sequence(
    tagged(0, integer(Uint8Array.of(2))),
    integer(crypto.getRandomValues(new Uint8Array(16))),
    ECDSA_WITH_SHA256,
    nameOf(issuer),
    sequence(utcTime(validity.fromMs), utcTime(validity.toMs)),
    nameOf(subject),
    new Uint8Array(await crypto.subtle.exportKey("spki", keys.publicKey)),
    tagged(3, sequence(...extensions)),
  );
  const pair = new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, signingKey, content));
  const signature = sequence(integer(pair.subarray(0, 32)), integer(pair.subarray(32)));
  return {
    certificate: toPem("CERTIFICATE", sequence(content, ECDSA_WITH_SHA256, bitString(signature))),
    key: toPem("PRIVATE KEY", new Uint8Array(await crypto.subtle.exportKey("pkcs8", keys.privateKey))),
  };
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(P256, true, ["sign", "verify"]);
}

async function publicKeyOf(privateKey: CryptoKey): Promise<CryptoKey> {
  const { d: _secret, key_ops: _uses, ...open } = await crypto.subtle.exportKey("jwk", privateKey);
  return await crypto.subtle.importKey("jwk", open, P256, true, ["verify"]);
}

/** By RFC 7093: 160 bits of the hash of the public key. */
async function keyIdentifier(publicKey: CryptoKey): Promise<Uint8Array> {
  const point = await crypto.subtle.exportKey("raw", publicKey);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", point)).subarray(0, 20);
}

function nameOf(commonName: string): Der {
  return sequence(set(sequence(identifier("2.5.4.3"), utf8String(commonName))));
}

function generalNames({ dns, addresses }: Pick<ServerNames, "dns" | "addresses">): Der[] {
  const encoder = new TextEncoder();
  return [...dns.map((name) => retagged(2, encoder.encode(name))), ...addresses.map((bytes) => retagged(7, bytes))];
}

function extension(id: string, value: Der, isCritical = false): Der {
  return sequence(identifier(id), ...(isCritical ? [yes] : []), octetString(value));
}

function toPem(label: string, bytes: Uint8Array): string {
  const lines = bytes.toBase64().replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

function fromPem(pem: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(pem.replace(/-----[A-Z ]+-----/g, ""));
}
