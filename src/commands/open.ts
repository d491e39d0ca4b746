import { z } from "zod";
import { text } from "../api/params.ts";
import { familyUrl } from "../client/hosts.ts";
import { command } from "../cli/command.ts";
import { missingProject } from "../cli/scope.ts";
import { inputError } from "../errors.ts";
import { hasBrowser, openBrowser } from "../runtime/open_browser.ts";
import { nearest } from "../streams/nearest.ts";

/** What stands after `/app/` on each page, for the page itself and for one thing on it. */
const PAGES: Readonly<Record<string, { app: string; one?: (id: string) => string }>> = {
  boards: { app: "boards", one: (id) => `boards#id=${id}` },
  insights: { app: "insights", one: (id) => `insights#report/${id}` },
  funnels: { app: "funnels", one: (id) => `funnels#view/${id}` },
  retention: { app: "retention", one: (id) => `retention#report/${id}` },
  flows: { app: "flows", one: (id) => `flows#report/${id}` },
  impact: { app: "impact", one: (id) => `impact#report/${id}` },
  events: { app: "events" },
  users: { app: "users", one: (id) => `profile#distinct_id=${encodeURIComponent(id)}` },
};
const HOME = "home";
const NAMES = [HOME, ...Object.keys(PAGES)];

export default command({
  summary: "open a page of the project in the browser",
  description: `Pages are ${NAMES.join(", ")}. With an id it is one report, board, funnel or user; a number
alone is a funnel. In a pipe, over SSH and without a desktop the address is printed, and nothing is opened.`,
  args: ["page", "id"],
  examples: [
    { text: "A saved funnel", run: "mp open funnels 7001" },
    { text: "The address of a user's profile", run: "mp open users customer-10001 --print" },
  ],
  input: z.object({
    page: text("Page, or the id of a funnel; default: the project's home").optional(),
    id: text("Id of a report, board, funnel or user").optional(),
    print: z.boolean().default(false).meta({ description: "Print the address, and open nothing" }),
  }),
  async run(context, { page = HOME, id, print }) {
    const { region, baseUrl, projectId, workspaceId } = await context.settings();
    if (projectId === undefined) throw missingProject("Cannot open a page: no project is set");
    const project = `/project/${projectId.value}`;
    const view = workspaceId === undefined ? project : `${project}/view/${workspaceId.value}`;
    const app = /^\d+$/.test(page) && id === undefined ? appOf("funnels", page) : appOf(page, id);
    const origin = familyUrl("root", { region: region.value, baseUrl: baseUrl?.value });
    const url = `${origin}${app === undefined ? project : `${view}/app/${app}`}`;
    const opens = !print && !context.globals.dryRun && context.stdout.isTerminal && hasBrowser(context.env);
    if (opens && await openBrowser(url, context.env)) return await context.note(`Opened ${url}`);
    await context.print({ text: url, data: url, isText: true });
  },
});

/** The end of the page's address; undefined for the project's home. */
function appOf(page: string, id: string | undefined): string | undefined {
  const known = Object.hasOwn(PAGES, page) ? PAGES[page] : undefined;
  if (known === undefined && page !== HOME) {
    const near = nearest(page, NAMES);
    throw inputError(
      `Cannot open ${JSON.stringify(page)}: not one of ${NAMES.join(", ")}`,
      near === undefined ? "a user is named like this: mp open users ID" : `did you mean ${near}?`,
      "bad_choice",
    );
  }
  if (id === undefined) return known?.app;
  const one = known?.one;
  if (one === undefined) {
    throw inputError(`Cannot open ${page} with an id: it is one page`, "leave the id out", "bad_flags");
  }
  // What --link makes: a report that is not saved.
  if ((page === "insights" || page === "flows") && /^[\w-]{12}$/.test(id) && !/^\d+$/.test(id)) return `${page}#${id}`;
  if (page !== "users" && !/^\d+$/.test(id)) {
    throw inputError(`Cannot open ${page} ${JSON.stringify(id)}: not a numeric id`, undefined, "bad_id");
  }
  return one(id);
}
