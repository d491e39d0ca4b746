/** Text in XML and HTML. */

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A clean text (see `clean.ts`) as content or as the value of an attribute. What no XML may hold is left out. */
export function escapeXml(text: string): string {
  return text.replace(/[\ufffe\uffff]/g, "").replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
