/** The sandbox's own switches, for tests that run against it: to be reached from this machine only. */
import { readBody } from "./app/body.ts";
import type { SandboxCall } from "./call.ts";
import { addAnomaly } from "./data_definitions/anomalies.ts";
import { jsonAnswer, type SandboxEndpoint } from "./endpoint.ts";
import { faultOf } from "./faults.ts";
import { Refusal } from "./refusal.ts";
import { requestJson } from "./request_json.ts";
import { controlsSurface } from "./surfaces.ts";
import { fromHere } from "./watch/from_here.ts";

const control = { surface: controlsSurface, access: fromHere };

export const controlEndpoints: SandboxEndpoint[] = [
  { ...control, methods: ["GET"], path: "/state", respond: state },
  { ...control, methods: ["POST"], path: "/faults", respond: addFaults },
  { ...control, methods: ["DELETE"], path: "/faults", respond: clearFaults },
  { ...control, methods: ["POST"], path: "/anomalies", respond: makeAnomaly },
];

/** What is stored, and what is still to go wrong. */
function state(call: SandboxCall): Response {
  const { store, services } = call;
  const projects = store.projects.projects().map(({ id, name, token }) => ({
    id,
    name,
    token,
    events: store.events.count(id),
    profiles: store.profiles.count(id),
  }));
  return jsonAnswer({ projects, faults: services.faults.pending(), quotas: services.quotas.state() });
}

/** Takes one fault or a list; all or none. */
async function addFaults(call: SandboxCall): Promise<Response> {
  const value = requestJson(new TextDecoder().decode(await call.body()), "a fault is JSON");
  const faults = (Array.isArray(value) ? value : [value]).map(faultOf);
  for (const fault of faults) call.services.faults.add(fault);
  return jsonAnswer({ faults: call.services.faults.pending() });
}

/** Makes an anomaly of volume, of the project that `project_id` names, or else of the first. */
async function makeAnomaly(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  const projectId = body.id("project_id") ?? call.store.projects.projects()[0]?.id;
  if (projectId === undefined || call.store.projects.project(projectId) === undefined) {
    throw new Refusal(404, "there is no such project");
  }
  return jsonAnswer(addAnomaly(call, projectId, body));
}

function clearFaults(call: SandboxCall): Response {
  call.services.faults.clear();
  call.services.quotas.reset();
  return jsonAnswer({ faults: [] });
}
