/** The forms in which a secret can stand in what is printed. */

/** The secret as it is, in JSON, in addresses and forms, and inside of any base64 text. */
export function encodedForms(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const plain = [secret, json, encodeURIComponent(secret), new URLSearchParams({ "": secret }).toString().slice(1)];
  const inBase64 = [secret, json].flatMap(base64Cores).flatMap((core) => [
    core,
    core.replaceAll("+", "-").replaceAll("/", "_"),
    encodeURIComponent(core),
  ]);
  return [...new Set([...plain, ...inBase64])];
}

/** Those of the secrets that are in a text, in whatever form. */
export function secretsIn(text: string, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => encodedForms(secret).some((form) => text.includes(form)));
}

/**
 * What base64 makes of a text that stands somewhere in a longer one: three texts, by its place, without the characters
 * at its ends that its neighbours have a part in.
 */
function base64Cores(text: string): string[] {
  const bytes = new TextEncoder().encode(text);
  return [0, 1, 2].map((before) => {
    const padded = new Uint8Array(before + bytes.length);
    padded.set(bytes, before);
    const encoded = padded.toBase64({ omitPadding: true });
    const start = Math.ceil(before * 8 / 6);
    const end = Math.floor(padded.length * 8 / 6);
    return encoded.slice(start, end);
  });
}
