/** The values of a Delta table's partition columns, which its log has as texts. */
import { parseExactJson } from "../../../streams/json/json.ts";

/** The types of a table's columns by their names, from the schema in its log; those of nested columns are left out. */
export function columnTypes(schemaText: unknown): Map<string, string> {
  const types = new Map<string, string>();
  if (typeof schemaText !== "string") return types;
  const { fields = [] } = parseExactJson(schemaText) as { fields?: { name: string; type: unknown }[] };
  for (const { name, type } of fields) if (typeof type === "string") types.set(name, type);
  return types;
}

/** The value that a text stands for; undefined for null, which an empty text is too. */
export function partitionValue(text: string | null | undefined, type: string | undefined): unknown {
  if (text === null || text === undefined || text === "") return undefined;
  switch (type?.replace(/\(.*/, "")) {
    case "byte":
    case "short":
    case "integer":
    case "long":
    case "decimal":
      return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) ? parseExactJson(text) : text;
    case "float":
    case "double": {
      const number = Number(text);
      return Number.isNaN(number)
        ? text === "NaN" ? undefined : text
        : Number.isFinite(number)
        ? number
        : String(number);
    }
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    case "timestamp":
    case "timestamp_ntz":
      return text.replace(/^(\d{4,}-\d\d-\d\d) /, "$1T");
    case "binary":
      return Array.from(text, (character) => character.charCodeAt(0).toString(16).padStart(2, "0")).join("");
    default:
      return text;
  }
}
