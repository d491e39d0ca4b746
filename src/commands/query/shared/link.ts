/** Links to reports that nobody has saved: their params are left with Mixpanel, under twelve characters. */
import { call } from "../../../api/call.ts";
import { createReportLink } from "../../../api/report_links.ts";
import { familyUrl } from "../../../client/hosts.ts";
import type { Context } from "../../../cli/context.ts";
import { missingProject } from "../../../cli/scope.ts";
import { type ReportApp, reportPath } from "../../../reports/address.ts";
import type { Json, Report } from "../../../reports/report.ts";

/** Without letters that look like others. */
const ALPHABET = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ123456789_-";
const SLUG_LENGTH = 12;

const TYPES = { insights: "insights", funnel: "funnels", retention: "retention", flows: "flows" } as const;

/** Leaves the params with Mixpanel, and prints the address under which the web page shows them. */
export async function printLink(context: Context, kind: Report["kind"], params: Json): Promise<void> {
  const slug = newSlug();
  await call(await context.client(), createReportLink, { slug, type: TYPES[kind], params }, {
    adjust: { ifInDoubt: "type it again: that makes a link of its own" },
  });
  await printAddress(context, kind === "flows" ? "flows" : "insights", { slug });
}

/** Prints the address of a report: of a saved one nobody needs to be asked. */
export async function printAddress(
  context: Context,
  app: ReportApp,
  target: { slug: string } | { id: string },
): Promise<void> {
  const { region, baseUrl, projectId, workspaceId } = await context.settings();
  if (projectId === undefined) throw missingProject("Cannot make an address: no project is set");
  const origin = familyUrl("root", { region: region.value, baseUrl: baseUrl?.value });
  const url = origin + reportPath({ project: projectId.value, workspace: workspaceId?.value, app, target });
  await context.print({ text: url, data: url, isText: true });
}

/** Random, so that nobody guesses it, and no two are the same. */
function newSlug(): string {
  const random = crypto.getRandomValues(new Uint32Array(SLUG_LENGTH));
  return Array.from(random, (one) => ALPHABET[one % ALPHABET.length]).join("");
}
