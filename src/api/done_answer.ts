/** Whether the answer to a change says anything of it. Refusals never come here. */
import { isObject } from "../streams/json/is_object.ts";
import { parseJson } from "../streams/json/json.ts";
import type { Operation } from "./operation.ts";

/**
 * Whether an answer can be that of a change: nothing at all, as some are published, fields, or the 1 of the oldest
 * endpoints. Another bare value, an empty list and, where nothing is read of the answer, a page say nothing: they come from something else than Mixpanel.
 */
export function canBeOfChange(text: string, { answer }: Pick<Operation, "answer">): boolean {
  if (text.trim() === "") return true;
  const said = parsed(text);
  // What is read afterwards may come as lines, and is an error when it is neither.
  if (said === undefined) return answer !== "nothing";
  return said === 1 || isObject(said) || (Array.isArray(said) && said.length > 0);
}

/** Whether an answer says `"status": "ok"`, or one of its results has one of these fields. */
export function saysOkOr(...names: readonly string[]): (text: string) => boolean {
  return (text) => {
    const said = parsed(text);
    if (isObject(said) && /^(ok|success)$/i.test(String(said.status))) return true;
    const inner = isObject(said) && "results" in said ? said.results : said;
    return [inner].flat().some((one) => isObject(one) && names.some((name) => (one[name] ?? null) !== null));
  };
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
