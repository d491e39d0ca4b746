/**
 * Takes JSON text apart without rewriting it, so that what was sent can be given back digit by digit and escape by
 * escape. The text must be valid JSON: whoever calls parses it too.
 */

const QUOTE = 0x22, COMMA = 0x2c, BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b, CLOSE_LIST = 0x5d, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d;
const SPACE = 0x20;

/** Is told each member of an object: its key as it is written between the quotes, and where key and value lie. */
type MemberVisitor = (key: string, memberStart: number, valueStart: number, valueEnd: number) => void;

/** Visits the members of the object that begins at `start`; returns the index after its brace. */
export function visitMembers(text: string, start: number, visit: MemberVisitor): number {
  let at = skipSpace(text, start + 1);
  while (at < text.length && text.charCodeAt(at) !== CLOSE_OBJECT) {
    const keyEnd = skipString(text, at);
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const valueEnd = skipValue(text, valueStart);
    visit(text.slice(at + 1, keyEnd - 1), at, valueStart, valueEnd);
    at = skipSpace(text, valueEnd);
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1);
  }
  return at + 1;
}

/** The texts of an array's elements, or of the one value that is not an array. */
export function elementsOf(text: string): string[] {
  let at = skipSpace(text, 0);
  if (text.charCodeAt(at) !== OPEN_LIST) return [text.slice(at).trimEnd()];
  const elements: string[] = [];
  at = skipSpace(text, at + 1);
  while (at < text.length && text.charCodeAt(at) !== CLOSE_LIST) {
    const end = skipValue(text, at);
    elements.push(text.slice(at, end));
    at = skipSpace(text, end);
    if (text.charCodeAt(at) !== COMMA) break;
    at = skipSpace(text, at + 1);
    // A comma before the bracket: an element that is not JSON, which parsing it will find.
    if (text.charCodeAt(at) === CLOSE_LIST) elements.push("");
  }
  if (text.slice(at).trimEnd() !== "]") throw new SyntaxError("Unexpected text in a JSON array");
  return elements;
}

/** JSON on one line: without the line breaks and tabs that lie between tokens. Inside strings there can be none. */
export function onOneLine(text: string): string {
  return /[\n\r\t]/.test(text) ? text.replace(/[\n\r\t]+/g, " ") : text;
}

/** The index after the value that begins at `start`. */
function skipValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return skipString(text, start);
  if (first !== OPEN_OBJECT && first !== OPEN_LIST) return skipScalar(text, start);
  let depth = 1;
  let at = start + 1;
  while (at < text.length && depth > 0) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = skipString(text, at);
      continue;
    }
    if (code === OPEN_OBJECT || code === OPEN_LIST) depth++;
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) depth--;
    at++;
  }
  return at;
}

/** The index after a number or word. Never `start` itself, so that text which is not JSON cannot hold a reader up. */
function skipScalar(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === CLOSE_OBJECT || code === CLOSE_LIST || code <= SPACE) break;
  }
  return at;
}

/** The index after the string whose opening quote is at `start`. */
function skipString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at++;
  }
  return text.length;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && text.charCodeAt(at) <= SPACE) at++;
  return at;
}
