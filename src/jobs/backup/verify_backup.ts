/** Checks a project's backup: is each part there, whole, and as long as it was? */
import { MpError } from "../../errors.ts";
import { gunzip } from "../../runtime/compression/gzip.ts";
import type { Storage } from "../../storage/storage.ts";
import { readManifest } from "../export/manifest.ts";
import { type FileProblem, type Verification, verifyExport, type VerifyOptions } from "../export/verify.ts";
import type { BackupManifest, BackupPartRecord } from "./backup_manifest.ts";

const LINE_FEED = 10;

/** Reads every part to its end. The events are checked against the manifest in their own folder. */
export async function verifyBackup(
  storage: Storage,
  events: Storage,
  backup: BackupManifest,
  options: VerifyOptions = {},
): Promise<Verification> {
  const found: Verification = {
    complete: backup.complete,
    missing: [],
    files: 0,
    events: 0,
    faults: 0,
    problems: [],
  };
  const problems: FileProblem[] = [];
  for (const part of backup.parts) {
    options.signal?.throwIfAborted();
    if (part.state === "failed") continue;
    if (!part.path.endsWith("/")) {
      const problem = await problemOf(storage, part);
      if (problem !== undefined) problems.push({ path: part.path, ...problem });
      found.files++;
      continue;
    }
    const manifest = await readManifest(events);
    if (manifest === undefined) {
      problems.push({ path: part.path, problem: "missing", detail: "it has no manifest" });
      continue;
    }
    const inner = await verifyExport(events, manifest, options);
    found.complete &&= inner.complete;
    found.missing = inner.missing;
    found.files += inner.files;
    found.events += inner.events;
    found.faults += inner.faults;
    problems.push(...inner.problems.map((one) => ({ ...one, path: part.path + one.path })));
  }
  found.faults += problems.filter(({ path }) => backup.parts.some((part) => part.path === path)).length;
  return { ...found, problems };
}

async function problemOf(
  storage: Storage,
  { path, records }: BackupPartRecord,
): Promise<Omit<FileProblem, "path"> | undefined> {
  if (await storage.info(path) === undefined) return { problem: "missing", detail: "it is not there" };
  try {
    const bytes = storage.read(path);
    let lines = 0;
    for await (const chunk of path.endsWith(".gz") ? gunzip(bytes) : bytes) {
      for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) lines++;
    }
    if (records === undefined || lines === records) return undefined;
    return { problem: "wrong_count", detail: `it has ${lines} records, and not ${records}` };
  } catch (error) {
    if (!(error instanceof MpError)) throw error;
    return { problem: "damaged", detail: error.message.replace(/^Cannot [^:]*: /, "") };
  }
}
