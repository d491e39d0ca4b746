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
    return new TextDecoder().decode(Uint8Array.from(atob(standard), (character) => character.charCodeAt(0)));
  } catch (error) {
    if (error instanceof DOMException && error.name === "InvalidCharacterError") return undefined;
    throw error;
  }
}
