import { parseJson } from "../streams/json/json.ts";
import { Refusal } from "./refusal.ts";

/**
 * JSON in a request.
 *
 * @throws Refusal 400 with these words when the text is not JSON.
 */
export function requestJson(text: string, refusal: string): unknown {
  const value = jsonOrUndefined(text);
  if (value === undefined) throw new Refusal(400, refusal);
  return value;
}

/** JSON in a request, or undefined when the text is not JSON. */
export function jsonOrUndefined(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
