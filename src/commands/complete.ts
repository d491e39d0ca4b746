/**
 * What only the project knows, for the shell's completion: names of events and properties, ids of funnels, cohorts, flags
 * and annotations.
 *
 * Answers come from a cache of this user's. What is not in it is fetched by a process of its own, which goes on when the
 * shell has had its answer: pressing Tab waits for 150 ms at most, spends at most one query, and asks again for the same
 * at most once a minute. `MP_COMPLETION=offline` leaves only what the cache has.
 */
import { call } from "../api/call.ts";
import type { LiveKind } from "../api/params.ts";
import { type Completion, printCompletions } from "../cli/complete.ts";
import type { Context, World } from "../cli/context.ts";
import { readGlobalWord } from "../cli/global_words.ts";
import { globalInput } from "../cli/globals.ts";
import { createContext } from "../cli/run_command.ts";
import { workspaceOf } from "../cli/scope.ts";
import { MpError } from "../errors.ts";
import { cleanLine } from "../output/clean.ts";
import { fileFault } from "../runtime/files/file_faults.ts";
import { join, makeFolder, readTextFile, writeFileAtomically } from "../runtime/files/files.ts";
import { sha256Hex } from "../runtime/hash.ts";
import { startSelf } from "../runtime/self.ts";
import { readVariable } from "../settings/environment.ts";
import { expandAliases } from "../cli/aliases.ts";
import { topics } from "./help/topics/index.ts";
import { tree } from "./tree.ts";

/** What is kept of one kind. Times are milliseconds since 1970. */
interface Entry {
  /** When it was last asked for, with an answer or without. */
  triedAt: number;
  fetchedAt: number;
  items: Completion[];
}

interface Question {
  kind: LiveKind;
  event?: string;
  /** The line so far. */
  words: readonly string[];
}

const FRESH_MS = 10 * 60_000;
const RETRY_MS = 60_000;
const WAIT_MS = 150;
const FETCH_TIMEOUT_SECONDS = 20;
const MOST_ITEMS = 1000;

/** Answers the hidden `mp __complete`: to the shell, or, with `--fetch`, to the process that waits for new values. */
export async function answerShell(argv: readonly string[], world: World): Promise<void> {
  if (argv[0] === "--fetch") {
    await fetchValues(JSON.parse(argv[1] ?? "") as Question, world).catch(withoutValues);
    return;
  }
  await printCompletions(tree, argv, world, {
    expand: (words) => expandAliases(words).words,
    topics: topics.map(({ name, summary }) => ({ value: name, description: summary })),
    live: (kind, words, event) => liveValues({ kind, words, event }, world).catch(withoutValues),
  });
}

/** A project that cannot be asked, or a folder that cannot be used, must not disturb what is being typed. */
function withoutValues(error: unknown): Completion[] {
  if (error instanceof MpError || fileFault(error) !== undefined) return [];
  throw error;
}

async function liveValues(question: Question, world: World): Promise<Completion[]> {
  if (question.kind === "properties" && question.event === undefined) return [];
  const path = await cachePath(question, world);
  const known = await readEntry(path);
  const nowMs = world.clock.now();
  const isFresh = known !== undefined && nowMs - known.fetchedAt < FRESH_MS;
  const wasTried = known !== undefined && nowMs - known.triedAt < RETRY_MS;
  const isOffline = readVariable(world.env, "MP_COMPLETION") === "offline";
  if (isFresh || wasTried || isOffline) return known?.items ?? [];
  // Noted first, so that another Tab does not ask a second time.
  await writeEntry(path, { fetchedAt: 0, items: [], ...known, triedAt: nowMs });
  await startSelf(["__complete", "--fetch", JSON.stringify(question)], { env: world.env, waitMs: WAIT_MS });
  return (await readEntry(path))?.items ?? [];
}

async function fetchValues(question: Question, world: World): Promise<void> {
  const path = await cachePath(question, world);
  const context = contextOf(question.words, world);
  const items = (await FETCH[question.kind](context, question.event ?? "")).slice(0, MOST_ITEMS)
    .map(({ value, description }) => ({ value, description: cleanLine(description) }))
    // A value with a line break or a control character could not be typed.
    .filter(({ value }) => cleanLine(value) === value);
  const nowMs = world.clock.now();
  await writeEntry(path, { triedAt: nowMs, fetchedAt: nowMs, items });
}

const FETCH: Record<LiveKind, (context: Context, event: string) => Promise<Completion[]>> = {
  async events(context) {
    const { eventNames } = await import("../api/query.ts");
    return (await call(await context.client(), eventNames, {})).result().map((value) => ({
      value,
      description: "event",
    }));
  },
  async properties(context, event) {
    const { topProperties } = await import("../api/query.ts");
    const answer = (await call(await context.client(), topProperties, { event, limit: 255 })).result();
    return Object.keys(answer).map((value) => ({ value, description: `property of ${event}` }));
  },
  async funnels(context) {
    const { funnelsList } = await import("../api/funnels.ts");
    const funnels = (await call(await context.client(), funnelsList, {})).result();
    return funnels.map(({ funnel_id, name }) => ({ value: String(funnel_id), description: name }));
  },
  async cohorts(context) {
    const { listCohorts } = await import("../api/cohorts.ts");
    const cohorts = (await call(await context.client(), listCohorts, {})).result();
    return cohorts.map(({ id, name }) => ({ value: String(id), description: name }));
  },
  async flags(context) {
    const { listFlags } = await import("../api/feature_flags.ts");
    const flags = (await call(await context.client(), listFlags, { workspace_id: await workspaceOf(context) }))
      .result();
    return flags.map(({ id, name }) => ({ value: String(id), description: name }));
  },
  async annotations(context) {
    const { listAnnotations } = await import("../api/annotations.ts");
    const annotations = (await call(await context.client(), listAnnotations, {})).result();
    return annotations.map(({ id, date, description }) => ({
      value: String(id),
      description: `${date} ${description}`,
    }));
  },
};

/** A context with the global flags of the line that say whom to ask. */
function contextOf(words: readonly string[], world: World) {
  const named: Record<string, string> = {};
  words.forEach((word, index) => {
    const { name, value = words[index + 1] } = readGlobalWord(word);
    const key = name?.slice(2) ?? "";
    if (["account", "project", "workspace", "region"].includes(key) && value) named[key] = value;
  });
  const defaults = globalInput.parse({});
  return createContext({
    quiet: true,
    verbose: false,
    dryRun: false,
    color: false,
    pacing: defaults.pacing,
    yes: false,
    bom: false,
    timeoutMs: FETCH_TIMEOUT_SECONDS * 1000,
    ...globalInput.pick({ account: true, project: true, workspace: true, region: true }).parse(named),
  }, world);
}

/** One file for each project, kind and event, readable by its owner alone: names of events may tell a secret. */
async function cachePath({ kind, event, words }: Question, world: World): Promise<string> {
  const settings = await contextOf(words, world).settings();
  const { account, baseUrl, region, projectId, workspaceId, stateFolder } = settings;
  const whom = [account, baseUrl, region, projectId, workspaceId].map((one) => one?.value ?? null);
  const hash = sha256Hex(JSON.stringify([...whom, kind, event ?? null]));
  return join(stateFolder, "completion", `${hash.slice(0, 32)}.json`);
}

async function readEntry(path: string): Promise<Entry | undefined> {
  try {
    return JSON.parse(await readTextFile(path) ?? "null") ?? undefined;
  } catch (error) {
    if (error instanceof SyntaxError || fileFault(error) !== undefined) return undefined;
    throw error;
  }
}

async function writeEntry(path: string, entry: Entry): Promise<void> {
  await makeFolder(join(path, ".."), 0o700);
  await writeFileAtomically(path, JSON.stringify(entry), { mode: 0o600 });
}
