/** Templates of boards ("blueprints"), and boards that look for the cause of an anomaly. */
import { appUser } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { appSurface } from "../surfaces.ts";
import { atLeast } from "./access.ts";
import { Body, type JsonObject, readBody } from "./body.ts";
import { updateContent } from "./dashboard_contents.ts";
import { addRow, dashboards, emptyDashboard } from "./dashboards.ts";

const ALL = "/projects/{project_id}/dashboards";
const writer = { surface: appSurface, access: atLeast("analyst", appUser) } as const;
const reader = { surface: appSurface, access: appUser } as const;

/** By their names: what each counts. The real ones are not published. */
const TEMPLATES: Readonly<Record<string, { title: string; description: string; events: readonly string[] }>> = {
  growth: { title: "Growth", description: "Who comes, and who comes back", events: ["$mp_anything_event", "Sign Up"] },
  ecommerce: { title: "E-commerce", description: "From product to purchase", events: ["View Product", "Purchase"] },
};

export const blueprintEndpoints: SandboxEndpoint[] = [
  { ...reader, methods: ["GET"], path: `${ALL}/blueprints-all`, respond: listTemplates },
  { ...writer, methods: ["POST"], path: `${ALL}/blueprints`, respond: createOfTemplate },
  { ...reader, methods: ["GET"], path: `${ALL}/{dashboard_id}/blueprint-config`, respond: config },
  { ...writer, methods: ["PUT"], path: `${ALL}/blueprints/cohorts`, respond: cohorts },
  { ...writer, methods: ["POST"], path: `${ALL}/blueprints/finish`, respond: finish },
  { ...writer, methods: ["POST"], path: `${ALL}/rca`, respond: rootCause },
];

function listTemplates(): Response {
  const templates = Object.entries(TEMPLATES).map(([name, { title, description, events }]) => [
    name,
    { title_key: title, description_key: description, number_of_reports: events.length },
  ]);
  return appAnswer({ templates: Object.fromEntries(templates) });
}

async function createOfTemplate(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  const name = body.requiredText("template_type");
  const template = Object.hasOwn(TEMPLATES, name) ? TEMPLATES[name] : undefined;
  if (template === undefined) throw body.refusal("template_type", `there is no template '${name}'`);
  return makeBoard(call, template.title, template.events, name);
}

function makeBoard(call: SandboxCall, title: string, events: readonly string[], template?: string): Response {
  const board = dashboards.add(call, { ...emptyDashboard(call, title), template });
  const contents = events.map((event) =>
    new Body({ content_type: "report", content_params: { bookmark: count(event) } })
  );
  return dashboards.shown(call, addRow(call, board, contents));
}

/** A report that counts an event, as boards take it. */
function count(event: string): JsonObject {
  const behavior = { type: "event", name: event, resourceType: "events", filtersDeterminer: "all", filters: [] };
  const params = {
    sections: {
      show: [{ type: "metric", behavior, measurement: { math: "total" } }],
      time: [{ dateRangeType: "in the last", unit: "day", window: { unit: "day", value: 30 } }],
    },
    displayOptions: { chartType: "line" },
  };
  return { name: event, type: "insights", params: JSON.stringify(params), description: "" };
}

function config(call: SandboxCall): Response {
  const { template } = dashboards.named(call).body;
  if (template === undefined) throw new Refusal(400, "This dashboard was not made of a template");
  return appAnswer({ variables: { template_type: template } });
}

async function cohorts(call: SandboxCall): Promise<Response> {
  const sent = (await readBody(call)).list("cohorts");
  if (sent === undefined) throw new Refusal(400, "cohorts: this field is required");
  return appAnswer({ cohorts: sent });
}

/** Writes the cards of a board that was made of a template. */
async function finish(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  const board = dashboards.find(call, body.id("dashboard_id") ?? -1);
  if (board === undefined) throw new Refusal(404, "Dashboard not found");
  for (const card of body.objects("cards") ?? []) {
    const isText = card.has("text_card_id");
    const content_id = card.id(isText ? "text_card_id" : "bookmark_id");
    if (content_id === undefined) throw card.refusal("bookmark_id", "this field is required");
    const { name, params } = card.fields;
    const changes = isText
      ? { markdown: card.fields.markdown }
      : { bookmark: { name, params: JSON.stringify(params) } };
    updateContent(call, { content_type: isText ? "text" : "report", content_id }, new Body(changes));
  }
  return dashboards.shown(call, board);
}

async function rootCause(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  const source = body.id("rca_source_id");
  const type = body.object("rca_source_data")?.requiredText("type");
  if (source === undefined) throw body.refusal("rca_source_id", "this field is required");
  if (type === undefined) throw body.refusal("rca_source_data", "this field is required");
  return makeBoard(call, `Root cause of ${type} ${source}`, ["$mp_anything_event"]);
}
