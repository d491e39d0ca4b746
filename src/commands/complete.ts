/**
 * What only the project knows, for the shell's completion.
 *
 * Answers come from a cache of this user's. What is not in it is fetched by a process of its own, which goes on when the
 * shell has had its answer: pressing Tab waits for 150 ms at most, spends at most one query, and asks again for the same
 * at most once a minute. `MP_COMPLETION=offline` leaves only what the cache has.
 */
import { type Completion, printCompletions } from "../cli/complete.ts";
import type { World } from "../cli/context.ts";
import { readGlobalWord, skipFlags } from "../cli/global_words.ts";
import { globalInput } from "../cli/globals.ts";
import { fetchValues, FRESH_MS, keepValues, keptValues, type LiveQuestion } from "../cli/live_values.ts";
import { createContext } from "../cli/run_command.ts";
import { MpError } from "../errors.ts";
import { fileFault } from "../runtime/files/file_faults.ts";
import { startSelf } from "../runtime/self.ts";
import { readVariable } from "../settings/environment.ts";
import { expandAliases, SHORTCUTS } from "../cli/aliases.ts";
import { topics } from "./help/topics/index.ts";
import { tree } from "./tree.ts";

interface Question extends LiveQuestion {
  /** The line so far. */
  words: readonly string[];
}

const RETRY_MS = 60_000;
const WAIT_MS = 150;
const FETCH_TIMEOUT_SECONDS = 20;

/** Answers the hidden `mp __complete`: to the shell, or, with `--fetch`, to the process that waits for new values. */
export async function answerShell(argv: readonly string[], world: World): Promise<void> {
  if (argv[0] === "--fetch") {
    const question = JSON.parse(argv[1] ?? "") as Question;
    await fetchValues(question, contextOf(question.words, world)).catch(withoutValues);
    return;
  }
  await printCompletions(tree, argv, world, {
    expand: (words) => expandedWords(words, world),
    aliases: () => ownAliases(world).catch(withoutValues),
    shortcuts: Object.entries(SHORTCUTS).map(([value, meant]) => ({ value, description: `mp ${meant}` })),
    topics: [...topics.map(({ name, summary }) => ({ value: name, description: summary })), ...OTHER_PAGES],
    guides: allGuides,
    live: (kind, words, event) => liveValues({ kind, words, event }, world).catch(withoutValues),
  });
}

/** The pages of `mp help` that list others. */
const OTHER_PAGES: readonly Completion[] = [
  { value: "commands", description: "all commands" },
  { value: "topics", description: "what belongs to no single command" },
  { value: "guides", description: "whole jobs, step by step" },
];

/** The words with the commands' own names in place of the program's other names and of the user's. */
async function expandedWords(words: readonly string[], world: World): Promise<string[]> {
  const expanded = expandAliases(words).words;
  const at = skipFlags(expanded, 0);
  const name = expanded[at];
  if (name === undefined || tree.some((one) => one.name === name) || name === "help") return expanded;
  const { configOfAliases, wordsOfAlias } = await import("./help/own_aliases.ts");
  const meant = wordsOfAlias(await configOfAliases(world), name);
  if (meant === undefined) return expanded;
  return expandAliases([...expanded.slice(0, at), ...meant, ...expanded.slice(at + 1)]).words;
}

async function allGuides(): Promise<Completion[]> {
  const { guideTitle, readGuides } = await import("../cli/guides.ts");
  return Object.entries(readGuides()).map(([value, text]) => ({ value, description: guideTitle(text) }));
}

async function ownAliases(world: World): Promise<Completion[]> {
  const { aliasRows, configOfAliases, isReachable } = await import("./help/own_aliases.ts");
  const rows = aliasRows(await configOfAliases(world)).filter(([name]) => isReachable(name));
  return rows.map(([value, meant]) => ({ value, description: `mp ${meant}` }));
}

/** A project that cannot be asked, a folder or a config file that cannot be used, must not disturb what is being typed. */
function withoutValues(error: unknown): Completion[] {
  if (error instanceof MpError || fileFault(error) !== undefined) return [];
  throw error;
}

async function liveValues(question: Question, world: World): Promise<Completion[]> {
  if (question.kind === "properties" && question.event === undefined) return [];
  const context = contextOf(question.words, world);
  const known = await keptValues(question, context);
  const nowMs = world.clock.now();
  const isFresh = known !== undefined && nowMs - known.fetchedAt < FRESH_MS;
  const wasTried = known !== undefined && nowMs - known.triedAt < RETRY_MS;
  const isOffline = readVariable(world.env, "MP_COMPLETION") === "offline";
  if (isFresh || wasTried || isOffline) return known?.items ?? [];
  // Noted first, so that another Tab does not ask a second time.
  await keepValues(question, context, { fetchedAt: 0, items: [], ...known, triedAt: nowMs });
  await startSelf(["__complete", "--fetch", JSON.stringify(question)], { env: world.env, waitMs: WAIT_MS });
  return (await keptValues(question, context))?.items ?? [];
}

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
