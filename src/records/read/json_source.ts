/** JSON that was typed, as the lines that a file would have. */
import { stringifyJson } from "../../streams/json/json.ts";
import type { RecordSource } from "./record_source.ts";

/** A source of one record, or of a list's. */
export function jsonSource(name: string, data: unknown): RecordSource {
  const lines = (Array.isArray(data) ? data : [data]).map((one) => stringifyJson(one));
  return { name, open: () => new Blob([lines.join("\n")]).stream() };
}
