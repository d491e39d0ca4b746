import { z } from "zod";
import { getBookmark } from "../../api/bookmarks.ts";
import { call } from "../../api/call.ts";
import { getDashboard } from "../../api/dashboards.ts";
import { askFlows } from "../../api/flows.ts";
import { askInsights, askInsightsCsv } from "../../api/insights.ts";
import { createReportLink, getReportLink } from "../../api/report_links.ts";
import { familyUrl } from "../../client/hosts.ts";
import type { Client } from "../../client/types.ts";
import { command } from "../../cli/command.ts";
import { COMPARE } from "../../cli/comparison.ts";
import type { Context } from "../../cli/context.ts";
import { chosenFormat } from "../../cli/format_choice.ts";
import { inputError } from "../../errors.ts";
import { parseAddress, type ReportAddress } from "../../reports/address.ts";
import type { Json } from "../../reports/report.ts";
import { ASK_FLAGS, REPORT_CHANGES, reportChangesOf, SEGMENTS } from "./shared/ask_flags.ts";
import { askAboutParams, readableParams, savedParams } from "./shared/ask_params.ts";
import { LINK } from "./shared/link_flag.ts";

export default command({
  summary: "the numbers of a report by its address on the web page",
  description:
    `Takes an address from the browser: of a saved report, with or without unsaved changes; of an unsaved one, which ends
in twelve characters; of a report on a board; or an old one that has the report itself in it. The project and the region
are those of the address. 'mp query https://…' is the same. With --last, or --from and --to, it is asked about other days;
--by splits it otherwise than it is, --where and --cohort must hold too, and --link makes an address of what is so changed.
-f csv prints the CSV that the web page downloads, but for flows, of which it has none.

Addresses of boards and saved reports are looked up first, which counts against no quota; then the report goes to POST
/insights or POST /arb_funnels, which Mixpanel does not publish.`,
  args: ["address"],
  dateRange: true,
  draws: true,
  operations: [getReportLink, getBookmark, getDashboard, askInsights, askInsightsCsv, askFlows, createReportLink],
  examples: [
    {
      text: "A saved report, about other days",
      run: "mp query address 'https://mixpanel.com/project/1000001/app/insights#report/9001' --last 60d",
    },
    {
      text: "What it asks, as JSON",
      run: "mp query address 'https://mixpanel.com/project/1000001/app/insights#report/9001' --print-params",
    },
  ],
  input: z.object({
    address: z.string().min(1).meta({
      placeholder: "ADDRESS",
      description: "Address of a report, quoted for the shell",
    }),
    ...REPORT_CHANGES,
    print_params: ASK_FLAGS.print_params,
    ...SEGMENTS,
    ...COMPARE,
    ...LINK,
  }),
  scope({ address }) {
    const { project, workspace, region } = parseAddress(address);
    return { project, workspace, region };
  },
  async run(context, { address, print_params: printParams, limit, compare, link, ...flags }, typedDays) {
    const where = parseAddress(address);
    await checkHost(context, where);
    const changes = reportChangesOf(flags, typedDays, compare !== undefined);
    const params = await paramsOf(await context.client(), where);
    const serverCsv = chosenFormat(context) === "csv" && compare === undefined && "sections" in params;
    const days = { from: flags.from_date, to: flags.to_date };
    const asked = { where: flags.where, limit, printParams, link, serverCsv };
    await askAboutParams(context, params, { ...asked, changes, compare, days });
  },
});

/** An address of another server than the one that is set has a project of the same number that is not the same. */
async function checkHost(context: Context, { region, host }: ReportAddress): Promise<void> {
  const { baseUrl } = await context.settings();
  const own = baseUrl === undefined
    ? undefined
    : new URL(familyUrl("root", { region: "us", baseUrl: baseUrl.value })).host;
  if (region !== undefined || host === own) return;
  throw inputError(
    `Cannot use an address of ${host}: it is none of Mixpanel's hosts`,
    "paste an address of mixpanel.com, eu.mixpanel.com or in.mixpanel.com",
    "bad_address",
  );
}

/** What the report asks. */
async function paramsOf(client: Client, { target }: ReportAddress): Promise<Json> {
  switch (target.kind) {
    case "params":
      return target.params;
    case "link":
      return (await call(client, getReportLink, { slug: target.slug })).result().params;
    case "saved":
      return { ...await savedParams(client, target.id), ...target.changes };
    case "card":
      return target.slug === undefined
        ? await cardParams(client, target.board, target.id!)
        : (await call(client, getReportLink, { slug: target.slug })).result().params;
  }
}

/** A report of a board need not be one that is listed. */
async function cardParams(client: Client, board: string, id: string): Promise<Json> {
  const { contents } = (await call(client, getDashboard, { dashboard_id: board })).result();
  const report = contents?.report?.[id];
  if (report === undefined) {
    throw inputError(
      `Cannot find report ${id} on board ${board}: it is no longer there`,
      `'mp boards contents ${board}' shows what there is`,
      "not_found",
    );
  }
  return readableParams(report.params, id);
}
