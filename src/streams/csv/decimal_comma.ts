/** Numbers as much of the world writes them: `1.234,50`. */

const COMMA_NUMBER = /^([+-]?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?$/;

/** With a decimal point, and without points between thousands; undefined for what is no such number. */
export function plainNumber(text: string): string | undefined {
  const match = COMMA_NUMBER.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction] = match;
  const digits = whole.replaceAll(".", "");
  return `${sign === "-" ? sign : ""}${digits}${fraction === undefined ? "" : `.${fraction}`}`;
}
