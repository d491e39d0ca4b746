/** Characters that take no room on a screen: marks and overrides of direction, joints of words, and tags, which spell hidden text. */

const HIDDEN_SET =
  "[\\u00ad\\u061c\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb]|\\udb40[\\udc00-\\udc7f]";

/** Each of them. Joiners of emoji and of Indic scripts are none: they are seen by what they join. */
export const HIDDEN = new RegExp(HIDDEN_SET, "g");
const AROUND = new RegExp(`^(?:\\s|${HIDDEN_SET})+|(?:\\s|${HIDDEN_SET})+$`, "g");

/** Each unit as `\\u200b`. */
export function unicodeEscape(character: string): string {
  return character.split("").map((unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0")).join("");
}

/** The text with escapes in place of them, which tells it from one that looks the same. */
export const withHiddenShown = (text: string): string => text.replace(HIDDEN, unicodeEscape);

/** Without them and white space at both ends. */
export const trimHidden = (text: string): string => text.replace(AROUND, "");
