/** Entries of the data dictionary, as commands take them. */
import { z } from "zod";
import { type SchemaEntry, schemaEntry } from "../../../api/lexicon.ts";
import { checkAgainst } from "../../../api/request.ts";
import type { Context } from "../../../cli/context.ts";
import { inputError } from "../../../errors.ts";
import { readContent, readJsonEntries } from "./read_entries.ts";

/** The entries of a file or, without one, of `--data`. */
export async function readEntries(context: Context, file: string | undefined, data: unknown): Promise<unknown[]> {
  if (file === undefined) return entriesOf(data, "--data");
  return readJsonEntries(await readContent(context, file), file, (value) => entriesOf(value, file));
}

/** The entries of a list, of `{entries}` or of an answer's `{results}`. */
function entriesOf(value: unknown, file: string): unknown[] {
  if (Array.isArray(value)) return value;
  const { entries, results } = (value ?? {}) as { entries?: unknown; results?: unknown };
  const list = entries ?? results ?? [value];
  if (Array.isArray(list)) return list;
  throw inputError(`Cannot read ${file}: it has no list of entries`, "see 'mp lexicon upload --help'", "bad_json");
}

/** @throws MpError (input) that names the first entry that is none. */
export function checkEntries(entries: readonly unknown[], action: string): SchemaEntry[] {
  if (entries.length === 0) throw inputError(`Cannot ${action}: it has no entries`);
  return checkAgainst(z.object({ entries: z.array(schemaEntry) }), { entries }, action).entries;
}
