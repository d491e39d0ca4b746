/** What a request says of its sender. */

export type SentCredentials =
  | { kind: "none" }
  | { kind: "basic"; user: string; password: string }
  | { kind: "bearer"; token: string };

/** The Authorization header, taken as leniently as Mixpanel's servers take it. */
export function credentialsOf(request: Request): SentCredentials {
  const header = request.headers.get("authorization")?.trim() ?? "";
  const [scheme, rest = ""] = [
    header.slice(0, header.indexOf(" ")).toLowerCase(),
    header.slice(header.indexOf(" ") + 1),
  ];
  if (scheme === "bearer") return { kind: "bearer", token: rest.trim() };
  if (scheme !== "basic") return { kind: "none" };
  // The documentation allows the pair as it is, without base64; and there are clients that encode the bare secret.
  const pair = rest.includes(":") ? rest : fromBase64(rest) ?? rest;
  const colon = pair.indexOf(":");
  return colon < 0
    ? { kind: "basic", user: pair, password: "" }
    : { kind: "basic", user: pair.slice(0, colon), password: pair.slice(colon + 1) };
}

/** Decodes standard and URL-safe base64, padded or not; undefined for anything else. */
export function fromBase64(text: string): string | undefined {
  const standard = text.trim().replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  try {
    return utf8Text(Uint8Array.from(atob(standard), (character) => character.charCodeAt(0)));
  } catch (error) {
    if (error instanceof DOMException && error.name === "InvalidCharacterError") return undefined;
    throw error;
  }
}

/**
 * Decodes UTF-8. The browser SDK writes CESU-8: a character beyond U+FFFF as its two surrogates, of three bytes each.
 */
function utf8Text(bytes: Uint8Array): string {
  const isSurrogate = (at: number) => bytes[at] === 0xed && (bytes[at + 1] as number) >= 0xa0;
  const codeUnit = (at: number) => 0xd000 | ((bytes[at + 1] as number) & 0x3f) << 6 | (bytes[at + 2] as number) & 0x3f;
  const decoder = new TextDecoder();
  let text = "";
  let start = 0;
  for (let at = bytes.indexOf(0xed); at >= 0 && at + 2 < bytes.length; at = bytes.indexOf(0xed, at + 1)) {
    if (!isSurrogate(at)) continue;
    text += decoder.decode(bytes.subarray(start, at)) + String.fromCharCode(codeUnit(at));
    start = at + 3;
  }
  return text + decoder.decode(bytes.subarray(start));
}
