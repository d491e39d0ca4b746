/** Pages of help, from the same declarations that the parser reads. */
import { type Certainty, CERTAINTY_WORDS } from "../api/operation.ts";
import type { Command } from "./command.ts";
import { CHECK_FLAG, takesExpressions } from "./expressions.ts";
import { argumentName, flagsOf, type FlagSpec, hasNegation } from "./flags.ts";
import { globalInput } from "./globals.ts";
import { LAST_FLAG } from "./parse.ts";
import type { HelpPage } from "./help_text.ts";

/** What can be typed after a command's name, but for the global flags. */
export function argumentsOf(command: Command): { positional: FlagSpec[]; flags: FlagSpec[] } {
  const own = flagsOf(command.input);
  const positional = (command.args ?? []).map((key) => own.find((one) => one.key === key) as FlagSpec);
  const flags = own.filter((spec) => !positional.includes(spec)).map((spec) => inRange(command, spec));
  // The short form of a range comes before the long one.
  if (command.dateRange) flags.splice(Math.max(0, flags.findIndex(({ key }) => key === "from_date")), 0, LAST_FLAG);
  if (takesExpressions(own)) flags.push(CHECK_FLAG);
  return { positional, flags };
}

/** The page of a command, from its declaration. */
export function helpPage(name: string, summary: string, command: Command): HelpPage {
  const { positional, flags } = argumentsOf(command);
  return {
    name,
    summary,
    usage: [...positional.map(usageWord), flags.length > 0 ? "[flags]" : ""].filter(Boolean).join(" "),
    description: command.description,
    examples: command.examples,
    args: positional.map((spec) => ({ left: usageWord(spec), right: explain(spec), required: spec.required })),
    flags: flags.map((spec) => {
      const [left, right] = flagRow(spec);
      return { left, right, required: spec.required };
    }),
    takesGlobals: command.globals !== "none",
    deprecated: command.operations?.find((one) => one.deprecated !== undefined)?.deprecated,
    unpublished: leastCertain(command),
  };
}

/** What is said of a command that calls unpublished endpoints, by the least certain of them. */
function leastCertain({ operations = [] }: Command): string | undefined {
  const found = Object.keys(CERTAINTY_WORDS).findLast((kind) => operations.some((one) => one.unpublished === kind));
  return found === undefined ? undefined : CERTAINTY_WORDS[found as Certainty];
}

/** The flags that every command takes, for `mp help flags`. */
export const globalFlagRows = (): [string, string][] => flagsOf(globalInput).map(flagRow);

/** A range of days need not be typed as two: `--last` stands for both, and `--to` is today by itself. */
function inRange(command: Command, spec: FlagSpec): FlagSpec {
  if (!command.dateRange || (spec.key !== "from_date" && spec.key !== "to_date")) return spec;
  return { ...spec, required: false, defaultValue: spec.key === "to_date" ? "today" : undefined };
}

/** How a flag is typed, and what it does. */
export function flagRow(spec: FlagSpec): [string, string] {
  const isNegated = spec.kind === "boolean" && spec.defaultValue === true;
  const flag = isNegated || hasNegation(spec) ? spec.flag.replace("--", isNegated ? "--no-" : "--[no-]") : spec.flag;
  const short = spec.short === undefined ? "    " : `-${spec.short}, `;
  return [`${short}${flag}${spec.placeholder === "" ? "" : ` ${spec.placeholder}`}`, explain(spec)];
}

/** What a flag or argument does, with its default. */
export function explain(spec: FlagSpec): string {
  const remarks: string[] = [];
  if (spec.required) remarks.push("required");
  if (spec.kind === "list") remarks.push("can be repeated");
  const byDefault = String(spec.defaultValue ?? "");
  if (byDefault !== "" && spec.kind !== "boolean") remarks.push(`default ${byDefault}`);
  return [spec.description, remarks.length === 0 ? "" : `(${remarks.join(", ")})`].filter(Boolean).join(" ");
}

/** An argument in a usage line: `<event>`, `[files...]`. */
export function usageWord(spec: FlagSpec): string {
  const word = argumentName(spec.key) + (spec.kind === "list" ? "..." : "");
  return spec.required ? `<${word}>` : `[${word}]`;
}
