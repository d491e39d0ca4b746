/** A client whose answers are computed from files: nothing is sent, and no account is needed. */
import type { Context } from "../../../cli/context.ts";
import { inputError } from "../../../errors.ts";
import { Lake, type Reading } from "../../../lake/lake.ts";
import { formatCount, formatDuration, formatNumber } from "../../../output/format.ts";
import { cleanLine } from "../../../output/clean.ts";
import { answeringClient } from "./answering_client.ts";
import type { WantedSource } from "./source_flags.ts";
import { lakeFiles, layoutOf } from "./lake_files.ts";

/** Runs `ask` with a context whose client answers from files. */
export async function withFiles<T>(
  context: Context,
  wanted: WantedSource,
  ask: (context: Context) => Promise<T>,
): Promise<T> {
  if (context.globals.dryRun) {
    throw inputError("Cannot use --dry-run with --source: nothing is sent", "leave one of them out", "bad_flags");
  }
  let lake: Promise<Lake> | undefined;
  const opened = () => lake ??= open(context, wanted);
  const client = answeringClient(context, nameOf(wanted), async (request) => await (await opened()).answer(request));
  try {
    return await ask({
      ...context,
      client: () => Promise.resolve(client),
      async known({ kind }) {
        const { events, properties } = (await opened()).names;
        return kind === "events" ? events : kind === "properties" ? properties : [];
      },
    });
  } finally {
    (await lake)?.close();
  }
}

async function open(context: Context, { paths, tz = "UTC", preset, map }: WantedSource): Promise<Lake> {
  const files = await lakeFiles(context, paths);
  const name = nameOf({ paths });
  const { clock, signal } = context;
  return new Lake({
    name,
    ...files,
    layout: layoutOf({ preset, map }, files),
    timeZone: tz,
    clock,
    signal,
    onRead: (reading) => tell(context, name, reading),
  });
}

const nameOf = ({ paths }: Pick<WantedSource, "paths">): string => paths.map(cleanLine).join(", ");

async function tell(context: Context, name: string, reading: Reading): Promise<void> {
  const { read, within, days, files, allFiles, identities, refused, firstRefusal, milliseconds } = reading;
  const time = formatDuration(milliseconds);
  const found = days === undefined
    ? `none of ${formatCount(read, "event")} is of these days`
    : `${formatCount(within, "event")} of ${formatCount(days.count, "day")} (${days.first} to ${days.last})`;
  const some = files < allFiles ? ` from ${formatNumber(files)} of ${formatNumber(allFiles)} files` : "";
  await context.note(`Read ${name} in ${time}: ${found}${some}`);
  if (identities > 0 && files < allFiles) {
    await context.note("  ids are joined by the events of these files alone; those of other days may join more");
  }
  if (refused > 0) {
    await context.note(`  ${formatNumber(refused)} records are no events and do not count; the first: ${firstRefusal}`);
  }
}
