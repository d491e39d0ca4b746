/** The simplest of readers of CSV, a character at a time: what the quick one finds is held against it. */

/** A record with the line in which it begins, from 1. */
export interface SimpleCsvRecord {
  fields: string[];
  line: number;
}

/** What is not CSV, with the line in which it is. */
export class SimpleCsvError extends SyntaxError {
  constructor(message: string, readonly line: number) {
    super(message);
    this.name = "SimpleCsvError";
  }
}

const QUOTE = 0x22, COMMA = 0x2c, LINE_FEED = 0x0a, RETURN = 0x0d;

/**
 * The records of a text, header included. Lines end in LF, CRLF or CR; blank lines and a byte order mark are passed
 * over. All fields are texts, quoted or not.
 *
 * @throws SimpleCsvError for a quote that is not closed, and for text after a closing quote.
 */
export function* simpleCsvRecords(text: string): Generator<SimpleCsvRecord, void> {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const first = line;
    const start = at;
    const fields: string[] = [];
    for (let isOpen = true; isOpen;) {
      if (text.charCodeAt(at) === QUOTE) {
        const quoted = readQuoted(text, at, line);
        fields.push(quoted.value);
        at = quoted.end;
        line = quoted.line;
      } else {
        const end = endOfField(text, at);
        fields.push(text.slice(at, end));
        at = end;
      }
      isOpen = text.charCodeAt(at) === COMMA;
      if (isOpen) at++;
    }
    const isBlank = at === start;
    if (text.charCodeAt(at) === RETURN) at++;
    if (text.charCodeAt(at) === LINE_FEED) at++;
    line++;
    if (!isBlank) yield { fields, line: first };
  }
}

function endOfField(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === LINE_FEED || code === RETURN) return at;
  }
  return text.length;
}

function readQuoted(text: string, start: number, firstLine: number): { value: string; end: number; line: number } {
  let line = firstLine;
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED) line++;
    if (code !== QUOTE) continue;
    if (text.charCodeAt(at + 1) === QUOTE) {
      at++;
      continue;
    }
    const end = at + 1;
    if (end < text.length && endOfField(text, end) !== end) {
      throw new SimpleCsvError("text after a closing quote", line);
    }
    return { value: text.slice(start + 1, at).replaceAll('""', '"'), end, line };
  }
  throw new SimpleCsvError("a quote that is not closed", firstLine);
}
