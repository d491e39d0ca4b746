/** The parts of a project's backup, made of the exports that there are. */
import type { Context } from "../../../cli/context.ts";
import { withProgress } from "../../../cli/job_progress.ts";
import { dataView } from "../../../cli/scope.ts";
import type { Client } from "../../../client/types.ts";
import type { BackupPart } from "../../../jobs/backup/back_up.ts";
import { stateFolderOf } from "../../../jobs/target_address.ts";
import { exportToFolder } from "../../../jobs/export/to_folder.ts";
import { JOB_PATIENCE_MS } from "../../../jobs/patience.ts";
import { exportProfiles } from "../../../jobs/profiles/export_profiles.ts";
import type { ProfileQuery } from "../../../jobs/profiles/fetch_page.ts";
import { storedTarget } from "../../../jobs/target.ts";
import {
  listLines,
  readAnnotations,
  readCohorts,
  readLexicon,
  type ReadList,
  readLookupTables,
} from "../../../jobs/project_lists.ts";
import type { Storage } from "../../../storage/storage.ts";
import { formatNumber } from "../../../output/format.ts";
import type { ProgressMode } from "../../../output/progress/job_progress.ts";
import { VERSION } from "../../../version.ts";
import { storageAt } from "../../../cli/storage_at.ts";

/** What the parts have in common. */
export interface BackupJob {
  context: Context;
  client: Client;
  storage: Storage;
  range: { from: string; to: string };
  dataGroupIds: readonly string[];
  concurrency: number;
  restart: boolean;
  mode: ProgressMode;
}

/** Small things first: they tell soonest that something is not allowed. */
export function backupParts(job: BackupJob): BackupPart[] {
  return [
    listPart(job, "lexicon", readLexicon),
    listPart(job, "annotations", readAnnotations()),
    listPart(job, "cohorts", readCohorts),
    listPart(job, "lookup_tables", readLookupTables),
    profilesPart(job, "profiles", {}),
    ...job.dataGroupIds.map((data_group_id) => profilesPart(job, `groups_${data_group_id}`, { data_group_id })),
    eventsPart(job),
  ];
}

function listPart({ context, client, storage }: BackupJob, name: string, read: ReadList): BackupPart {
  const path = `${name}.jsonl`;
  return {
    name,
    path,
    async run() {
      const items = await read(client, { signal: context.signal, patienceMs: JOB_PATIENCE_MS });
      await storedTarget(storage, path).take(listLines(items));
      return { records: items.length };
    },
  };
}

function profilesPart(job: BackupJob, name: string, query: ProfileQuery): BackupPart {
  const { context, client, storage, concurrency, restart, mode } = job;
  const path = `${name}.jsonl.gz`;
  return {
    name,
    path,
    async run() {
      const { stateFolder } = await context.settings();
      const words = { label: `Exporting ${name}`, noun: "profiles", stepNoun: "pages" };
      const { profiles, total, complete } = await withProgress(
        context,
        mode,
        words,
        (progress) =>
          exportProfiles(client, {
            query: { ...query, ...dataView(client) },
            form: { format: "jsonl", compression: "gzip" },
            target: storedTarget(storage, path),
            stateFolder: stateFolderOf(storage, path, stateFolder),
            restart,
          }, {
            clock: context.clock,
            concurrency,
            signal: context.signal,
            progress,
            onNote: (line) => context.note(line),
          }),
      );
      const shortfall = complete
        ? undefined
        : `Mixpanel reported ${formatNumber(total ?? 0)} profiles, and returned fewer`;
      return { records: profiles, shortfall };
    },
  };
}

/** Where a backup has its events. */
export const eventsStorage = (context: Context, storage: Storage): Promise<Storage> =>
  storageAt(context, storage.addressOf("events"));

/** With milliseconds, so that what is imported from it elsewhere has the same times. */
function eventsPart(job: BackupJob): BackupPart {
  const { context, client, storage, range, restart, mode } = job;
  return {
    name: "events",
    path: "events/",
    isIncremental: true,
    async run() {
      const { stateFolder: userFolder } = await context.settings();
      const own = await eventsStorage(context, storage);
      const words = { label: "Exporting events", noun: "events", stepNoun: "days" };
      const notes: string[] = [];
      try {
        const { totalEvents, events } = await withProgress(
          context,
          mode,
          words,
          (progress) =>
            exportToFolder(client, { ...range, time_in_ms: true }, {
              storage: own,
              stateFolder: stateFolderOf(own, undefined, userFolder),
              locksFolder: userFolder,
              output: { format: "jsonl", compression: "gzip", dedupe: false, split: "day", hive: false },
              clock: context.clock,
              generator: `mp ${VERSION}`,
              restart,
              mayExtend: true,
              progress,
              signal: context.signal,
              note: (line) => void notes.push(line),
            }),
        );
        return { records: totalEvents ?? events };
      } finally {
        for (const line of notes) await context.note(line);
      }
    },
  };
}
