/**
 * Other names of commands. They work, and help does not show them: one name is enough to learn. Completion knows what
 * people try first. Loads nothing, as the tree does.
 */
import { skipFlags } from "./global_words.ts";

/** Names of before, which are still typed in scripts. */
const RENAMED: Readonly<Record<string, string>> = {
  "events names": "events list",
};

/** What people try first. */
export const SHORTCUTS: Readonly<Record<string, string>> = {
  people: "profiles",
  profile: "profiles",
  group: "groups",
  event: "events",
  "funnel list": "funnels list",
  funnel: "query funnel",
  retention: "query retention",
  segmentation: "query segmentation",
  frequency: "query frequency",
  insights: "query insights",
  jql: "query jql",
  cohort: "cohorts",
  pipeline: "pipelines",
  project: "projects",
  workspace: "workspaces",
  annotation: "annotations",
  experiment: "experiments",
  flag: "flags",
  accounts: "account",
  expression: "expr",
  "lookup-table": "lookup-tables",
  "service-account": "service-accounts",
  "auth login": "login",
  "auth logout": "logout",
  "auth status": "whoami",
};

/** Words of a command line with the names of this program. */
export interface Expanded {
  words: string[];
  /** What is to be said about it: "events names" is now "events list". */
  notes: string[];
}

/** Puts the name in place of another one; global flags may stand before and between its words. */
export function expandAliases(typed: readonly string[]): Expanded {
  const words = [...typed];
  const notes: string[] = [];
  const first = skipFlags(words, 0);
  const second = skipFlags(words, first + 1);
  const pair = `${words[first]} ${words[second]}`;
  if (Object.hasOwn(RENAMED, pair)) notes.push(`'mp ${pair}' is now 'mp ${RENAMED[pair]}'`);
  for (const [name, places] of [[pair, [first, second]], [words[first] ?? "", [first]]] as const) {
    const meant = Object.hasOwn(RENAMED, name) ? RENAMED[name] : Object.hasOwn(SHORTCUTS, name) ? SHORTCUTS[name] : "";
    if (!meant) continue;
    if (places.length === 2) words.splice(second, 1);
    words.splice(first, 1, ...meant.split(" "));
    break;
  }
  return { words, notes };
}
