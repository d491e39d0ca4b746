/**
 * What a check remembers of its last run, in a file of this user's alone: the number, for `--max-age`, and which state has
 * been told, for `--notify`.
 */
import type { Context } from "../../../cli/context.ts";
import { isEngineAddress } from "../../../engines/engine_address.ts";
import { readFault } from "../../../runtime/files/file_faults.ts";
import { join, makeFolder, readTextFile, resolve, writeFileAtomically } from "../../../runtime/files/files.ts";
import { sha256Hex } from "../../../runtime/hash.ts";
import { isRemoteAddress } from "../../../storage/registry.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { parseJson, stringifyJson } from "../../../streams/json/json.ts";
import type { CheckFinding } from "./verdict.ts";
import type { CheckSpec } from "./spec.ts";

const FOLDER = "checks";

export interface KeptCheck {
  /** The question, by its hash, that the number answers: of other days it is another. */
  question: string;
  /** When it was asked, in milliseconds since 1970. */
  askedMs: number;
  finding: Pick<CheckFinding, "measured" | "before">;
  /** The state that the address of `--notify` knows of; absent before the first message. */
  notified?: "OK" | "WARNING" | "CRITICAL";
}

/** The hash of everything that a number depends on. */
export async function questionHash(context: Context, spec: CheckSpec): Promise<string> {
  const { question, drop, horizonMs } = spec;
  return sha256Hex(stringifyJson([await scopeOf(context, spec), question, drop?.against, horizonMs])).slice(0, 32);
}

/** What was remembered; undefined when there is nothing that can be read. */
export async function readKept(context: Context, spec: CheckSpec): Promise<KeptCheck | undefined> {
  const path = await pathOf(context, spec);
  try {
    const text = await readTextFile(path);
    const kept = text === undefined ? undefined : parseJson(text);
    return isKeptCheck(kept) ? kept : undefined;
  } catch (error) {
    // expected: a file that is damaged or cannot be read, since the check goes on without it
    if (!(error instanceof SyntaxError) && readFault(error) === undefined) throw error;
    await context.note(`Cannot read ${path}; the check goes on without what it remembers`);
    return undefined;
  }
}

function isKeptCheck(kept: unknown): kept is KeptCheck {
  if (!isObject(kept) || typeof kept.askedMs !== "number" || !isObject(kept.finding)) return false;
  const { measured } = kept.finding;
  return isObject(measured) && typeof measured.value === "number";
}

/** Remembers it. That this fails is said, and changes nothing about the check. */
export async function writeKept(context: Context, spec: CheckSpec, kept: KeptCheck): Promise<void> {
  const path = await pathOf(context, spec);
  try {
    const { stateFolder } = await context.settings();
    await makeFolder(join(stateFolder, FOLDER), 0o700);
    await writeFileAtomically(path, stringifyJson(kept) + "\n", { mode: 0o600 });
  } catch (error) {
    // expected: a full disk or a folder without permission, since the check itself is done
    const words = error instanceof Error ? error.message : String(error);
    await context.note(`Cannot write ${path} (${words}); what the check remembers is lost`);
  }
}

/** A check is the same as long as its name is, and without one as long as its question and its alarms are. */
async function pathOf(context: Context, spec: CheckSpec): Promise<string> {
  const { name, isNamed, question, warn, crit, drop } = spec;
  const range = "report" in question ? { report: { ...question.report, range: undefined } } : {};
  const asked = { ...question, days: undefined, ...range };
  const whole = isNamed ? [] : [asked, warn?.words, crit?.words, drop?.warn, drop?.crit];
  const id = sha256Hex(stringifyJson([await scopeOf(context, spec), name, whole]));
  return join((await context.settings()).stateFolder, FOLDER, `${id.slice(0, 32)}.json`);
}

/** Whose data is asked for. */
async function scopeOf(context: Context, { source }: CheckSpec): Promise<unknown[]> {
  if (source !== undefined) {
    // A name without a folder means other files in another one.
    const paths = source.paths.map((path) => isRemoteAddress(path) || isEngineAddress(path) ? path : resolve(path));
    return ["source", paths, source.tz, source.preset, source.map];
  }
  const { region, baseUrl, projectId, workspaceId, credentials } = await context.settings();
  return [region.value, baseUrl?.value, projectId?.value, workspaceId?.value, credentials.map(({ source }) => source)];
}
