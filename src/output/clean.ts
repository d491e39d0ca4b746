// deno-lint-ignore-file no-control-regex -- control characters are exactly what this file looks for
/**
 * Text from a server, or from whoever typed it or set a variable, made harmless for a terminal.
 *
 * An event name or a profile property is written by whoever has the project token, that is, by anyone; an argument may
 * be a file's name, or copied from a page. Printed as it is, it could move the cursor, retitle the window or forge a line of output. Controls
 * therefore become visible signs, and direction overrides and invisible characters are left out.
 */
import { HIDDEN, unicodeEscape } from "../streams/hidden_characters.ts";

const SUSPICIOUS =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]/;
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
const LINE_BREAKS = /\r\n|[\u2028\u2029]/g;

/**
 * The text without anything that a terminal would obey; line feeds and tabs stay.
 * Each other control becomes one sign (`␛` for escape, `�` for the 8-bit ones).
 */
export function cleanForTerminal(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return text.toWellFormed().replace(LINE_BREAKS, "\n").replace(CONTROLS, pictureOf).replace(HIDDEN, "");
}

/** `cleanForTerminal`, on one line: each run of line feeds and tabs becomes a space. */
export function cleanLine(text: string): string {
  return cleanForTerminal(text).replace(/[\n\t]+/g, " ");
}

/**
 * JSON text whose strings hold nothing that a terminal would obey. JSON keeps the first 32 controls
 * out of strings by itself, the others are escaped here, so that the text still means the same.
 */
export function escapeJsonForTerminal(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return text.replace(/[\x7f-\x9f]/g, unicodeEscape).replace(HIDDEN, unicodeEscape)
    .replace(/[\u2028\u2029]/g, unicodeEscape).replace(LONE_SURROGATE, unicodeEscape);
}

/** The text with each character that `cleanForTerminal` would not leave replaced; line feeds and tabs stay. */
export function replaceHarmful(text: string, replacement: (character: string) => string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return [CONTROLS, HIDDEN, /[\u2028\u2029]/g, LONE_SURROGATE].reduce(
    (clean, pattern) => clean.replace(pattern, replacement),
    text,
  );
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Unicode has a picture for each 7-bit control, from U+2400 on; delete is apart from the others. */
function pictureOf(control: string): string {
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "\u2421" : "\ufffd";
}
