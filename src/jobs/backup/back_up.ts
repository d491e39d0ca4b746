/** Backs a project up, part by part. One that cannot be had does not keep the others from being there. */
import { type ErrorCategory, MpError } from "../../errors.ts";
import type { Storage } from "../../storage/storage.ts";
import {
  type BackupInfo,
  type BackupManifest,
  type BackupPartRecord,
  readBackup,
  writeBackup,
} from "./backup_manifest.ts";

/** Something of a project that is written to a file or folder of its own. */
export interface BackupPart {
  name: string;
  /** In the folder of the backup. */
  path: string;
  /** Writes it, or what is missing of it. */
  run(): Promise<PartOutcome>;
  /** Whether running it again fetches only what is missing, so that it is run each time. */
  isIncremental?: boolean;
}

export interface PartOutcome {
  records: number;
  /** Why it is known to be less than all. */
  shortfall?: string;
}

export interface BackUpOptions {
  info: BackupInfo;
  generator: string;
  notIncluded: string[];
  now(): number;
  /** Begins every part again. */
  restart?: boolean;
  /** Told before a part is fetched, and when an earlier run has it. */
  onPart?(part: BackupPart, isThere: boolean): Promise<void>;
}

export interface BackupSummary {
  parts: BackupPartRecord[];
  complete: boolean;
  /** Of the parts that are not whole, the worst. */
  worst?: ErrorCategory;
}

/** From what a new run is least likely to fix, to what was merely not granted. */
const WORST_FIRST: readonly ErrorCategory[] = [
  "failure",
  "input",
  "network",
  "server",
  "rate_limited",
  "not_found",
  "auth",
  "partial",
];

/**
 * Runs the parts in order. A backup that was not complete is gone on with: what is there stays. One that was complete is
 * renewed.
 *
 * @throws MpError (input) when the folder holds something else; when a file cannot be written; and when interrupted.
 */
export async function backUp(
  storage: Storage,
  parts: readonly BackupPart[],
  options: BackUpOptions,
): Promise<BackupSummary> {
  const { info, now, restart = false, onPart } = options;
  const earlier = await readBackup(storage, info);
  const kept = restart ? [] : partsThatStay(earlier, info);
  const records: BackupPartRecord[] = [];
  let worst: ErrorCategory | undefined;
  for (const part of parts) {
    const before = kept.find(({ name, path }) => name === part.name && path === part.path);
    const isThere = before !== undefined && !part.isIncremental;
    await onPart?.(part, isThere);
    const { record, category } = isThere ? { record: before, category: undefined } : await run(part, now);
    records.push(record);
    if (category !== undefined) worst = worseOf(worst, category);
    await save(storage, options, records, parts.length);
  }
  return { parts: records, complete: records.every(({ state }) => state === "done"), worst };
}

function partsThatStay(earlier: BackupManifest | undefined, info: BackupInfo): BackupPartRecord[] {
  if (earlier === undefined || earlier.complete) return [];
  const isSameRange = earlier.from_date === info.from_date && earlier.to_date === info.to_date;
  return isSameRange ? earlier.parts.filter(({ state }) => state === "done") : [];
}

async function run(
  part: BackupPart,
  now: () => number,
): Promise<{ record: BackupPartRecord; category?: ErrorCategory }> {
  const { name, path } = part;
  const at = () => new Date(now()).toISOString();
  try {
    const { records, shortfall } = await part.run();
    if (shortfall === undefined) return { record: { name, path, state: "done", records, finished_at: at() } };
    const record = { name, path, state: "partial", records, reason: shortfall, finished_at: at() } as const;
    return { record, category: "partial" };
  } catch (error) {
    if (!(error instanceof MpError) || concernsAll(error)) throw error;
    const { message, serverMessage, category } = error;
    const reason = serverMessage === undefined ? message : `${message} (${serverMessage})`;
    return { record: { name, path, state: "failed", reason, finished_at: at() }, category };
  }
}

/** With a full disk or after Ctrl-C no other part would fare better. */
function concernsAll({ category, code }: MpError): boolean {
  return category === "interrupted" || code === "unwritable_file" || code === "output_locked";
}

function worseOf(one: ErrorCategory | undefined, other: ErrorCategory): ErrorCategory {
  if (one === undefined) return other;
  return WORST_FIRST.indexOf(one) <= WORST_FIRST.indexOf(other) ? one : other;
}

async function save(
  storage: Storage,
  { info, generator, notIncluded, now }: BackUpOptions,
  parts: BackupPartRecord[],
  expected: number,
): Promise<void> {
  await writeBackup(storage, {
    generator,
    ...info,
    complete: parts.length === expected && parts.every(({ state }) => state === "done"),
    updated_at: new Date(now()).toISOString(),
    parts,
    not_included: notIncluded,
  });
}
