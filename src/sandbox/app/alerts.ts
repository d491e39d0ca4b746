/** Alerts on saved reports. They are kept, and never fire: what a condition looks like is not known. */
import { isObject } from "../../streams/json/is_object.ts";
import { appUser } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { appSurface } from "../surfaces.ts";
import { atLeast } from "./access.ts";
import { authorOf, type Authorship, authorshipOf, timestamp } from "./author.ts";
import { Body, type JsonObject, readBody } from "./body.ts";
import { Collection, type Stored } from "./collection.ts";
import { cursorPage } from "./cursor_pages.ts";
import { savedBookmark } from "./saved_bookmark.ts";

/** The kind of saved objects that alerts are. */
export const ALERT = "alert";

/** An alert as it is saved, under its id. */
export interface SavedAlert extends Authorship {
  name: string;
  bookmark_id: number;
  condition: JsonObject;
  /** In seconds. */
  frequency: number;
  paused: boolean;
  subscriptions: readonly JsonObject[];
  notification_windows: JsonObject | null;
  /** What has come of it, newest first. */
  history: readonly JsonObject[];
}

const ALL = "/projects/{project_id}/alerts/custom/";
const FREQUENCIES: readonly number[] = [3600, 86_400, 604_800];
const MOST_NAME = 50;
/** On the plan called Growth. */
const MOST_ALERTS = 5;

const alerts: Collection<SavedAlert> = new Collection({
  kind: ALERT,
  path: ALL,
  access: appUser,
  // One alone shows no more than this.
  show: (call, member) =>
    call.request.method === "GET" ? { id: member.id, name: member.body.name } : describe(call, member),
  showInList: describe,
  select(call, members) {
    const { searchParams } = call.url;
    const report = searchParams.get("bookmark_id");
    const everybody = searchParams.get("skip_user_filter") === "true";
    const own = authorOf(call).id;
    return members.filter(({ body }) =>
      (report === null || String(body.bookmark_id) === report) && (everybody || body.creator.id === own)
    );
  },
  create: (call, body) => ({ ...readAlert(call, body), ...authorshipOf(call), history: [] }),
  idParameter: "alert_id",
  notFound: () => new Refusal(404, "Alert not found"),
  // What is not sent stays as it was.
  update: (call, { fields }, before) => ({
    ...readAlert(call, new Body({ ...before, ...fields })),
    ...authorshipOf(call, before),
  }),
});

const write = { surface: appSurface, access: atLeast("analyst", appUser), methods: ["POST"] } as const;
const read = { surface: appSurface, access: appUser, methods: ["GET"] } as const;

export const alertEndpoints: SandboxEndpoint[] = [
  ...alerts.endpoints(),
  { ...write, path: `${ALL}bulk-delete/`, respond: deleteMany },
  { ...write, path: `${ALL}test/`, respond: test },
  { ...write, path: `${ALL}validate-alerts-for-bookmark/`, respond: validate },
  { ...read, path: `${ALL}alert-count/`, respond: count },
  { ...read, path: `${ALL}screenshot/`, respond: screenshot },
  { ...read, path: `${ALL}{alert_id}/history/`, respond: (call) => cursorPage(call, alerts.named(call).body.history) },
];

type AlertFields = Omit<SavedAlert, keyof Authorship | "history">;

function readAlert(call: SandboxCall, body: Body): AlertFields {
  const bookmarkId = body.id("bookmark_id");
  if (bookmarkId === undefined) throw body.refusal("bookmark_id", "this field is required");
  const report = savedBookmark(call, bookmarkId);
  if (report === undefined) throw new Refusal(404, `Report ${bookmarkId} not found`);
  if (report.type !== "insights" && report.type !== "funnels") {
    throw body.refusal("bookmark_id", "alerts are for insights and funnels only");
  }
  const condition = body.object("condition");
  if (condition === undefined) throw body.refusal("condition", "this field is required");
  const frequency = body.number("frequency", 1, Infinity);
  if (frequency === undefined || !FREQUENCIES.includes(frequency)) {
    throw body.refusal("frequency", `must be one of ${FREQUENCIES.join(", ")}`);
  }
  const paused = body.truth("paused");
  if (paused === undefined) throw body.refusal("paused", "this field is required");
  const subscriptions = body.objects("subscriptions");
  if (subscriptions === undefined) throw body.refusal("subscriptions", "this field is required");
  return {
    name: body.requiredText("name", MOST_NAME),
    bookmark_id: bookmarkId,
    condition: condition.fields,
    frequency,
    paused,
    subscriptions: subscriptions.map(({ fields }) => fields),
    notification_windows: body.object("notification_windows")?.fields ?? null,
  };
}

async function deleteMany(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  const ids = body.ids("alert_ids");
  if (ids === undefined) throw body.refusal("alert_ids", "this field is required");
  for (const id of ids) {
    if (alerts.find(call, id) === undefined) throw new Refusal(404, "Alert not found");
  }
  for (const id of ids) call.store.savedObjects.delete(call.project.id, ALERT, id);
  return appAnswer({});
}

/** Nobody is told. */
async function test(call: SandboxCall): Promise<Response> {
  readAlert(call, await readBody(call));
  return appAnswer({});
}

/** An alert needs a metric of its report. What Mixpanel holds against a report besides is not known. */
async function validate(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  const ids = body.ids("alert_ids");
  if (ids === undefined) throw body.refusal("alert_ids", "this field is required");
  if (body.choice("bookmark_type", ["insights", "funnels"]) === undefined) {
    throw body.refusal("bookmark_type", "this field is required");
  }
  const params = body.object("bookmark_params");
  if (params === undefined) throw body.refusal("bookmark_params", "this field is required");
  const { sections } = params.fields;
  const hasMetric = isObject(sections) && Array.isArray(sections.show) && sections.show.length > 0;
  const validations = ids.map((id) => {
    const alert = alerts.find(call, id);
    const reason = alert === undefined ? "Alert not found" : hasMetric ? null : "The report has no metric";
    return { alert_id: id, alert_name: alert?.body.name ?? null, valid: reason === null, reason };
  });
  return appAnswer({
    alert_validations: validations,
    invalid_count: validations.filter(({ valid }) => !valid).length,
  });
}

/** How a condition says that it is about anomalies is not known: here by its `type`. */
function count(call: SandboxCall): Response {
  const anomalies = alerts.members(call).filter(({ body }) => body.condition.type === "anomaly").length;
  return appAnswer({
    anomaly_alerts_count: anomalies,
    alert_limit: MOST_ALERTS,
    is_below_limit: anomalies < MOST_ALERTS,
  });
}

/** Nothing is there: alerts have no pictures here. */
function screenshot({ url }: SandboxCall): Response {
  const key = url.searchParams.get("gcs_key");
  if (key === null || key === "") throw new Refusal(400, "gcs_key: this field is required");
  return appAnswer({ signed_url: `${url.origin}/sandbox/pictures/${encodeURIComponent(key)}?Signature=sandbox` });
}

function describe(call: SandboxCall, { id, body }: Stored<SavedAlert>): JsonObject {
  const { creator, createdMs, modifiedMs, modifier: _modifier, history, bookmark_id, ...fields } = body;
  const report = savedBookmark(call, bookmark_id);
  return {
    id,
    ...fields,
    bookmark_id,
    bookmark: { id: bookmark_id, name: report?.name ?? null, type: report?.type ?? null },
    creator: { id: creator.id, first_name: creator.name, last_name: "", email: creator.email },
    project: { id: call.project.id, name: call.project.name },
    workspace: { id: call.project.workspaceId, name: null },
    created: timestamp(createdMs),
    modified: timestamp(modifiedMs),
    last_checked: history[0]?.timestamp ?? null,
    last_fired: history.find(({ fired }) => fired === true)?.timestamp ?? null,
    valid: true,
    results: {},
  };
}
