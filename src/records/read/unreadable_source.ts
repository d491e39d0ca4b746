/** Sources that cannot be read: what is said of them, and which errors mean it. */
import { MpError } from "../../errors.ts";
import { readFault } from "../../runtime/files/file_faults.ts";

/** A file, folder or object that could not be read. */
export interface UnreadableSource {
  /** Its path or address. */
  source: string;
  reason: string;
}

/** Thrown for a source that cannot be opened, or not be read on. */
export class UnreadableSourceError extends MpError implements UnreadableSource {
  constructor(readonly source: string, readonly reason: string, cause?: unknown) {
    super(`Cannot read ${JSON.stringify(source)}: ${reason}`, { category: "input", code: UNREADABLE, cause });
  }
}

const UNREADABLE = "unreadable_input";

/** The error of one or several sources, each named with its reason. */
export function unreadableError(sources: readonly UnreadableSource[]): MpError {
  const [only, ...others] = sources;
  if (only !== undefined && others.length === 0) return new UnreadableSourceError(only.source, only.reason);
  const each = sources.map(({ source, reason }) => `${JSON.stringify(source)}: ${reason}`);
  return new MpError(`Cannot read ${sources.length} sources: ${each.join("; ")}`, {
    category: "input",
    code: UNREADABLE,
  });
}

/** The error of the file system in words, with the file; any other error as it is. */
export function readError(path: string, error: unknown): unknown {
  const reason = readFault(error);
  return reason === undefined ? error : new UnreadableSourceError(path, reason, error);
}

/** Why an error says that a source cannot be read at all; undefined for an error that says something else. */
export function unreadableReason(error: unknown): string | undefined {
  if (error instanceof UnreadableSourceError) return error.reason;
  if (!(error instanceof MpError)) return undefined;
  // An object that was removed since it was listed, or that may be listed and not be read.
  const isRefused = error.category === "not_found" || error.category === "auth";
  return isRefused ? error.message.replace(/^Cannot read \S+: /, "") : undefined;
}
