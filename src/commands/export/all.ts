/** `mp export all`: a project's backup. */
import { z } from "zod";
import { listAnnotations } from "../../api/annotations.ts";
import { listCohorts } from "../../api/cohorts.ts";
import { exportEvents } from "../../api/export.ts";
import { listSchemas } from "../../api/lexicon.ts";
import { listLookupTables } from "../../api/lookup_tables.ts";
import { count, text } from "../../api/params.ts";
import { queryProfiles } from "../../api/profile_queries.ts";
import { command } from "../../cli/command.ts";
import type { Context } from "../../cli/context.ts";
import { progressMode } from "../../cli/job_progress.ts";
import { familyUrl } from "../../client/hosts.ts";
import { inputError, MpError } from "../../errors.ts";
import { backUp } from "../../jobs/backup/back_up.ts";
import { backupRange } from "../../jobs/backup/backup_range.ts";
import { readLexicon } from "../../jobs/project_lists.ts";
import { lockOutput } from "../../storage/lock.ts";
import { fileInfo } from "../../runtime/files/files.ts";
import { SCHEMES } from "../../storage/registry.ts";
import { stringifyJson } from "../../streams/json/json.ts";
import { VERSION } from "../../version.ts";
import { backupParts, eventsStorage } from "./shared/all_parts.ts";
import { storageAt } from "../../cli/storage_at.ts";

const { from_date, to_date } = exportEvents.params.shape;

const input = z.object({
  folder: text(`A folder, or ${SCHEMES}bucket/prefix`, { placeholder: "FOLDER" }),
  from_date: from_date.optional(),
  to_date: to_date.optional(),
  data_group_id: z.array(z.string().regex(/^\d+$/, { error: "a type of group is named by its numeric id" })).default([])
    .meta({
      flag: "group-key-id",
      aliases: ["data-group-id"],
      placeholder: "ID",
      description: "Also profiles of groups: the id of their group key",
    }),
  concurrency: count("Pages of profiles that are fetched at the same time", { min: 1, max: 32 }).default(8),
  restart: z.boolean().default(false).meta({ description: "Fetch everything again" }),
  progress: progressMode,
});
type Input = z.output<typeof input>;

/** What nobody can have by these endpoints. */
const NEVER_INCLUDED = [
  "dashboards and reports",
  "definitions of cohorts",
  "rows of lookup tables",
  "feature flags and experiments",
];

export default command({
  summary: "a project's backup: events, profiles and what describes them, in one folder",
  description:
    "lexicon.jsonl, annotations.jsonl, cohorts.jsonl and lookup_tables.jsonl are lists; profiles.jsonl.gz are user " +
    "profiles, groups_ID.jsonl.gz those of groups; events/ has a file for each day, with milliseconds. _mp_backup.json " +
    "says what became of each part. A part that your role or plan does not allow is reported, and the others are " +
    "fetched; the exit code is that of the worst. The same command continues where one was stopped, and renews a backup " +
    "that was complete, fetching only days of events that are missing. Days that are there stay, also when others are " +
    "asked for: the backup then has all from the first to the last. Without days it goes from its first day to yesterday.",
  examples: [
    { text: "The last month", run: "mp export all backup-folder --last 30d" },
    { text: "What is new since then", run: "mp export all backup-folder" },
    {
      text: "With the profiles of a type of group",
      run: "mp export all with-groups --last 7d --group-key-id 1000000000000000001",
    },
  ],
  operations: [listSchemas, listAnnotations, listCohorts, listLookupTables, queryProfiles, exportEvents],
  args: ["folder"],
  input,
  dateRange: true,
  run: exportAll,
});

async function exportAll(context: Context, input: Input): Promise<number> {
  const client = await context.client();
  // A dry run ends with the first request.
  if (context.globals.dryRun) await readLexicon(client);
  const { folder, from_date, to_date, data_group_id: dataGroupIds, concurrency, restart } = input;
  const storage = await storageAt(context, folder);
  const info = storage.folder === undefined ? undefined : await fileInfo(storage.folder);
  if (info !== undefined && !info.isFolder) {
    throw inputError(`Cannot back up to ${JSON.stringify(folder)}: it is a file`, "name a folder", "unwritable_file");
  }
  const project = {
    host: new URL(familyUrl("export", client.connection)).hostname,
    project: client.connection.projectId,
  };
  const wanted = { from: from_date, to: to_date, restart, nowMs: context.clock.now() };
  const range = await backupRange(storage, await eventsStorage(context, storage), project, wanted);
  if (range.from !== from_date || range.to !== to_date) await context.note(`Days: ${range.from} to ${range.to}`);
  const { stateFolder } = await context.settings();
  const lock = await lockOutput(storage, stateFolder, { note: (line) => void context.note(line) });
  try {
    const job = { context, client, storage, range, dataGroupIds, concurrency, restart };
    const summary = await backUp(storage, backupParts({ ...job, mode: input.progress }), {
      info: {
        ...project,
        from_date: range.from,
        to_date: range.to,
      },
      generator: `mp ${VERSION}`,
      notIncluded: [...(dataGroupIds.length === 0 ? ["profiles of groups"] : []), ...NEVER_INCLUDED],
      now: context.clock.now,
      restart,
      onPart: async ({ name }, isThere) => {
        if (isThere) await context.note(`${name}: there since an earlier run`);
      },
    });
    const data = { folder, complete: summary.complete, parts: summary.parts };
    await context.print({
      text: stringifyJson(data),
      data,
      rows: summary.parts.map(({ name, path, state, records, reason }) => ({
        part: name,
        path,
        state,
        records,
        reason,
      })),
    });
    const hint = dataGroupIds.length === 0 ? " (profiles of groups: add --group-key-id)" : "";
    await context.note(`Not included: ${NEVER_INCLUDED.join(", ")}${hint}`);
    return summary.worst === undefined ? 0 : new MpError("", { category: summary.worst }).exitCode;
  } finally {
    await lock.release();
  }
}
