/** Keeps secrets out of everything that is written for people: errors, traces and notes pass through here. */

/** Secrets in all their spellings, the longest first: one may begin with another. */
let spellings: string[] = [];

/** Remembers a secret for the rest of the process. Very short ones are left alone: they would match by chance. */
export function rememberSecret(secret: string | undefined): void {
  if (secret === undefined || secret.length < 6 || spellings.includes(secret)) return;
  const inAddress = encodeURIComponent(secret);
  const inForm = new URLSearchParams([["", secret]]).toString().slice(1);
  const inJson = JSON.stringify(secret).slice(1, -1);
  spellings = [...new Set([...spellings, secret, inAddress, inForm, inJson])].sort((a, b) => b.length - a.length);
}

/** The text with every known secret, and every Authorization value, replaced. */
export function redact(text: string): string {
  let clean = text;
  for (const secret of spellings) clean = clean.replaceAll(secret, "[redacted]");
  return clean.replace(/\b(Basic|Bearer) +[A-Za-z0-9+/=._~-]{8,}/g, "$1 [redacted]");
}
