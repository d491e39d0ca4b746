const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text without controls, as content or as the value of an attribute; two signs that no XML may hold are left out. */
export function escapeXml(text: string): string {
  return text.replace(/[\ufffe\uffff]/g, "").replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
