/** What `mp export profiles` and `mp export groups` share. */
import { z } from "zod";
import { stream } from "../../../api/call.ts";
import { count, expression, jsonText } from "../../../api/params.ts";
import { queryProfiles } from "../../../api/profile_queries.ts";
import type { Context } from "../../../cli/context.ts";
import { progressMode, withProgress } from "../../../cli/job_progress.ts";
import { dataView } from "../../../cli/scope.ts";
import { inputError } from "../../../errors.ts";
import { exportProfiles, type ProfilesSummary } from "../../../jobs/profiles/export_profiles.ts";
import type { ProfileQuery } from "../../../jobs/profiles/fetch_page.ts";
import { needsAllRecords } from "../../../jobs/profiles/record_form.ts";
import { formatBytes, formatCount, formatDuration, formatNumber } from "../../../output/format.ts";
import { definedFields } from "../../../streams/json/defined_fields.ts";
import { makeTemporaryFolder, removeFile } from "../../../runtime/files/files.ts";
import type { ProgressMode } from "../../../output/progress/job_progress.ts";
import { nameList } from "./name_list.ts";
import { outputFlags, recordOutput } from "./record_output.ts";

/** Flags of both. */
export const profileExportFlags = {
  where: expression('Only profiles where this holds, such as properties["plan"] == "pro"').optional(),
  output_properties: z.array(z.string()).min(1).optional().meta({
    flag: "output-property",
    aliases: ["properties"],
    placeholder: "A,B,C",
    description: "Return only this property",
  }),
  as_of: queryProfiles.params.shape.as_of_timestamp,
  concurrency: count("Pages that are fetched at the same time", { min: 1, max: 32 }).default(8),
  page_size: count("Profiles in a page; default: as many as Mixpanel gives", { min: 1, max: 1000 }).optional(),
  ...outputFlags,
  restart: z.boolean().default(false).meta({ description: "Start over, instead of continuing an earlier run" }),
  progress: progressMode,
};

const flags = z.object({
  ...profileExportFlags,
  behaviors: jsonText(z.array(z.looseObject({})), "").optional(),
});

export type ProfileExportInput = z.output<typeof flags>;

/** Exports what `query` and the shared flags ask for, and says how it went; returns the exit code. */
export async function runProfileExport(
  context: Context,
  query: ProfileQuery,
  input: ProfileExportInput,
  noun: "profile" | "group",
): Promise<number> {
  const flags = withFlags(query, input);
  const client = await context.client();
  const asked: ProfileQuery = { ...flags, ...dataView(client) };
  const output = await recordOutput(context, input);
  if (context.globals.dryRun) {
    await stream(client, queryProfiles, asked);
    return 0;
  }
  const startedMs = context.clock.now();
  const needsSpace = output.stateFolder === undefined && needsAllRecords(output.form);
  const temporary = needsSpace ? await makeTemporaryFolder("mp-export-") : undefined;
  const words = {
    label: "Exporting",
    noun: `${noun}s`,
    stepNoun: "pages",
    printsData: output.path === undefined,
  };
  try {
    const summary = await withProgress(context, input.progress, words, (progress) =>
      exportProfiles(client, {
        query: asked,
        asOfSeconds: asked.behaviors === undefined ? undefined : Math.floor(startedMs / 1000),
        form: output.form,
        target: output.target,
        stateFolder: output.stateFolder ?? temporary,
        restart: input.restart,
      }, {
        clock: context.clock,
        concurrency: input.concurrency,
        signal: context.signal,
        progress,
        onNote: (line) => context.note(line),
      }));
    const elapsedMs = context.clock.now() - startedMs;
    await tell(context, summary, { mode: input.progress, noun, elapsedMs, path: output.path });
    return summary.complete ? 0 : 8;
  } finally {
    if (temporary !== undefined) await removeFile(temporary);
  }
}

function withFlags(query: ProfileQuery, input: ProfileExportInput): ProfileQuery {
  const { where, output_properties: names, as_of: as_of_timestamp, page_size, behaviors } = input;
  const output_properties = names === undefined ? undefined : nameList(names);
  if (output_properties?.length === 0) throw inputError("Cannot use --output-property: it names none");
  return definedFields({ ...query, where, output_properties, as_of_timestamp, page_size, behaviors });
}

/** For people some lines, with `--progress json` one object. */
async function tell(
  context: Context,
  { profiles, pages, bytes, total, repeated, complete }: ProfilesSummary,
  { mode, noun, elapsedMs, path }: { mode: ProgressMode; noun: string; elapsedMs: number; path?: string },
): Promise<void> {
  if (mode === "json") {
    const info = { type: "summary", records: profiles, pages, bytes, total_records: total, repeated, complete };
    return await context.stderr.write(`${JSON.stringify({ ...info, elapsed_ms: Math.round(elapsedMs) })}\n`);
  }
  const place = path === undefined ? "" : ` to ${path}`;
  const amount = `${formatCount(profiles, noun)} in ${formatCount(pages, "page")}, ${formatBytes(bytes)}`;
  await context.note(`Exported ${amount} in ${formatDuration(elapsedMs)}${place}`);
  if (repeated > 0) await context.note(`  ${formatNumber(repeated)} of them came before, with the same id`);
  const difference = total === undefined || total === profiles
    ? ""
    : `Mixpanel reported ${formatNumber(total)} at first`;
  if (!complete) {
    await context.note(`  This is not all${difference === "" ? "" : `: ${difference}`}; the same command asks again`);
  } else if (difference !== "") await context.note(`  ${difference}`);
}
