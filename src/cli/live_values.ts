/**
 * What only the project knows: names of events and properties, ids of funnels, cohorts, flags and the like. The answers
 * are kept for the shell's completion, for the lists to pick from, and for what is said of a misspelt name.
 */
import { call } from "../api/call.ts";
import type { LiveKind } from "../api/params.ts";
import { cleanLine } from "../output/clean.ts";
import { fileFault } from "../runtime/files/file_faults.ts";
import { join, makeFolder, readTextFile, writeFileAtomically } from "../runtime/files/files.ts";
import { sha256Hex } from "../runtime/hash.ts";
import type { Completion } from "./complete.ts";
import type { Context } from "./context.ts";
import { workspaceOf } from "./scope.ts";

/** What is kept of one kind. Times are milliseconds since 1970. */
export interface LiveEntry {
  /** When it was last asked for, with an answer or without. */
  triedAt: number;
  fetchedAt: number;
  items: Completion[];
}

/** Which values are meant; properties are those of an event. */
export interface LiveQuestion {
  kind: LiveKind;
  event?: string;
}

/** For how long what was kept is as good as a new answer. */
export const FRESH_MS = 10 * 60_000;
const MOST_ITEMS = 1000;

/** What was kept; undefined when nothing is, or when it cannot be read. */
export async function keptValues(question: LiveQuestion, context: Context): Promise<LiveEntry | undefined> {
  try {
    return JSON.parse(await readTextFile(await cachePath(question, context)) ?? "null") ?? undefined;
  } catch (error) {
    if (error instanceof SyntaxError || fileFault(error) !== undefined) return undefined;
    throw error;
  }
}

export async function keepValues(question: LiveQuestion, context: Context, entry: LiveEntry): Promise<void> {
  const path = await cachePath(question, context);
  await makeFolder(join(path, ".."), 0o700);
  await writeFileAtomically(path, JSON.stringify(entry), { mode: 0o600 });
}

/** Asks the project, by one query at most, and keeps the answer. */
export async function fetchValues(question: LiveQuestion, context: Context): Promise<Completion[]> {
  return await keepItems(question, context, await FETCH[question.kind](context, question.event ?? ""));
}

/** Keeps what a command has listed, as if it had been asked for; where nothing can be kept, nothing is lost. */
export async function keepListed(question: LiveQuestion, context: Context, listed: Completion[]): Promise<void> {
  if (context.known !== undefined) return;
  try {
    await keepItems(question, context, listed);
  } catch (error) {
    // expected: a state folder that cannot be written to
    if (fileFault(error) === undefined) throw error;
  }
}

async function keepItems(question: LiveQuestion, context: Context, found: Completion[]): Promise<Completion[]> {
  const items = found.slice(0, MOST_ITEMS)
    .map(({ value, description }) => ({ value, description: cleanLine(description) }))
    // A value with a line break or a control character could not be typed.
    .filter(({ value }) => cleanLine(value) === value);
  const nowMs = context.clock.now();
  await keepValues(question, context, { triedAt: nowMs, fetchedAt: nowMs, items });
  return items;
}

const FETCH: Record<LiveKind, (context: Context, event: string) => Promise<Completion[]>> = {
  async events(context) {
    const { eventNames } = await import("../api/query.ts");
    return eventItems((await call(await context.client(), eventNames, {})).result());
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
  async custom_events(context) {
    const { listCustomEvents } = await import("../api/custom_events.ts");
    const events = (await call(await context.client(), listCustomEvents, {})).result();
    // Entries without an id are of custom events that are gone.
    return events.flatMap(({ customEventId: id, name }) => id ? [{ value: String(id), description: name }] : []);
  },
  async custom_properties(context) {
    const { listCustomProperties } = await import("../api/custom_properties.ts");
    const properties = (await call(await context.client(), listCustomProperties, {})).result();
    return properties.map(({ customPropertyId, id, name }) => ({
      value: String(customPropertyId ?? id),
      description: name,
    }));
  },
  async metrics(context) {
    const { listMetrics } = await import("../api/saved_metrics.ts");
    return named(Object.values((await call(await context.client(), listMetrics, {})).result()));
  },
  async behaviors(context) {
    const { listBehaviors } = await import("../api/saved_metrics.ts");
    return named(Object.values((await call(await context.client(), listBehaviors, {})).result()));
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
  async reports(context) {
    const { bookmarksIn, listBookmarks } = await import("../api/bookmarks.ts");
    const reports = bookmarksIn((await call(await context.client(), listBookmarks, {})).result());
    return reports.map(({ id, type, name }) => ({ value: String(id), description: `${type}: ${name}` }));
  },
  async boards(context) {
    const { listDashboards } = await import("../api/dashboards.ts");
    const boards = (await call(await context.client(), listDashboards, {})).result();
    return boards.map(({ id, title }) => ({ value: String(id), description: title }));
  },
  async alerts(context) {
    const { listAlerts } = await import("../api/alerts.ts");
    const alerts = (await call(await context.client(), listAlerts, { skip_user_filter: true })).result();
    return alerts.map(({ id, name }) => ({ value: String(id), description: name ?? "" }));
  },
  async webhooks(context) {
    const { listWebhooks } = await import("../api/webhooks.ts");
    const webhooks = (await call(await context.client(), listWebhooks, {})).result();
    return webhooks.map(({ id, name }) => ({ value: String(id), description: name ?? "" }));
  },
  async lexicon_tags(context) {
    const { listLexiconTags } = await import("../api/data_definitions.ts");
    return named((await call(await context.client(), listLexiconTags, {})).result());
  },
  async drop_filters(context) {
    const { listDropFilters } = await import("../api/data_governance.ts");
    const filters = (await call(await context.client(), listDropFilters, {})).result();
    return named(filters.map(({ id, eventName }) => ({ id, name: eventName })));
  },
  async deletion_requests(context) {
    const { listDeletionRequests } = await import("../api/data_governance.ts");
    const requests = (await call(await context.client(), listDeletionRequests, {})).result();
    return named(requests.map(({ id, eventName, status }) => ({ id, name: `${eventName ?? ""} ${status ?? ""}` })));
  },
  async lookup_tables(context) {
    const { listTableGroups } = await import("../api/lookup_tables.ts");
    return named((await call(await context.client(), listTableGroups, {})).result());
  },
  async projects(context) {
    const { me } = await import("../api/app.ts");
    const { projects } = (await call(await context.client(), me, {})).result();
    return Object.entries(projects).map(([value, { name }]) => ({ value, description: name }));
  },
};

/** Ids with the names that they stand for. */
const named = (things: readonly { id?: unknown; name?: string | null }[]): Completion[] =>
  things.filter(({ id }) => id !== undefined && id !== null)
    .map(({ id, name }) => ({ value: String(id), description: name ?? "" }));

/** Names of events as they are kept. */
export const eventItems = (names: readonly string[]): Completion[] =>
  names.map((value) => ({ value, description: "event" }));

/** One file for each project, kind and event, readable by its owner alone: names of events may tell a secret. */
async function cachePath({ kind, event }: LiveQuestion, context: Context): Promise<string> {
  const { account, baseUrl, region, projectId, workspaceId, stateFolder } = await context.settings();
  const whom = [account, baseUrl, region, projectId, workspaceId].map((one) => one?.value ?? null);
  const hash = sha256Hex(JSON.stringify([...whom, kind, event ?? null]));
  return join(stateFolder, "completion", `${hash.slice(0, 32)}.json`);
}
