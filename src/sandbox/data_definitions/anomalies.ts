/** `/data-definitions/data-volume-anomalies/`. Nothing finds anomalies here: the controls make them. */
import { idOf, type JsonObject, readBody } from "../app/body.ts";
import type { Body } from "../app/body.ts";
import { timestamp } from "../app/author.ts";
import type { Stored } from "../app/collection.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { reads, writes } from "./rights.ts";

/** The kind of saved objects that anomalies are. */
export const ANOMALY = "data_volume_anomaly";

const CLASSES = ["Event", "Property", "PropertyTypeDrift", "Metric"] as const;
const STATES = ["open", "dismissed"] as const;
const PATH = "data-volume-anomalies/";

export interface SavedAnomaly {
  timeMs: number;
  actualCount: number;
  predictedUpper: number;
  predictedLower: number;
  status: typeof STATES[number];
  anomalyClass: typeof CLASSES[number];
  eventName?: string;
  propertyName?: string;
  metricName?: string;
}

export const anomalyEndpoints: SandboxEndpoint[] = [
  reads(PATH, list),
  writes("PATCH", PATH, async (call) => {
    const body = await readBody(call);
    return appAnswer(settle(call, body, statusOf(body)));
  }),
  writes("PATCH", `${PATH}bulk/`, async (call) => {
    const body = await readBody(call);
    const status = statusOf(body);
    const anomalies = body.objects("anomalies");
    if (anomalies === undefined) throw body.refusal("anomalies", "this field is required");
    return appAnswer({ anomalies: anomalies.map((one) => settle(call, one, status)) });
  }),
];

/** Mixpanel's server fails with a filter by status. */
function list(call: SandboxCall): Response {
  const { searchParams } = call.url;
  if (searchParams.has("status")) {
    throw new Refusal(500, "An unexpected error occurred. Error ID: 0000");
  }
  const isOn = (name: string) => searchParams.get(name) === "true";
  const shown: ReadonlySet<string> = new Set([
    "Event",
    ...isOn("include_property_anomalies") ? ["Property", "PropertyTypeDrift"] : [],
    ...isOn("include_metric_anomalies") ? ["Metric"] : [],
  ]);
  const limit = idOf(searchParams.get("limit") ?? "") ?? Infinity;
  const anomalies = saved(call).filter(({ body }) => shown.has(body.anomalyClass)).slice(0, limit);
  return appAnswer({ anomalies: anomalies.map((one) => describe(call.project.id, one)) });
}

function saved({ store, project }: SandboxCall): Stored<SavedAnomaly>[] {
  return store.savedObjects.list(project.id, ANOMALY);
}

function describe(projectId: number, { id, body: { timeMs, ...rest } }: Stored<SavedAnomaly>): JsonObject {
  const { actualCount, predictedLower, predictedUpper } = rest;
  const middle = (predictedLower + predictedUpper) / 2;
  const variance = middle === 0 ? 0 : Math.round(100 * (actualCount - middle) / middle);
  return {
    id,
    project: projectId,
    timestamp: timestamp(timeMs),
    percentVariance: `${variance}%`,
    eventName: null,
    propertyName: null,
    metricName: null,
    driftTypes: null,
    ...rest,
  };
}

function statusOf(body: Body): SavedAnomaly["status"] {
  const status = body.choice("status", STATES);
  if (status === undefined) throw body.refusal("status", "this field is required");
  return status;
}

function settle(call: SandboxCall, body: Body, status: SavedAnomaly["status"]): JsonObject {
  const anomalyClass = body.choice("anomalyClass", CLASSES);
  if (anomalyClass === undefined) throw body.refusal("anomalyClass", "this field is required");
  const found = saved(call).find(({ id, body: { anomalyClass: own } }) => id === body.id("id") && own === anomalyClass);
  if (found === undefined) throw new Refusal(404, "Anomaly not found");
  const changed = { ...found.body, status };
  call.store.savedObjects.put(call.project.id, ANOMALY, found.id, changed);
  return describe(call.project.id, { id: found.id, body: changed });
}

/** What the sandbox's own controls make: an anomaly of an event, a property or a metric. */
export function addAnomaly(call: SandboxCall, projectId: number, body: Body): JsonObject {
  const number = (name: string) => body.number(name, 0, Number.MAX_SAFE_INTEGER);
  const anomaly: SavedAnomaly = {
    timeMs: call.nowMs,
    actualCount: number("actualCount") ?? 0,
    predictedLower: number("predictedLower") ?? 50,
    predictedUpper: number("predictedUpper") ?? 150,
    status: "open",
    anomalyClass: body.choice("anomalyClass", CLASSES) ?? "Event",
    eventName: body.text("eventName"),
    propertyName: body.text("propertyName"),
    metricName: body.text("metricName"),
  };
  return describe(projectId, { id: call.store.savedObjects.add(projectId, ANOMALY, anomaly), body: anomaly });
}
