/** Boards that Mixpanel makes: of templates ("blueprints"), and to find the cause of an anomaly. */
import { z } from "zod";
import { board, boardId } from "./dashboards.ts";
import { APP, get, operation, post, put } from "./operation.ts";
import { id, text, truth } from "./params.ts";

const ALL = "/projects/{project_id}/dashboards";
const KNOWN = { ...APP, unpublished: "client" } as const;
const object = z.record(z.string(), z.unknown());

export const listBoardTemplates = operation({
  id: "boards.templates.list",
  summary: "list the templates of boards",
  routes: [get("app", `${ALL}/blueprints-all`)],
  ...KNOWN,
  params: z.object({ include_reports: truth("Also say how many reports each has").default(true) }),
  result: z.looseObject({
    templates: z.record(
      z.string(),
      z.looseObject({
        title_key: z.string().nullish(),
        description_key: z.string().nullish(),
        number_of_reports: z.number().nullish(),
      }),
    ),
  }),
});

export const createFromTemplate = operation({
  id: "boards.templates.create",
  summary: "make a board of a template",
  routes: [post("app", `${ALL}/blueprints`)],
  look: "mp boards list",
  ...KNOWN,
  params: z.object({
    template_type: text("Template's name", { placeholder: "TEMPLATE", lists: "mp boards templates list" }),
  }),
  result: board,
});

export const boardTemplateConfig = operation({
  id: "boards.templates.config",
  summary: "show the variables of a board that was made of a template",
  routes: [get("app", `${ALL}/{dashboard_id}/blueprint-config`)],
  ...KNOWN,
  params: z.object({ dashboard_id: boardId }),
  result: z.looseObject({}),
});

export const setTemplateCohorts = operation({
  id: "boards.templates.cohorts",
  summary: "set the cohorts that templates use",
  routes: [put("app", `${ALL}/blueprints/cohorts`)],
  look: "mp boards templates list",
  ...KNOWN,
  repeatable: true,
  params: z.object({ cohorts: z.array(object).meta({ description: "The cohorts, as JSON" }) }),
  result: z.unknown(),
});

export const finishTemplate = operation({
  id: "boards.templates.finish",
  summary: "write the cards of a board that was made of a template",
  routes: [post("app", `${ALL}/blueprints/finish`)],
  look: "mp boards get {dashboard_id}",
  ...KNOWN,
  repeatable: true,
  params: z.object({
    dashboard_id: boardId,
    cards: z.array(z.looseObject({ type: z.string() })).meta({
      description: "Cards, as JSON: type, text_card_id or bookmark_id, markdown, name, params",
    }),
  }),
  result: z.unknown(),
});

export const createRootCause = operation({
  id: "boards.root_cause",
  summary: "make a board that looks for the cause of an anomaly",
  routes: [post("app", `${ALL}/rca`)],
  look: "mp boards list",
  ...KNOWN,
  params: z.object({
    rca_source_id: id("Id of what it is about, such as an alert", { flag: "about" }),
    rca_source_data: z.looseObject({ type: z.string() }).meta({
      flag: "about-data",
      description: 'Such as {"type": "anomaly", "date": "2026-04-02", "metric_source": false}',
    }),
  }),
  result: board,
});
