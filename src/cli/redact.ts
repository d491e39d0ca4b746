/** Keeps secrets out of everything that is written for people: errors, traces and notes pass through here. */

const secrets = new Set<string>();

/** Remembers a secret for the rest of the process. Very short ones are left alone: they would match by chance. */
export function rememberSecret(secret: string | undefined): void {
  if (secret === undefined || secret.length < 6) return;
  secrets.add(secret);
  secrets.add(encodeURIComponent(secret));
}

/** The text with every known secret, and every Authorization value, replaced. */
export function redact(text: string): string {
  let clean = text;
  for (const secret of secrets) clean = clean.replaceAll(secret, "[redacted]");
  return clean.replace(/\b(Basic|Bearer) +[A-Za-z0-9+/=._~-]{8,}/g, "$1 [redacted]");
}
