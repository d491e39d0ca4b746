/** `mp sandbox --source`: the events and profiles of files, before anything is served. */
import type { Context } from "../../../cli/context.ts";
import { inputError } from "../../../errors.ts";
import { loadLake } from "../../../lake/load_lake.ts";
import { formatCount, formatDuration, formatNumber } from "../../../output/format.ts";
import { SANDBOX } from "../../../sandbox/defaults.ts";
import type { Project } from "../../../sandbox/store/projects.ts";
import type { Store } from "../../../sandbox/store/store.ts";
import type { SourceFlags } from "../../query/shared/source_flags.ts";
import { lakeFiles, layoutOf } from "../../query/shared/lake_files.ts";

/** @throws MpError (input) for files that cannot be read or have no event */
export async function loadSource(
  context: Context,
  store: Store,
  { source = [], preset, map, demo }: SourceFlags & { demo: boolean },
): Promise<void> {
  if (demo) throw inputError("Cannot use --demo with --source: each fills the project", "leave one of them out");
  const startedMs = context.clock.now();
  const project = store.projects.project(SANDBOX.projectId) as Project;
  const files = await lakeFiles(context, source);
  const options = { nowMs: startedMs, signal: context.signal };
  const loaded = await loadLake(store, project, files, layoutOf({ preset, map }, files), options);
  const time = formatDuration(context.clock.now() - startedMs);
  const profiles = store.profiles.count(project.id);
  await context.note(
    `Loaded ${formatCount(loaded.read, "event")} and ${formatCount(profiles, "profile")} of ${
      source.join(", ")
    } in ${time}`,
  );
  if (loaded.refused === 0) return;
  await context.note(`  ${formatNumber(loaded.refused)} records are no events; the first: ${loaded.firstRefusal}`);
}
