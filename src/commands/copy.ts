/** `mp copy`: events, profiles and what describes them, from one project to another. */
import { z } from "zod";
import { createAnnotation, listAnnotations } from "../api/annotations.ts";
import { exportEvents } from "../api/export.ts";
import { updateGroups } from "../api/groups.ts";
import { importEvents } from "../api/ingestion.ts";
import { listSchemas, uploadSchemas } from "../api/lexicon.ts";
import { count, text } from "../api/params.ts";
import { queryProfiles } from "../api/profile_queries.ts";
import { updateProfiles } from "../api/profiles.ts";
import { stream } from "../api/call.ts";
import { command } from "../cli/command.ts";
import type { Context } from "../cli/context.ts";
import { jobProgress, progressMode } from "../cli/job_progress.ts";
import { createContext } from "../cli/run_command.ts";
import { RejectedRecordsError } from "../client/rejected_records.ts";
import type { Client } from "../client/types.ts";
import { inputError, MpError } from "../errors.ts";
import type { GroupType } from "../jobs/copy/copy_profiles.ts";
import { copyProject } from "../jobs/copy/copy_project.ts";
import { timeReader } from "../records/map/map_time.ts";
import { checkProjects, copyFolder, type WantedCopy } from "../jobs/copy/projects.ts";
import { readAnnotations, readLexicon } from "../jobs/project_lists.ts";
import type { ResolvedSettings } from "../settings/resolve.ts";
import { copyReport } from "./copy/shared/copy_report.ts";

const { from_date, to_date, event, where } = exportEvents.params.shape;
const on = (description: string) => z.boolean().default(false).meta({ description });

const input = z.object({
  source: text("Account to read from; default: the one in use", { placeholder: "ACCOUNT" }).optional(),
  target: text("Account to write to; default: the one in use", { placeholder: "ACCOUNT" }).optional(),
  source_project: text("Project to read from, when it is not the account's", { placeholder: "ID" }).optional(),
  target_project: text("Project to write to, when it is not the account's", { placeholder: "ID" }).optional(),
  from_date: from_date.optional(),
  to_date: to_date.optional(),
  event,
  where,
  profiles: on("Also copy user profiles"),
  groups: z.array(z.string()).optional().meta({
    placeholder: "KEY=ID",
    description: "Also copy groups: their group key, and its 19-digit id in the source",
  }),
  lexicon: on("Also copy the data dictionary"),
  annotations: on("Also copy the notes on the charts"),
  skip_identity: on("Leave $identify, $create_alias and $merge out"),
  timezone: text("Time zone of the source's times, when it was made before 2023", {
    aliases: ["tz"],
    placeholder: "ZONE",
  })
    .optional(),
  rejects: text("Write rejected records with their reasons to this file; default: one that is named at the end", {
    placeholder: "FILE",
  }).optional(),
  state: text("Folder for data in transit; default: one in the user's state folder", { placeholder: "FOLDER" })
    .optional(),
  concurrency: count("Most requests to the target at the same time", { min: 1, max: 20 }).default(20),
  restart: on("Start over, instead of continuing an earlier run"),
  progress: progressMode,
});
type Input = z.output<typeof input>;

export default command({
  description:
    "Events are fetched in slices and imported, in the order of their days, with milliseconds and $insert_ids as they " +
    "are; what Mixpanel's servers had added is removed. Every event is accounted for: accepted, rejected with a " +
    "reason, left out or not sent. The same command continues where one was stopped, and repeating it is harmless: an " +
    "event that is there already counts once. Profiles are set property by property; what only the target has " +
    "stays.\n\n" +
    "Who is who is not copied: exported events have the ids that the source has resolved. $identify, $create_alias and " +
    "$merge go along, but a project with simplified identity management refuses them (they are then among the rejects), " +
    "and --skip-identity leaves them out. Cohorts, reports, dashboards, lookup tables and feature flags are not copied.",
  examples: [
    {
      text: "A month, with profiles, into a project that identifies users in the simplified way",
      run: "mp copy --source production --target archive --last 30d --profiles --skip-identity",
    },
    {
      text: "Purchases only, and the dictionary",
      run: "mp copy --source production --target archive --last 7d --event Purchase --lexicon --annotations",
    },
  ],
  operations: [
    exportEvents,
    importEvents,
    queryProfiles,
    updateProfiles,
    updateGroups,
    listSchemas,
    uploadSchemas,
    listAnnotations,
    createAnnotation,
  ],
  input,
  dateRange: true,
  run: copy,
});

async function copy(context: Context, input: Input, typedDays?: string): Promise<number> {
  const wanted = wantedCopy(input, typedDays);
  const source = await sideOf(context, "source", input.source, input.source_project).client();
  const targetSide = sideOf(context, "target", input.target, input.target_project);
  const target = await targetSide.client();
  // A dry run knows no tokens that could be compared.
  if (context.globals.dryRun) return await showFirst(source, wanted);
  checkProjects(source, target, wanted, ownsToken(await targetSide.settings()));
  const { stateFolder } = await context.settings();
  const folder = input.state ?? copyFolder(stateFolder, source, target, wanted);
  const progress = jobProgress(context, input.progress, { label: "Copying", noun: "records", stepNoun: "days" });
  const report = copyReport(context, progress, input.progress);
  try {
    await report.begin(source, target, wanted);
    let code = 0;
    await copyProject({
      source,
      target,
      folder,
      rejectsPath: input.rejects,
      restart: input.restart,
      clock: context.clock,
      signal: context.signal,
      sendConcurrency: input.concurrency,
      progress,
      fetchProgress: report.fetching,
      onReject: report.reject,
      onNote: (line) => context.note(line),
      async onEnd(summary) {
        await progress.done();
        code = await report.end(summary);
      },
    }, wanted);
    return code;
  } finally {
    await progress.done();
  }
}

/** How the copy would begin: the client of a dry run prints the request and ends the command. */
async function showFirst(source: Client, { events, profiles, groups, lexicon }: WantedCopy): Promise<number> {
  if (events !== undefined) {
    const { from, to, event, where } = events;
    await stream(source, exportEvents, { from_date: from, to_date: to, event, where, time_in_ms: true });
  } else if (profiles || groups.length > 0) {
    await stream(source, queryProfiles, profiles ? {} : { data_group_id: groups[0]?.dataGroupId });
  } else await (lexicon ? readLexicon(source) : readAnnotations()(source));
  return 0;
}

/** One side of the copy: the settings of its account, with everything else as it was typed. */
function sideOf(context: Context, side: "source" | "target", account?: string, project?: string): Context {
  const { globals } = context;
  if (globals.project !== undefined) {
    throw inputError(
      "Cannot use --project with a copy: it has two projects",
      "say which with --source-project and --target-project",
    );
  }
  const own = { ...globals, account: account ?? globals.account, project };
  const made = createContext(own, context);
  const saySide = (error: unknown) => Promise.reject(ofSide(error, side));
  return {
    ...made,
    async client() {
      const client = await made.client().catch(saySide);
      return { ...client, send: (request, options) => client.send(request, options).catch(saySide) };
    },
  };
}

/** A token says by itself where profiles go: it counts only when it was set together with the project. */
function ownsToken({ credentials, projectId }: ResolvedSettings): boolean {
  const token = credentials.find(({ kind }) => kind === "project_token")?.source;
  const project = projectId?.source;
  if (token === undefined || project === undefined || token.kind !== project.kind) return false;
  return token.kind !== "account" || project.kind !== "account" || token.name === project.name;
}

/** A refusal of single records is no fault of a side, and is read for their reasons. */
function ofSide(error: unknown, side: string): unknown {
  if (!(error instanceof MpError) || error instanceof RejectedRecordsError) return error;
  return new MpError(`${error.message} (for the ${side})`, { ...error, cause: error });
}

function wantedCopy(input: Input, named?: string): WantedCopy {
  const { from_date: from, to_date: to, event, where, profiles, lexicon, annotations } = input;
  if (from === undefined && to !== undefined) {
    throw inputError("Cannot copy events: the first of the days is missing", "add --from DAY, or --last 30d");
  }
  if (input.timezone !== undefined) checkZone(input.timezone);
  const groups = (input.groups ?? []).map(groupType);
  const events = from === undefined || to === undefined
    ? undefined
    : { from, to, named, event, where, skipIdentity: input.skip_identity, timeZone: input.timezone };
  if (events === undefined && !profiles && groups.length === 0 && !lexicon && !annotations) {
    throw inputError("Cannot copy: nothing is named to be copied", "add --last 30d for events, or --profiles");
  }
  return { events, profiles, groups, lexicon, annotations };
}

function checkZone(timeZone: string): void {
  try {
    timeReader({ timeZone });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw inputError(
      `Cannot use --timezone ${JSON.stringify(timeZone)}: no such time zone`,
      "zones are called Europe/Berlin, America/Los_Angeles or UTC",
      "bad_zone",
    );
  }
}

function groupType(text: string): GroupType {
  const [, key, dataGroupId] = /^(.+)=(\d+)$/s.exec(text) ?? [];
  if (key !== undefined && dataGroupId !== undefined) return { key, dataGroupId };
  throw inputError(
    `Cannot use --groups ${JSON.stringify(text)}: it is no KEY=ID`,
    "such as company=1234567890123456789; Mixpanel shows both under Project Settings → Group Analytics",
  );
}
