/** Reads the body of an answer: JSON, or JSON Lines where the server streams a list item by item. */
import { seenInstead } from "../client/error_body.ts";
import { MpError } from "../errors.ts";
import { parseJson } from "../streams/json/json.ts";

/** A body, and what it says. */
export interface ReadBody {
  /** JSON text: the server's own, or its lines as a list. */
  text: string;
  data: unknown;
}

const LINES = /^application\/(x-)?(jsonlines|jsonl|ndjson|json-seq)\b/i;

/**
 * Reads a body. Lines become a list, each as it came.
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
  if (!LINES.test(contentType ?? "")) {
    return { text, data: text.trim() === "" ? undefined : parsed(text, operationId, "it is not JSON", doubt) };
  }
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const items = lines.map((line, index) => parsed(line, operationId, `line ${index + 1} is not JSON`, doubt));
  const [only] = items;
  // A list of lists or objects that stands on one line is the whole answer, whatever the server calls it.
  const isWhole = items.length === 1 && Array.isArray(only) && only.every((one) => typeof one === "object");
  return isWhole ? { text, data: only } : { text: `[${lines.join(",\n")}]\n`, data: items };
}

function parsed(text: string, operationId: string, state: string, doubt?: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new MpError(`Cannot read the answer of ${operationId}: ${state}`, {
      category: "server",
      code: "unexpected_answer",
      serverMessage: seenInstead(text),
      hint: doubt ?? "check the region and the host with 'mp whoami'",
      inDoubt: doubt !== undefined,
      cause,
    });
  }
}
