/** Reads the body of an answer: JSON, or JSON Lines where the server streams a list item by item. */
import { errorInSuccess, seenInstead } from "../client/error_body.ts";
import { MpError } from "../errors.ts";
import { isObject } from "../streams/json/is_object.ts";
import { parseJson } from "../streams/json/json.ts";

/** A body, and what it says. */
export interface ReadBody {
  /** JSON text: the server's own, or its lines as a list. */
  text: string;
  data: unknown;
  /** Of lines that are not all of the list: why, in words. */
  gap?: string;
}

const LINES = /^application\/(x-)?(jsonlines|jsonl|ndjson|json-seq)\b/i;

/**
 * Reads a body. Lines become a list, each as it came, also where the server does not say that they are lines.
 *
 * @param doubt for a change: what to do when it is not known whether it was made
 * @throws MpError (server) when it is neither, such as a stream that was cut within a line.
 */
export function readAnswerBody(
  text: string,
  contentType: string | null,
  operationId: string,
  doubt?: string,
): ReadBody {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  if (!LINES.test(contentType ?? "")) {
    if (lines.length === 0) return { text, data: undefined };
    const whole = parsedOr(text, NOT_JSON);
    if (whole !== NOT_JSON) return { text, data: whole };
    const areLines = lines.length > 1 && lines.every((line) => parsedOr(line, NOT_JSON) !== NOT_JSON);
    if (!areLines) throw unreadable(text, operationId, "it is not JSON", doubt);
  }
  const items = lines.map((line, index) => {
    const item = parsedOr(line, NOT_JSON);
    if (item === NOT_JSON) throw unreadable(line, operationId, `line ${index + 1} is not JSON`, doubt);
    return item;
  });
  const [only] = items;
  // A list of lists or objects that stands on one line is the whole answer, whatever the server calls it.
  const isWhole = items.length === 1 && Array.isArray(only) && only.every((one) => typeof one === "object");
  return isWhole
    ? { text, data: only }
    : { text: `[${lines.join(",\n")}]\n`, data: items, gap: errorAmong(items, lines) };
}

/** A server that fails within a stream can say so only in its next line. Items that all look like errors are data. */
function errorAmong(items: readonly unknown[], lines: readonly string[]): string | undefined {
  const errors = lines.map((line, index) => isObject(items[index]) ? errorInSuccess(line, false) : undefined);
  const index = errors.findIndex((error) => error !== undefined);
  if (index < 0 || errors.every((error) => error !== undefined)) return undefined;
  return `line ${index + 1} of ${lines.length} is an error: ${errors[index]!.message ?? lines[index]}`;
}

const NOT_JSON: unique symbol = Symbol("not JSON");

function parsedOr<T>(text: string, otherwise: T): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return otherwise;
  }
}

function unreadable(text: string, operationId: string, state: string, doubt?: string): MpError {
  return new MpError(`Cannot read the answer of ${operationId}: ${state}`, {
    category: "server",
    code: "unexpected_answer",
    serverMessage: seenInstead(text),
    hint: doubt ?? "check the region and the host with 'mp whoami'",
    inDoubt: doubt !== undefined,
  });
}
