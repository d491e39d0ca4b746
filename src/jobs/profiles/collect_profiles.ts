/** Collects all profiles of a query in one file, page by page, so that a run that stopped can be gone on with. */
import type { Client } from "../../client/types.ts";
import { alsoFailed, MpError, withFurtherHint } from "../../errors.ts";
import type { Clock } from "../../runtime/clock.ts";
import { fileInfo } from "../../runtime/files/files.ts";
import { openResumable } from "../../runtime/files/resumable_file.ts";
import type { ColumnFinder } from "../../streams/table/record_encoder.ts";
import { RepeatedIds } from "../../streams/profiles/repeated_ids.ts";
import type { JobProgress } from "../progress.ts";
import { PageSequence } from "./profile_pages.ts";
import { writingFile } from "../../runtime/files/write_fault.ts";
import type { CollectedPages, ExportState } from "./export_state.ts";
import { type ProfileQuery, SessionExpiredError } from "./fetch_page.ts";
import { sessionPages } from "./session_pages.ts";

export interface CollectOptions {
  clock: Clock;
  concurrency: number;
  signal?: AbortSignal;
  progress: JobProgress;
  /** Called with what the user should know and need not act on. */
  onNote(line: string): Promise<void>;
}

/** How the lines of a page are kept in the file. Files of several pages are read as one. */
export interface PageForm {
  encode(lines: Uint8Array): Promise<Uint8Array>;
  /** Makes what looks for columns on the way. */
  newFinder?(): ColumnFinder;
  /** For a query that names no moment and needs one. */
  asOfSeconds?: number;
}

export interface Collected extends CollectedPages {
  /** Profiles whose id had come before. */
  repeated: number;
  /** How many there are, as the first page said. */
  total?: number;
  hasMore: boolean;
}

const NOTHING: CollectedPages = {
  first: { profiles: 0, pageSize: 0 },
  pages: 0,
  profiles: 0,
  lineBytes: 0,
  fileBytes: 0,
};
/** What is fetched again after a kill is worth less than a wait for the disk. */
const COMMIT_EVERY_MS = 1000;
/** A session that is forgotten again and again is no accident. */
const MOST_SESSIONS = 3;

/**
 * Fetches what is not in the file yet. When it fails, what is whole stays for the next run. A session that Mixpanel has
 * forgotten starts over, from the first page.
 *
 * @throws MpError of the client, or (failure) when the disk is full.
 */
export async function collectProfiles(
  client: Client,
  query: ProfileQuery,
  state: ExportState,
  form: PageForm,
  options: CollectOptions,
): Promise<Collected> {
  let earlier = await usable(state);
  if (earlier !== undefined && earlier.pages > 0) {
    await options.onNote(`Going on after ${earlier.pages} page${earlier.pages === 1 ? "" : "s"}`);
  }
  for (let session = 1;; session++) {
    try {
      return await collect(client, query, state, form, earlier, options);
    } catch (error) {
      if (!(error instanceof SessionExpiredError) || session === MOST_SESSIONS) throw error;
      await options.onNote("Mixpanel has forgotten the query that was continued; it starts over");
      await state.write(NOTHING);
      earlier = undefined;
    }
  }
}

/** What the state speaks of must be there. */
async function usable(state: ExportState): Promise<CollectedPages | undefined> {
  const earlier = await state.read();
  if (earlier === undefined || earlier.pages === 0) return undefined;
  const info = await fileInfo(state.pagesPath);
  return info !== undefined && info.sizeBytes >= earlier.fileBytes ? earlier : undefined;
}

async function collect(
  client: Client,
  query: ProfileQuery,
  state: ExportState,
  form: PageForm,
  earlier: CollectedPages | undefined,
  { clock, concurrency, signal, progress }: CollectOptions,
): Promise<Collected> {
  const sequence = earlier === undefined
    ? new PageSequence()
    : PageSequence.resumed(earlier.first, earlier.pages, earlier.profiles);
  const ids = new RepeatedIds();
  const finder = form.newFinder?.();
  if (earlier?.columns !== undefined) finder?.merge(earlier.columns);
  /** What is in the file; a page that could not be written is not among it. */
  const done: CollectedPages = { ...(earlier ?? { ...NOTHING, asOfSeconds: form.asOfSeconds }) };
  const asked = { as_of_timestamp: done.asOfSeconds, ...query };
  const tellTotal = () =>
    progress.total(
      { records: sequence.total, steps: sequence.expectedPages },
      earlier && { records: earlier.profiles, bytes: earlier.lineBytes, steps: earlier.pages },
    );
  const sink = await writingFile(state.pagesPath, openResumable(state.pagesPath, done.fileBytes, 0o600));
  let committedMs = clock.now();
  const commit = async () => {
    await writingFile(state.pagesPath, sink.sync().then(() => state.write({ ...done, columns: finder?.columns() })));
    committedMs = clock.now();
  };
  if (sequence.pages > 0) tellTotal();
  const pages = sessionPages(client, asked, sequence, {
    clock,
    concurrency,
    signal,
    onId: ids.add,
    onWait: (wait) => progress.wait(wait),
    prepare: async ({ lines }) => ({ lines, encoded: await form.encode(lines) }),
  });
  try {
    for await (const { page, prepared: { lines, encoded }, ...info } of pages) {
      await writingFile(state.pagesPath, sink.write(encoded));
      finder?.observe(lines);
      if (page === 0) done.first = info;
      done.pages++;
      done.profiles += info.profiles;
      done.lineBytes += lines.length;
      done.fileBytes += encoded.length;
      if (page === 0) tellTotal();
      progress.advance({ records: info.profiles, bytes: lines.length, steps: 1 });
      if (clock.now() - committedMs >= COMMIT_EVERY_MS) await commit();
    }
    await commit();
  } catch (error) {
    const failure = done.pages > 0 ? resumable(error) : error;
    // What is whole is kept; the failure is what counts.
    const kept = (async () => {
      try {
        if (done.pages > 0) await commit();
      } finally {
        await sink.close();
      }
      if (done.pages === 0) await state.remove();
    })();
    throw await kept.then(() => failure, (further) => alsoFailed(failure, further));
  }
  await writingFile(state.pagesPath, sink.close());
  const { total, hasMore } = sequence;
  return { ...done, columns: finder?.columns(), repeated: ids.repeated, total, hasMore };
}

/** Whatever ended it, the rest is for the next run. */
function resumable(error: unknown): unknown {
  if (!(error instanceof MpError) || error instanceof SessionExpiredError) return error;
  return withFurtherHint(
    error,
    "the same command goes on after the pages that are there, and with --restart starts over",
  );
}
