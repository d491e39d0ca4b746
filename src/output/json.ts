/**
 * JSON text laid out for reading. It works on the text and not on parsed values, so that every digit of a
 * number, the order of keys (which objects do not keep for `{"10": …, "9": …}`) and repeated keys survive.
 */
import { cleanForTerminal, escapeJsonForTerminal } from "./clean.ts";
import { createStyle, type Style } from "./colour.ts";

/**
 * The JSON values in a text, indented by two spaces and coloured, with nothing in their strings that a
 * terminal would obey. Several values after each other stay so. A text that isn't JSON comes back cleaned.
 */
export function prettyJson(text: string, options: { colour: boolean }): string {
  const style = createStyle(options.colour);
  const pretty = layOut(escapeJsonForTerminal(text), style);
  return pretty ?? ensureLineEnd(cleanForTerminal(text));
}

/** The text, ended by a line feed unless it is empty. */
export function ensureLineEnd(text: string): string {
  return text === "" || text.endsWith("\n") ? text : text + "\n";
}

// One token and the space before it: punctuation, a string, or a number or name.
const TOKEN =
  /[ \t\r\n]*(?:([{}[\],:])|("[^"\\]*(?:\\.[^"\\]*)*")|(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null))/y;
const REST_IS_SPACE = /[ \t\r\n]*$/y;

/** What may come next: a value, a value or `]`, a key, a key or `}`, a colon, or a comma or closing bracket. */
type Expected = "value" | "valueOrEnd" | "key" | "keyOrEnd" | "colon" | "separator";

/** The laid out text; undefined when it isn't JSON. */
function layOut(text: string, style: Style): string | undefined {
  const open: ("{" | "[")[] = [];
  let expected = "value" as Expected;
  let result = "";
  const newLine = () => "\n" + "  ".repeat(open.length);
  const afterValue = () => {
    if (open.length > 0) expected = "separator";
    else [result, expected] = [result + "\n", "value"];
  };
  let position = 0;
  for (;;) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (!match) break;
    position = TOKEN.lastIndex;
    const [, mark, string, literal] = match;
    const isEmpty: boolean = expected === "valueOrEnd" || expected === "keyOrEnd";
    if (mark === "," && expected === "separator") {
      result += "," + newLine();
      expected = open[open.length - 1] === "{" ? "key" : "value";
    } else if (mark === ":" && expected === "colon") {
      result += ": ";
      expected = "value";
    } else if (mark === "}" || mark === "]") {
      const opened = mark === "}" ? "{" : "[";
      const mayEnd = expected === "separator" || expected === (mark === "}" ? "keyOrEnd" : "valueOrEnd");
      if (!mayEnd || open.pop() !== opened) return undefined;
      result += isEmpty ? mark : newLine() + mark;
      afterValue();
    } else if (expected === "key" || expected === "keyOrEnd") {
      if (string === undefined) return undefined;
      result += (isEmpty ? newLine() : "") + style.blue(string);
      expected = "colon";
    } else if (expected === "value" || expected === "valueOrEnd") {
      if (mark === "," || mark === ":") return undefined;
      if (isEmpty) result += newLine();
      if (mark === "{" || mark === "[") {
        result += mark;
        open.push(mark);
        expected = mark === "{" ? "keyOrEnd" : "valueOrEnd";
      } else {
        result += string === undefined ? colourLiteral(literal, style) : style.green(string);
        afterValue();
      }
    } else {
      return undefined;
    }
  }
  REST_IS_SPACE.lastIndex = position;
  return open.length === 0 && REST_IS_SPACE.test(text) ? result : undefined;
}

function colourLiteral(literal: string, style: Style): string {
  if (literal === "null") return style.dim(literal);
  return literal === "true" || literal === "false" ? style.magenta(literal) : style.yellow(literal);
}
