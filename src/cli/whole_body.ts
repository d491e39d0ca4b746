/** `--data` of commands that make their body of arguments: the whole body, in place of them. */
import { z } from "zod";
import { inputError } from "../errors.ts";

export const WHOLE_BODY = {
  data: z.unknown().optional().meta({
    input: "json",
    description: "The whole body as JSON, @FILE or - for standard input, in place of arguments",
  }),
};

/**
 * Checks that either the body or what it is made of was typed.
 *
 * @param made what the command makes its body of, by argument: `{ "<alias>": alias }`
 * @throws MpError (input) for both, and for neither.
 */
export function checkEither(action: string, data: unknown, made: Readonly<Record<string, unknown>>): void {
  const isGiven = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
  const given = Object.keys(made).filter((name) => isGiven(made[name]));
  const missing = Object.keys(made).filter((name) => !isGiven(made[name]));
  if (data === undefined && missing.length > 0) {
    throw inputError(
      `Cannot ${action}: ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} missing`,
      "name it, or give the whole body with --data",
      "missing_argument",
    );
  }
  if (data !== undefined && given.length > 0) {
    throw inputError(`Cannot use --data together with ${given.join(" and ")}`, "give one or the other", "bad_data");
  }
}

/** The records of a body that holds one or a list. */
export function recordsIn(data: unknown): Record<string, unknown>[] {
  const records = Array.isArray(data) ? data : [data];
  const isRecord = (one: unknown) => typeof one === "object" && one !== null && !Array.isArray(one);
  if (records.length > 0 && records.every(isRecord)) return records as Record<string, unknown>[];
  throw inputError("Cannot use --data: it is neither a JSON object nor a list of them", undefined, "bad_data");
}
