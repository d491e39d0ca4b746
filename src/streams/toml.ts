/** TOML: what people write by hand, and what is kept under version control. */
import { parse, stringify, TomlError } from "smol-toml";
import { isObject } from "./json/is_object.ts";
import { LongNumber, stringifyJson } from "./json/json.ts";

export type TomlTable = Record<string, unknown>;

/** Why a text is not TOML, and where. Lines and columns are counted from 1. */
export interface TomlFault {
  line: number;
  column: number;
  reason: string;
}

/**
 * Parses TOML; integers that a number cannot hold become bigints.
 *
 * @throws the parser's error, which {@linkcode tomlFault} explains
 */
export function parseToml(text: string): TomlTable {
  return parse(text, { integersAsBigInt: "asNeeded" }) as TomlTable;
}

/** What is wrong with a text that was not parsed; undefined for an error of another kind. */
export function tomlFault(error: unknown): TomlFault | undefined {
  if (!(error instanceof TomlError)) return undefined;
  // The parser's own message quotes the lines around an error, so only its first is used.
  const reason = error.message.split("\n", 1)[0]!.replace(/^Invalid TOML document: /, "");
  return { line: error.line, column: error.column, reason };
}

/**
 * The text of a document, with tables after everything else.
 *
 * @param asJson keys, at any depth, whose values are written as a text of JSON over several lines: TOML has no null
 */
export function printToml(document: TomlTable, asJson: readonly string[] = []): string {
  if (asJson.length === 0) return stringify(document);
  return linesOf(document, "", new Set(asJson)).join("\n").trim() + "\n";
}

function linesOf(table: TomlTable, path: string, asJson: ReadonlySet<string>): string[] {
  const plain: TomlTable = {};
  const texts: string[] = [];
  const later: string[] = [];
  for (const [key, value] of Object.entries(table)) {
    const inner = path === "" ? keyText(key) : `${path}.${keyText(key)}`;
    if (asJson.has(key)) texts.push("", jsonText(key, value));
    else if (isObject(value)) later.push("", `[${inner}]`, ...linesOf(value, inner, asJson));
    else if (isTableList(value)) {
      for (const one of value) later.push("", `[[${inner}]]`, ...linesOf(one, inner, asJson));
    } else plain[key] = value;
  }
  const text = stringify(plain).trimEnd();
  return [...(text === "" ? [] : [text]), ...texts, ...later];
}

function isTableList(value: unknown): value is TomlTable[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}

/** Nothing is escaped in single quotes; what may not stand there is written in double quotes, with escapes. */
function jsonText(key: string, value: unknown): string {
  const text = stringifyJson(inKeyOrder(value), 2);
  return /'''|\x7f/.test(text) ? stringify({ [key]: text }).trimEnd() : `${keyText(key)} = '''\n${text}\n'''`;
}

/** Servers give the keys of an object in any order, and a text should only change when what it says does. */
function inKeyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inKeyOrder);
  if (!isObject(value) || value instanceof LongNumber) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, inKeyOrder(one)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => a < b ? -1 : 1));
}

/** A key as it stands in a header and before a `=`. */
function keyText(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key).replaceAll("\x7f", "\\u007f");
}
