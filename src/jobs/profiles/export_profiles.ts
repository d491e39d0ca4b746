/** Exports all profiles of a query, of users or of groups. */
import type { Client } from "../../client/types.ts";
import { familyUrl } from "../../client/hosts.ts";
import { MpError, withFurtherHint } from "../../errors.ts";
import { fileInfo, readFileStream } from "../../runtime/files/files.ts";
import { gunzip } from "../../runtime/compression/gzip.ts";
import { changedNotes } from "../../streams/table/changed_notes.ts";
import type { Column } from "../../streams/table/record_encoder.ts";
import { renamedNotes } from "../../streams/table/column_names.ts";
import { columnFinder } from "../../streams/table/columns.ts";
import { RepeatedIds } from "../../streams/profiles/repeated_ids.ts";
import { wholeLines } from "../export/whole_lines.ts";
import { PageSequence } from "./profile_pages.ts";
import { type CollectOptions, collectProfiles } from "./collect_profiles.ts";
import { ExportState } from "./export_state.ts";
import type { ProfileQuery } from "./fetch_page.ts";
import { compressedPiece, inForm, needsAllRecords, type RecordForm } from "./record_form.ts";
import type { Target } from "../target.ts";
import { sessionPages } from "./session_pages.ts";

export interface ProfilesExport {
  query: ProfileQuery;
  /** The moment of a query with behaviours that names none: a run that goes on keeps that of the first. */
  asOfSeconds?: number;
  form: RecordForm;
  target: Target;
  /** Where pages are kept until the output is whole; it is there, or the target makes it. Undefined for a pipe that is written as pages come. */
  stateFolder?: string;
  /** Forgets what an earlier run has collected. */
  restart?: boolean;
}

export interface ProfilesSummary {
  profiles: number;
  pages: number;
  /** As JSON Lines, uncompressed. */
  bytes: number;
  /** How many there are, as the first page said. */
  total?: number;
  /** Profiles whose id had come before. */
  repeated: number;
  /** False when fewer came than the first page said, or more pages could not be asked for. */
  complete: boolean;
}

/**
 * Fetches the first page, then others side by side, and writes profiles in the order of the pages, each exactly as it
 * came. With a state folder a run that stopped is gone on with by the same call.
 *
 * @throws MpError of the client, or of the output.
 */
export async function exportProfiles(
  client: Client,
  job: ProfilesExport,
  options: CollectOptions,
): Promise<ProfilesSummary> {
  const { form, target, stateFolder } = job;
  if (stateFolder === undefined) {
    return await pipeProfiles(client, { as_of_timestamp: job.asOfSeconds, ...job.query }, form, target, options);
  }
  await target.makeState?.(stateFolder);
  const lock = await target.lock?.(stateFolder, (line) => void options.onNote(line));
  try {
    return await keepProfiles(client, stateFolder, job, options);
  } finally {
    await lock?.release();
  }
}

/** Collects pages in the state folder, and makes the output of them when all are there. */
async function keepProfiles(
  client: Client,
  stateFolder: string,
  { query, asOfSeconds, form, target, restart = false }: ProfilesExport,
  options: CollectOptions,
): Promise<ProfilesSummary> {
  // What needs no second look is collected as it will be; what is encoded later, in little space.
  const compression = form.format === "jsonl" ? form.compression : "gzip";
  const state = new ExportState(stateFolder, {
    host: new URL(familyUrl("query", client.connection)).host,
    project: client.connection.projectId,
    query,
    compression,
    findsColumns: needsAllRecords(form),
  });
  if (restart) await state.clear();
  // Pages that nobody takes would have been fetched for nothing.
  await target.probe?.().catch(async (error) => {
    if ((await fileInfo(state.pagesPath)) === undefined) await state.remove();
    throw error;
  });
  const collected = await collectProfiles(client, query, state, {
    asOfSeconds,
    encode: (lines) => compressedPiece(lines, compression),
    newFinder: needsAllRecords(form) ? () => columnFinder("profile") : undefined,
  }, options);
  const renamed = form.columns === undefined ? renamedNotes("profile", collected.columns ?? []) : [];
  for (const line of renamed) await options.onNote(line);
  const pages = () => readFileStream(state.pagesPath);
  if (form.format !== "jsonl") {
    await takeTable(target, wholeLines(gunzip(pages())), form, collected.columns, options);
  } else if (!await target.adopt?.(state.pagesPath)) await target.take(pages());
  await state.remove();
  const { pages: count, profiles, repeated, lineBytes: bytes } = collected;
  return summary({ profiles, repeated, pages: count, bytes }, collected);
}

/** To a pipe: nothing is kept, and what has been written cannot be taken back. */
async function pipeProfiles(
  client: Client,
  query: ProfileQuery,
  form: RecordForm,
  target: Target,
  { clock, concurrency, signal, progress, onNote }: CollectOptions,
): Promise<ProfilesSummary> {
  if (needsAllRecords(form)) throw new Error(`${form.format} needs a state folder`);
  const sequence = new PageSequence();
  const ids = new RepeatedIds();
  let bytes = 0;
  async function* lines(): AsyncGenerator<Uint8Array, void> {
    const pages = sessionPages(client, query, sequence, {
      clock,
      concurrency,
      signal,
      onId: ids.add,
      onWait: (wait) => progress.wait(wait),
      prepare: (page) => Promise.resolve(page.lines),
    });
    for await (const { page, profiles, prepared } of pages) {
      if (page === 0) progress.total({ records: sequence.total, steps: sequence.expectedPages });
      yield prepared;
      bytes += prepared.length;
      progress.advance({ records: profiles, bytes: prepared.length, steps: 1 });
    }
  }
  try {
    await takeTable(target, lines(), form, undefined, { onNote });
  } catch (error) {
    if (!(error instanceof MpError) || bytes === 0) throw error;
    const hint = "the profiles that were printed are not all; an export to a file, with -o, is gone on with";
    throw withFurtherHint(error, hint, "");
  }
  return summary({ profiles: sequence.received, pages: sequence.pages, bytes, repeated: ids.repeated }, sequence);
}

/** Writes profiles in their form, and says what of them it cannot have. */
async function takeTable(
  target: Target,
  lines: AsyncIterable<Uint8Array>,
  form: RecordForm,
  columns: readonly Column[] | undefined,
  { onNote }: Pick<CollectOptions, "onNote">,
): Promise<void> {
  const notes: string[] = [];
  await target.take(inForm(lines, form, "profile", columns, (report) => void notes.push(...changedNotes(report))));
  for (const line of notes) await onNote(line);
}

function summary(
  done: Pick<ProfilesSummary, "profiles" | "pages" | "bytes" | "repeated">,
  { total, hasMore }: Pick<PageSequence, "total" | "hasMore">,
): ProfilesSummary {
  return { ...done, total, complete: !hasMore && done.profiles >= (total ?? 0) };
}
