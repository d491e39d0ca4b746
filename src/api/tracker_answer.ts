/** What the trackers (`/track`, `/engage`, `/groups`) say when they have taken what was sent. */
import type { Answer } from "../client/types.ts";
import { isObject } from "../streams/json/is_object.ts";

/** With `callback` the answer is a call of that function. */
const CALL = /^[\w$.]+\((.*)\);?$/s;
const PICTURE = /^(GIF8|.PNG)/;

/**
 * Whether an answer says that it was taken: `1`, or with `verbose` an object whose status is 1 or OK; a picture or a redirect
 * where one of these was asked for. Refusals never come here, and anything else says nothing of what became of it.
 */
export function isTaken(text: string, { status }: Pick<Answer, "status">): boolean {
  if (status >= 300 || PICTURE.test(text)) return true;
  const body = text.trim();
  const said = parsed(CALL.exec(body)?.[1] ?? body);
  if (!isObject(said)) return said === 1;
  // The reference's standard answer may stand around it.
  const { status: inner } = isObject(said.results) ? said.results : said;
  return inner === 1 || inner === "1" || /^(ok|success)$/i.test(String(inner));
}

/** The same of an import, whose answer may also count what was taken, or have a code of its own. */
export function isImported(text: string, answer: Pick<Answer, "status">): boolean {
  const said = parsed(text);
  return isTaken(text, answer) || (isObject(said) && (said.code === 200 || Number(said.num_records_imported) > 0));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch { // expected: SyntaxError, for a body that is no JSON
    return undefined;
  }
}
