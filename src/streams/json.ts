/**
 * JSON that keeps every digit. Mixpanel sends integers beyond 2^53 (data group ids have 19 digits),
 * which `JSON.parse` would round.
 */

interface LosslessJson {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): unknown;
}
const json = JSON as unknown as LosslessJson;

const LONG_DIGITS = /\d{16}/;
const INTEGER = /^-?\d+$/;

/** Parses JSON; an integer that a number cannot hold becomes a bigint. Throws SyntaxError. */
export function parseJson(text: string): unknown {
  if (!LONG_DIGITS.test(text)) return JSON.parse(text);
  return json.parse(text, (_key, value, context) => {
    const exact = typeof value !== "number" || Number.isSafeInteger(value) || !context.source ||
      !INTEGER.test(context.source);
    return exact ? value : BigInt(context.source as string);
  });
}

/** Prints JSON; bigints are printed as the integers they are. */
export function stringifyJson(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, item) => typeof item === "bigint" ? json.rawJSON(item.toString()) : item,
    indent,
  );
}
