/** The sandbox's own switches, for tests that run against it: to be reached from this machine only. */
import { type AccessRule, anyone } from "./authentication.ts";
import type { SandboxCall } from "./call.ts";
import { jsonAnswer, type SandboxEndpoint } from "./endpoint.ts";
import { faultOf } from "./faults.ts";
import { Refusal } from "./refusal.ts";
import { requestJson } from "./request_json.ts";
import { controlsSurface } from "./surfaces.ts";

/** Loopback, or a caller inside this program, which has no address. */
const fromHere: AccessRule = (call) => {
  if (!/^(?:127\.|::1$|::ffff:127\.|$)/.test(call.remoteAddress)) {
    throw new Refusal(403, "the sandbox's controls can be reached from its own machine only");
  }
  return anyone(call);
};

const control = { surface: controlsSurface, access: fromHere };

export const controlEndpoints: SandboxEndpoint[] = [
  { ...control, methods: ["GET"], path: "/state", respond: state },
  { ...control, methods: ["POST"], path: "/faults", respond: addFaults },
  { ...control, methods: ["DELETE"], path: "/faults", respond: clearFaults },
];

/** What is stored, and what is still to go wrong. */
function state(call: SandboxCall): Response {
  const { store, services } = call;
  const projects = store.projects.projects().map(({ id, name }) => ({
    id,
    name,
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

function clearFaults(call: SandboxCall): Response {
  call.services.faults.clear();
  call.services.quotas.reset();
  return jsonAnswer({ faults: [] });
}
