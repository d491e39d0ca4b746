/** `mp agents`: a project in a page, for agents that use `mp` from a shell or by its server. */
import { z } from "zod";
import { count } from "../api/params.ts";
import { call } from "../api/call.ts";
import { bookmarksIn, listBookmarks } from "../api/bookmarks.ts";
import { listDashboards } from "../api/dashboards.ts";
import { listEventDefinitions } from "../api/data_definitions.ts";
import type { Operation } from "../api/operation.ts";
import { eventNames, topProperties } from "../api/query.ts";
import { command } from "../cli/command.ts";
import type { Context } from "../cli/context.ts";
import { MpError } from "../errors.ts";
import { jsonResult } from "../output/print.ts";
import { type DescribedEvent, type ProjectFacts, projectPage } from "./agents/shared/project_page.ts";

const MOST_EVENTS = 50;
const MOST_SAVED = 20;

export default command({
  summary: "print what an agent should know about the project, for AGENTS.md",
  description:
    `A page in Markdown: the events of the last month with their meaning, the properties of the most frequent ones, saved
reports and boards with their ids, and how to ask. Put it where your agent looks (AGENTS.md, CLAUDE.md), and read it
before you do: names and descriptions are written by whoever can send events. It costs one query, and one for each event
of --detailed. What the credentials may not see is left out. 'mp mcp' serves the project to agents; see 'mp help agents'.`,
  examples: [
    { text: "To a file", run: "mp agents -o AGENTS.md" },
    { text: "At the price of one query", run: "mp agents --detailed 0" },
  ],
  operations: [eventNames, topProperties, listEventDefinitions, listBookmarks, listDashboards] as Operation[],
  input: z.object({
    detailed: count("Of how many events to list the properties, each for one query", { min: 0, max: MOST_EVENTS })
      .default(5),
  }),
  async run(context, { detailed }) {
    const facts = await factsOf(context, detailed);
    // Whoever wants the facts takes JSON.
    const isText = context.globals.format !== "json" && context.globals.jq === undefined;
    await context.print(isText ? { text: projectPage(facts), data: undefined, isText } : jsonResult(facts));
  },
});

async function factsOf(context: Context, detailed: number): Promise<ProjectFacts> {
  const client = await context.client();
  const names = (await call(client, eventNames, { limit: MOST_EVENTS })).result();
  const meanings = new Map(
    (await ifAllowed(context, "Lexicon", async () => (await call(client, listEventDefinitions, {})).result()) ?? [])
      .map((one) => [one.name, one.description ?? ""]),
  );
  const events: DescribedEvent[] = [];
  for (const [index, name] of names.entries()) {
    const properties = index < detailed
      ? Object.keys((await call(client, topProperties, { event: name, limit: 12 })).result())
      : [];
    events.push({ name, description: meanings.get(name) ?? "", properties });
  }
  const reports =
    await ifAllowed(context, "reports", async () => bookmarksIn((await call(client, listBookmarks, {})).result())) ??
      [];
  const boards = await ifAllowed(context, "boards", async () => (await call(client, listDashboards, {})).result()) ??
    [];
  return {
    project: client.connection.projectId,
    events,
    hasMoreEvents: names.length === MOST_EVENTS,
    reports: reports.slice(0, MOST_SAVED).map(({ id, type, name }) => ({ id: String(id), type, name })),
    boards: boards.slice(0, MOST_SAVED).map(({ id, title }) => ({ id: String(id), title })),
  };
}

/** What a page can do without; undefined, and said, where the credentials may not see it. */
async function ifAllowed<T>(context: Context, what: string, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof MpError) || !["auth", "not_found"].includes(error.category)) throw error;
    await context.note(`Left out the ${what}: ${error.message}`);
  }
}
