/** Copies what is wanted of a project, and keeps account of it. */
import { MpError, withFurtherHint } from "../../errors.ts";
import { join, makeFolder, removeFile } from "../../runtime/files/files.ts";
import type { JobProgress } from "../progress.ts";
import { localStorage } from "../../storage/files/local.ts";
import { lockOutput } from "../../storage/lock.ts";
import { writingFile } from "../../runtime/files/write_fault.ts";
import { countDays } from "../export/days.ts";
import { copyEvents, isDays } from "./copy_events.ts";
import { clearFolder, REJECTS_FILE } from "./copy_folder.ts";
import { ANNOTATIONS, copyAnnotations, copyLexicon, LEXICON } from "./copy_lists.ts";
import { type CopyContext, GO_ON } from "./copy_part.ts";
import { copyProfiles } from "./copy_profiles.ts";
import { openRejectFile } from "../import/reject_file.ts";
import { type CopiedPart, CopyState } from "./copy_state.ts";
import { identityOf, type WantedCopy } from "./projects.ts";

export interface CopyJob extends Omit<CopyContext, "state" | "rejects"> {
  /** The file for rejected records; default: one in the folder. */
  rejectsPath?: string;
  restart: boolean;
  sendConcurrency: number;
  /** For the export's side of events, which count when they are copied, not when they are fetched. */
  fetchProgress?: JobProgress;
  /** Told how it ended, before what a later run would go on with is removed. */
  onEnd?(summary: CopySummary): Promise<void>;
}

/** What came of a copy, earlier runs included. In each part, what is neither accepted, rejected, left out nor in doubt is not sent. */
export interface CopySummary {
  parts: readonly CopiedPart[];
  /** Where rejected records are; unset when there are none. */
  rejectsPath?: string;
  /** What ended it early. */
  failure?: MpError;
}

/**
 * Copies parts until all are there or one cannot be. The folder is emptied when everything is there.
 *
 * @throws MpError (input) when the folder belongs to another copy, (failure) when another process is at it. What ends the
 * copy itself is in the summary.
 */
export async function copyProject(job: CopyJob, wanted: WantedCopy): Promise<CopySummary> {
  const { source, target, folder, restart, clock } = job;
  await writingFile(folder, makeFolder(folder, 0o700));
  const lock = await lockOutput(localStorage(folder), folder, { note: (line) => void job.onNote(line) });
  try {
    if (restart) await writingFile(folder, clearFolder(folder));
    const state = await CopyState.open(folder, identityOf(source, target, wanted), clock.now);
    const path = job.rejectsPath ?? join(folder, REJECTS_FILE);
    // A file that the user names may hold something of theirs, unless an earlier run has written it.
    const isTheirs = job.rejectsPath !== undefined && state.isFresh && !restart;
    const rejects = await openRejectFile(path, [], isTheirs ? "none" : state.rejectsBytes);
    if (isTheirs) await state.begin();
    state.syncRejects = () => rejects.sync();
    let stopped: CopiedPart | undefined;
    let failure: MpError | undefined;
    const context: CopyContext = { ...job, state, rejects, onStopped: (part) => void (stopped = part) };
    try {
      await copyParts(context, job, wanted);
    } catch (error) {
      if (!(error instanceof MpError)) throw error;
      failure = resumable(error);
    } finally {
      await rejects.close();
    }
    const rejectsPath = rejects.bytes > 0 ? path : undefined;
    if (rejectsPath === undefined && job.rejectsPath === undefined) await removeFile(path);
    const parts = stopped === undefined ? state.parts : [...state.parts, stopped];
    const summary = { parts, rejectsPath, failure };
    await job.onEnd?.(summary);
    if (failure === undefined) await writingFile(folder, clearFolder(folder));
    return summary;
  } finally {
    await lock.release();
  }
}

/** Whatever ended it, the rest is for the next run. */
function resumable(error: MpError): MpError {
  if (error.hint?.includes("run the same command again")) return error;
  return withFurtherHint(error, GO_ON);
}

/** Small things first: they tell soonest that something is not allowed. */
async function copyParts(context: CopyContext, job: CopyJob, wanted: WantedCopy): Promise<void> {
  const { state } = context;
  const { sendConcurrency, fetchProgress } = job;
  if (wanted.lexicon && !state.partOf(LEXICON)) await state.add(await copyLexicon(context));
  if (wanted.annotations && !state.partOf(ANNOTATIONS)) await state.add(await copyAnnotations(context));
  if (wanted.profiles) await copyProfiles(context);
  for (const group of wanted.groups) await copyProfiles(context, group);
  if (wanted.events === undefined) return;
  for await (const part of copyEvents(context, { ...wanted.events, sendConcurrency, fetchProgress })) {
    context.progress.advance({ steps: isDays(part) ? countDays(part) : 0 });
  }
}
