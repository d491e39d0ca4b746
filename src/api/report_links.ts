/** Report links: reports that are not saved, under addresses of twelve characters. */
import { z } from "zod";
import { APP, get, operation, post } from "./operation.ts";
import { choice, id, jsonText, text } from "./params.ts";

const PATH = "/projects/{project_id}/bookmark-urls/";

const slug = z.string().regex(/^[a-zA-Z0-9_-]{12}$/, "not twelve letters, digits, _ or -")
  .meta({ placeholder: "SLUG", description: "The twelve characters that name the link" });

const reportLink = z.looseObject({
  slug: z.string(),
  type: z.string(),
  params: z.record(z.string(), z.unknown()),
  name: z.string().nullish(),
});

export const createReportLink = operation({
  id: "report_links.create",
  summary: "make a link to a report that is not saved",
  routes: [post("app", PATH)],
  ...APP,
  unpublished: "recorded",
  params: z.object({
    slug,
    type: choice(["insights", "funnels", "retention", "flows"], "The kind of report"),
    params: jsonText(z.record(z.string(), z.unknown()), "The report as Mixpanel has it", { input: "json" }),
    name: text("Name for people").optional(),
    description: text("What it is for").optional(),
    bookmark_id: id("The saved report that it is a variant of").optional(),
  }),
  result: reportLink,
});

export const getReportLink = operation({
  id: "report_links.get",
  summary: "the report behind such a link",
  routes: [get("app", `${PATH}{slug}/`)],
  ...APP,
  unpublished: "recorded",
  params: z.object({ slug }),
  result: reportLink,
});
