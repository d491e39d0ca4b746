/** Values in the words of messages. */
import { valueText } from "./map_values.ts";

const MOST_CHARACTERS = 60;

/** A value in quotes, cut where it is long. */
export function shownValue(value: unknown): string {
  const text = valueText(value);
  return JSON.stringify(text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text);
}
