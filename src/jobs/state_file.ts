/**
 * Files in which jobs remember how far they are, so that the same command goes on there. Each is a JSON object with a
 * marker, such as `"mp_import": 1`: it says what kind of job the file is of, and in which version of its form. Fields may be
 * added without a new version.
 */
import type { z } from "zod";
import { inputError, type MpError } from "../errors.ts";
import { readTextFile, removeAtomically, writeFileAtomically } from "../runtime/files/files.ts";
import { writingFile } from "../runtime/files/write_fault.ts";
import type { Storage } from "../storage/storage.ts";
import { isObject } from "../streams/json/is_object.ts";
import { parseJson, stringifyJson } from "../streams/json/json.ts";

/** What each kind of job is called, by the marker of its files. */
const JOBS = {
  mp_backup: "a backup",
  mp_copy: "a copy",
  mp_export: "an export of events",
  mp_import: "an import",
  mp_profile_export: "an export of profiles",
  mp_replay: "a recording of a session",
} as const;

/** The form of a state file: everything that tells one kind from another. */
export interface StateFormat<Content extends object> {
  marker: keyof typeof JOBS;
  version: number;
  /**
   * What the content, without its marker, must have. Made when a file is read: start-up does not pay for it. It checks and
   * changes nothing.
   */
  schema(): z.ZodType<{ [Name in keyof Content]?: unknown }>;
  /** What to do when a file cannot be used. */
  hint: string;
  /** The code of errors about a file. */
  code: string;
  /** Spaces by which the levels of the JSON are indented. Default: it has no line breaks. */
  indent?: number;
}

/** Where a state file is. */
export interface StatePlace {
  /** For messages. */
  readonly address: string;
  /** Undefined when nothing is there. */
  readText(): Promise<string | undefined>;
  /** Replaces the file in one step. On disk when it returns. */
  writeText(text: string): Promise<void>;
  /** No error when nothing is there. */
  remove(): Promise<void>;
}

/** A file of this machine that other users cannot read, and one process at a time writes. */
export function localState(path: string): StatePlace {
  return {
    address: path,
    readText: () => readTextFile(path),
    writeText: (text) => writingFile(path, writeFileAtomically(path, text, { mode: 0o600, isOnlyWriter: true })),
    remove: () => writingFile(path, removeAtomically(path)),
  };
}

/** A file of a storage. */
export function storedState(storage: Storage, path: string): StatePlace {
  return {
    address: storage.addressOf(path),
    readText: () => storage.readText(path),
    writeText: (text) => storage.writeText(path, text),
    remove: () => storage.remove(path),
  };
}

/**
 * The content of a state file; undefined when there is none.
 *
 * @throws MpError (input) when the file is of another kind of job, of a later version of mp, or damaged.
 */
export async function readState<Content extends object>(
  place: StatePlace,
  format: StateFormat<Content>,
): Promise<Content | undefined> {
  const text = await place.readText();
  if (text === undefined) return undefined;
  const { [format.marker]: version, ...content } = objectOf(text);
  if (version !== format.version) {
    const isNumber = typeof version === "number";
    if (isNumber && version > format.version) {
      throw unusableState(place, format, "a newer version of mp has written it", `use that version; or ${format.hint}`);
    }
    throw unusableState(
      place,
      format,
      isNumber ? "an older version of mp has written it" : strangeness(content, format),
    );
  }
  // To compile a reader of a schema takes longer than to read a file by it once.
  if (format.schema().safeParse(content, { jitless: true }).success) return content as Content;
  throw unusableState(place, format, damage(format));
}

/** Replaces a state file in one step. */
export async function writeState<Content extends object>(
  place: StatePlace,
  format: StateFormat<Content>,
  content: Content,
): Promise<void> {
  const marked = { [format.marker]: format.version, ...content };
  await place.writeText(stringifyJson(marked, format.indent) + "\n");
}

/** The error that says why a state file cannot be used, and what to do. */
export function unusableState(
  { address }: StatePlace,
  { code, hint }: Pick<StateFormat<object>, "code" | "hint">,
  state: string,
  ownHint = hint,
): MpError {
  return inputError(`Cannot use ${JSON.stringify(address)}: ${state}`, ownHint, code);
}

/** What a text without the right marker is. */
function strangeness(content: Record<string, unknown>, format: StateFormat<object>): string {
  const other = Object.keys(JOBS).find((marker) => marker in content) as keyof typeof JOBS | undefined;
  return other === undefined ? damage(format) : `it is of ${JOBS[other]}`;
}

const damage = ({ marker }: Pick<StateFormat<object>, "marker">): string => `it is damaged, or not of ${JOBS[marker]}`;

/** Without properties when the text is no JSON object. */
function objectOf(text: string): Record<string, unknown> {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : {};
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {};
  }
}
