/** `mp export verify`: is an exported folder still what it was? */
import { z } from "zod";
import { text } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { chosenFormat } from "../../cli/format_choice.ts";
import type { Context } from "../../cli/context.ts";
import { progressMode, withProgress } from "../../cli/job_progress.ts";
import { MpError } from "../../errors.ts";
import { readBackup } from "../../jobs/backup/backup_manifest.ts";
import { verifyBackup } from "../../jobs/backup/verify_backup.ts";
import { formatRanges } from "../../jobs/export/missing_days.ts";
import { type ManifestFile, readManifest } from "../../jobs/export/manifest.ts";
import { type Verification, verifyExport } from "../../jobs/export/verify.ts";
import { formatCount } from "../../output/format.ts";
import { SCHEMES } from "../../storage/registry.ts";
import { stringifyJson } from "../../streams/json/json.ts";
import { eventsStorage } from "./shared/all_parts.ts";
import { storageWithManifest } from "./shared/manifest_storage.ts";
import { storageAt } from "../../cli/storage_at.ts";

const input = z.object({
  folder: text(`A folder that 'mp export events' or 'mp export all' has written, or ${SCHEMES}bucket/prefix`, {
    placeholder: "FOLDER",
  }),
  progress: progressMode,
});

export default command({
  summary: "check an exported folder against its manifest",
  description:
    "Every file is read to its end: size, checksum, compression, form, the number of events, for JSON Lines also their " +
    "days, for tables the names and types of all columns, and whether each day has a file. Files that the manifest does not know are listed. The exit code is 1 when something is wrong; " +
    "'mp export events' with the same flags then fetches what is missing or has another size.",
  examples: [{
    text: "Export, then verify",
    run: "mp export events --last 7d -o week/ && mp export verify week/",
  }],
  args: ["folder"],
  input,
  run: verify,
});

async function verify(context: Context, { folder, progress: mode }: z.output<typeof input>): Promise<number> {
  const storage = await storageAt(context, folder);
  const manifest = await readManifest(await storageWithManifest(context, storage));
  const backup = manifest === undefined ? await readBackup(storage) : undefined;
  const words = { label: "Verifying", noun: "events", stepNoun: "files" };
  const found = await withProgress(context, mode, words, async (progress) => {
    const options = {
      signal: context.signal,
      onFile: ({ events, bytes }: ManifestFile) => progress.advance({ steps: 1, records: events, bytes }),
    };
    if (backup !== undefined) {
      return await verifyBackup(storage, await eventsStorage(context, storage), backup, options);
    }
    if (manifest === undefined) throw noManifest(folder);
    progress.total({ steps: manifest.files.length });
    return await verifyExport(storage, manifest, options);
  });
  await report(context, folder, found);
  return found.complete && found.faults === 0 ? 0 : 1;
}

function noManifest(folder: string): MpError {
  return new MpError(`Cannot verify ${JSON.stringify(folder)}: it has no manifest of an export or a backup`, {
    category: "not_found",
    code: "no_manifest",
    hint:
      "'mp export events -o FOLDER/' and 'mp export all FOLDER' write one; that of tables is beside the folder, in FOLDER.mp",
  });
}

async function report(context: Context, folder: string, found: Verification): Promise<void> {
  const rows = found.problems.map((problem) => ({ ...problem }));
  const format = chosenFormat(context) ?? "table";
  // An empty table would say nothing beside the sentence below.
  if (rows.length > 0 || format !== "table" || context.globals.jq !== undefined) {
    await context.print({
      text: `${stringifyJson(found)}\n`,
      data: found,
      rows,
      columns: ["path", "problem", "detail"],
    });
  }
  const held = `${formatCount(found.files, "file")} with ${formatCount(found.events, "event")}`;
  if (!found.complete) {
    const days = found.missing.length === 0 ? "" : `: it has no file for ${formatRanges(found.missing)}`;
    await context.note(
      `The export in ${folder} is not complete${days}; the same 'mp export events' command goes on with it`,
    );
  }
  const verdict = found.faults === 0 ? "no problems" : formatCount(found.faults, "problem");
  await context.note(`Verified ${held}: ${verdict}`);
}
