/** TOML: what people write by hand, and what is kept under version control. */
import { parse, stringify, TomlError } from "smol-toml";

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

/** The text of a document. */
export const printToml = (document: TomlTable): string => stringify(document);

/** What is wrong with a text that was not parsed; undefined for an error of another kind. */
export function tomlFault(error: unknown): TomlFault | undefined {
  if (!(error instanceof TomlError)) return undefined;
  // The parser's own message quotes the lines around an error, so only its first is used.
  const reason = error.message.split("\n", 1)[0]!.replace(/^Invalid TOML document: /, "");
  return { line: error.line, column: error.column, reason };
}
