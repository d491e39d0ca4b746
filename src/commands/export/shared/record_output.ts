/** Where and how an export of records is written, from the flags that such exports share. */
import { choice, textList } from "../../../api/params.ts";
import type { Context } from "../../../cli/context.ts";
import { inputError } from "../../../errors.ts";
import { chooseFormat, type Compression, COMPRESSIONS } from "../../../jobs/export/output_format.ts";
import { stateFolderOf, targetAddress } from "../../../jobs/target_address.ts";
import type { RecordForm } from "../../../jobs/profiles/record_form.ts";
import { pipeTarget, storedTarget, type Target } from "../../../jobs/target.ts";
import { REPORT_FORMATS } from "../../../output/formats.ts";
import { recordOutputOf } from "../../../output/clean_bytes.ts";
import { proveWritable } from "../../../runtime/files/writable.ts";
import { storageAt } from "../../../cli/storage_at.ts";
import { nameList } from "./name_list.ts";

/** The flags. */
export const outputFlags = {
  columns: textList("Columns of csv, tsv and parquet, with commas between; default: all that occur", {
    placeholder: "NAMES",
  }).optional(),
  compress: choice(COMPRESSIONS, "Default: by the file's name (.gz, .zst), else none").optional(),
};

export interface OutputInput {
  columns?: string[];
  compress?: Compression;
}

export interface RecordOutput {
  form: RecordForm;
  target: Target;
  /** As it was typed; undefined for standard output. */
  path?: string;
  /** Where a long export keeps what is not in the output yet; undefined where the output cannot be gone on with. */
  stateFolder?: string;
}

/**
 * Decides on form and target; nothing is written yet.
 *
 * @throws MpError (input) for a format that is no form of records, and for flags that contradict each other.
 */
export async function recordOutput(context: Context, flags: OutputInput): Promise<RecordOutput> {
  const { globals, stdout } = context;
  if (globals.jq !== undefined) {
    throw inputError("Cannot filter an export with --jq: it is a stream", "use a pipe: mp export … | jq -c PROGRAM");
  }
  const path = globals.output;
  const target = await targetAddress(path, undefined);
  if (target.kind === "stream") {
    const form = recordForm(context, undefined, flags);
    return { form, target: pipeTarget(recordOutputOf(stdout, form)) };
  }
  if (target.kind === "folder") {
    throw inputError(`Cannot write ${JSON.stringify(path)}: it is a folder`, "name a file in it", "unwritable_file");
  }
  const form = recordForm(context, target.path, flags);
  const storage = await storageAt(context, target.storage);
  if (path !== undefined && storage.folder !== undefined) await proveWritable(path);
  const stored = storedTarget(storage, target.path);
  if (target.kind === "device") return { form, path, target: { address: stored.address, take: stored.take } };
  const userFolder = storage.folder === undefined ? (await context.settings()).stateFolder : "";
  return { form, path, target: stored, stateFolder: stateFolderOf(storage, target.path, userFolder) };
}

/** As exports of events, and besides that JSON as one list. */
function recordForm({ globals: { format, bom } }: Context, name: string | undefined, flags: OutputInput): RecordForm {
  if (format === "table" || format === "chart" || (format !== undefined && REPORT_FORMATS.has(format))) {
    throw inputError(
      `Cannot export records as ${format}: they come as jsonl, json, csv, tsv or parquet`,
      "leave --format out for JSON Lines",
      "bad_choice",
    );
  }
  const isList = format === "json" || (format === undefined && /\.json(\.gz|\.zst)?$/i.test(name ?? ""));
  const columns = flags.columns === undefined ? undefined : nameList(flags.columns);
  const chosen = chooseFormat({
    format: isList ? "jsonl" : format,
    compression: flags.compress,
    columns,
    layout: "profile",
    bom,
    name,
  });
  return { format: isList ? "json" : chosen.format, compression: chosen.compression, columns, bom };
}
