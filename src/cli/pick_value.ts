/** What was left out on a terminal is picked from a list of what the project has. Only interactive commands load it. */
import { MpError } from "../errors.ts";
import { cleanLine } from "../output/clean.ts";
import type { Completion } from "./complete.ts";
import type { Context, World } from "./context.ts";
import type { GlobalFlags } from "./globals.ts";
import { fetchValues, FRESH_MS, keptValues, type LiveQuestion } from "./live_values.ts";

const MOST_SHOWN = 10;

/** Whether a person can be asked: at a terminal, who has not said that nothing is to be asked or that a program reads. */
export function canPick({ quiet, yes, dryRun, format }: GlobalFlags, { stdin, stderr }: World): boolean {
  return stdin.isTerminal && stderr.isTerminal && !quiet && !yes && !dryRun && format !== "json";
}

/**
 * The picked value; undefined where there is nothing to pick from. What completion has kept is offered, else what one
 * query answers.
 *
 * @throws MpError (interrupted) when nothing was picked, (auth) when the project cannot be asked.
 */
export async function pickValue(question: LiveQuestion, context: Context): Promise<string | undefined> {
  const items = await itemsOf(question, context);
  if (items.length === 0) return undefined;
  const { ask, streams } = await (await import("./questions.ts")).loadQuestions();
  const picked = await ask.autocomplete<string>({
    ...streams,
    signal: context.signal,
    message: TITLES[question.kind],
    options: items.map(({ value, description }) => {
      const name = cleanLine(description);
      return NAMED_BY_ID.has(question.kind) ? { value, label: name || value, hint: value } : { value, label: value };
    }),
    maxItems: MOST_SHOWN,
    filter: (typed, { value, label = "" }) => `${label} ${value}`.toLowerCase().includes(typed.trim().toLowerCase()),
  });
  if (ask.isCancel(picked) || typeof picked !== "string") {
    throw new MpError("Nothing was picked, and nothing was sent", { category: "interrupted", code: "not_picked" });
  }
  return picked;
}

const TITLES: Record<LiveQuestion["kind"], string> = {
  events: "Which event?",
  properties: "Which property?",
  funnels: "Which funnel?",
  cohorts: "Which cohort?",
  custom_events: "Which custom event?",
  custom_properties: "Which custom property?",
  metrics: "Which metric?",
  behaviors: "Which behavior?",
  flags: "Which flag?",
  annotations: "Which annotation?",
  alerts: "Which alert?",
  webhooks: "Which webhook?",
  reports: "Which report?",
  boards: "Which board?",
  projects: "Which project?",
  lexicon_tags: "Which tag?",
  drop_filters: "Which drop filter?",
  deletion_requests: "Which request?",
  lookup_tables: "Which lookup table?",
};

/** Kinds whose value is an id that nobody knows by heart. */
const NAMED_BY_ID: ReadonlySet<LiveQuestion["kind"]> = new Set([
  "funnels",
  "cohorts",
  "custom_events",
  "custom_properties",
  "metrics",
  "behaviors",
  "flags",
  "annotations",
  "alerts",
  "webhooks",
  "reports",
  "boards",
  "projects",
  "lexicon_tags",
  "drop_filters",
  "deletion_requests",
  "lookup_tables",
]);

/** Failures that say more than that an argument is missing. */
const TOLD: ReadonlySet<string> = new Set(["auth", "interrupted"]);

async function itemsOf(question: LiveQuestion, context: Context): Promise<readonly Completion[]> {
  const kept = await keptValues(question, context);
  if (kept !== undefined && kept.items.length > 0 && context.clock.now() - kept.fetchedAt < FRESH_MS) return kept.items;
  try {
    return await fetchValues(question, context);
  } catch (error) {
    // expected: a project that cannot be asked now, so that the command's own error says what is missing
    if (!(error instanceof MpError) || TOLD.has(error.category) || error.code === "missing_project_id") throw error;
    return [];
  }
}
