/** Several checks in one TOML file, whose keys are the flags of the command. */
import { readNamedText } from "../../../cli/named_file.ts";
import { GLOBAL_SWITCHES, GLOBAL_VALUES } from "../../../cli/global_words.ts";
import type { Input } from "../../../runtime/standard_streams.ts";
import { inputError } from "../../../errors.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { parseToml, tomlFault, type TomlTable } from "../../../streams/toml.ts";

export interface FileCheck {
  /** For messages: its name, or which one of the file it is. */
  title: string;
  /** As they would be typed after the command. */
  argv: string[];
}

/** Global flags that are whose data is asked for; the others are about the output, which all checks share. */
const OWN_GLOBALS: readonly string[] = ["account", "project", "workspace", "region", "timeout", "secret_in", "pacing"];

/**
 * Reads `[[check]]` tables; what `[defaults]` has is for those that do not say otherwise.
 *
 * @throws MpError (input) for a file that has none, or a value that no flag can have
 */
export async function readCheckFile(path: string, stdin: Input): Promise<FileCheck[]> {
  const refuse = (state: string, hint?: string) => inputError(`Cannot use ${path}: ${state}`, hint, "bad_checks");
  const { check, defaults = {}, ...others } = parsed(await readNamedText(path, stdin), refuse);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw refuse(`it has ${JSON.stringify(unknown)}`, "a file of checks has [[check]] tables, and may have [defaults]");
  }
  if (!Array.isArray(check) || check.length === 0 || !check.every(isObject) || !isObject(defaults)) {
    throw refuse("it has no checks", 'begin each with [[check]], and below it event = "Purchase", warn = "<100"');
  }
  return check.map((table, index) => {
    const title = typeof table.name === "string" ? JSON.stringify(table.name) : `number ${index + 1}`;
    return { title, argv: wordsOf(withDefaults(table, defaults), (state) => refuse(`check ${title} has ${state}`)) };
  });
}

/** Days are a default for checks of days alone, and for those that name none themselves. */
function withDefaults(table: TomlTable, defaults: TomlTable): TomlTable {
  const hasOwn = (...names: string[]) => Object.keys(table).some((key) => names.includes(key.replaceAll("-", "_")));
  const needsNone = hasOwn("lag", "absent_for", "report", "last", "from", "to");
  const given = Object.entries(defaults).filter(([key]) => !needsNone || !["last", "from", "to"].includes(key));
  return { ...Object.fromEntries(given), ...table };
}

function parsed(text: string, refuse: (state: string) => Error): TomlTable {
  try {
    return parseToml(text);
  } catch (error) {
    const fault = tomlFault(error);
    if (fault === undefined) throw error;
    throw refuse(`line ${fault.line}, column ${fault.column}: ${fault.reason}`);
  }
}

function wordsOf(table: TomlTable, refuse: (state: string) => Error): string[] {
  const words: string[] = [];
  const positional: string[] = [];
  for (const [key, value] of Object.entries(table)) {
    const name = key.replaceAll("-", "_");
    const isGlobal = Object.hasOwn(GLOBAL_VALUES, name) || Object.hasOwn(GLOBAL_SWITCHES, name);
    if (name === "file" || (isGlobal && !OWN_GLOBALS.includes(name))) {
      throw refuse(`${key}, which is for the command line`);
    }
    const flag = `--${name.replaceAll("_", "-")}`;
    for (const one of Array.isArray(value) ? value : [value]) {
      if (!["string", "number", "bigint", "boolean"].includes(typeof one)) {
        throw refuse(`${key}, which is no text or number`);
      }
      if (name === "event") positional.push(String(one));
      else if (typeof one !== "boolean") words.push(`${flag}=${one}`);
      else if (name === "pacing" ? !one : one) words.push(name === "pacing" ? "--no-pacing" : flag);
    }
  }
  return [...words, "--", ...positional];
}
