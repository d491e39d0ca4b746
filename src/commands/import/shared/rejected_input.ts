/** Files of rejected records bring the flags with which they were read; `mp import FILE` takes the records as those say. */
import { checkAgainst } from "../../../api/request.ts";
import { inputError } from "../../../errors.ts";
import type { RecordSource } from "../../../records/read/record_source.ts";
import { type ReadWith, seeSource } from "../../../records/read/rejected_lines.ts";
import { definedFields } from "../../../streams/json/defined_fields.ts";
import { stringifyJson } from "../../../streams/json/json.ts";
import { type ImportInput, importInput } from "./import_flags.ts";

/** What is about a run, and says nothing on how records are read. */
const OF_THE_RUN: ReadonlySet<string> = new Set<keyof ImportInput>([
  "files",
  "data",
  "check",
  "table",
  "rejected",
  "rejects",
  "concurrency",
  "batch_size",
  "skip_lines",
  "checkpoint_file",
  "checkpoint",
  "restart",
  "progress",
]);

/** What is to be read, and how. */
export interface PlannedImport {
  input: ImportInput;
  sources: readonly RecordSource[];
  /** The flags with which records are read, for those that are rejected. */
  readWith: ReadWith;
  /** The flags with which the records of a file of rejected ones were read before. */
  readBefore: ReadWith;
}

/**
 * Looks whether the sources are files of rejected records, and then reads them as their records were read; what is typed
 * wins.
 *
 * @throws MpError (input) when they are from another command, when some are and others are not, and when they were read in
 * different ways.
 */
export async function planImport(input: ImportInput, sources: readonly RecordSource[]): Promise<PlannedImport> {
  const [first, ...others] = sources;
  if (first === undefined) return { input, sources, readWith: typedFlags(input), readBefore: {} };
  const { source, readWith: readBefore } = await seeSource(first);
  const seen = [source, ...others];
  if (readBefore === undefined) return { input, sources: seen, readWith: typedFlags(input), readBefore: {} };
  if (typeof readBefore.command === "string") throw ofAnotherCommand(first.name, readBefore.command);
  for (const [index, other] of others.entries()) {
    const { source, readWith } = await seeSource(other);
    seen[index + 1] = source;
    if (readWith !== undefined && stringifyJson(readWith) === stringifyJson(readBefore)) continue;
    throw inputError(
      `Cannot import ${other.name} together with ${first.name}: ${
        readWith === undefined ? "it is no file of rejected records" : "their records were read with other flags"
      }`,
      "import one after the other",
      "mixed_rejects",
    );
  }
  const theirs = checkAgainst(importInput, readBefore, `import ${first.name} with the flags in read_with`);
  const merged = { ...theirs, ...ofTheRun(input), ...typedFlags(input) } as ImportInput;
  return {
    input: { ...merged, input_format: "jsonl", rejected: true },
    sources: seen,
    readWith: typedFlags(merged),
    readBefore,
  };
}

/** The flags that say how records are read, without those that are as they are by default. */
function typedFlags(input: ImportInput): ReadWith {
  const usual: Record<string, unknown> = importInput.parse({});
  return definedFields(Object.fromEntries(
    Object.entries(input).filter(([name, value]) =>
      !OF_THE_RUN.has(name) && value !== undefined && stringifyJson(value) !== stringifyJson(usual[name] ?? null)
    ),
  ));
}

function ofTheRun(input: ImportInput): Partial<ImportInput> {
  return Object.fromEntries(Object.entries(input).filter(([name]) => OF_THE_RUN.has(name)));
}

function ofAnotherCommand(name: string, command: string) {
  const hint = command === "track" ? `mp track - < ${name}` : `mp ${command} ${name}`;
  return inputError(`Cannot import ${name}: its records were rejected by 'mp ${command}'`, hint, "other_rejects");
}
