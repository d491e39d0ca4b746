/** The sandbox's own switches, for tests that run against it: to be reached from this machine only. */
import { type AccessRule, anyone } from "./authentication.ts";
import type { Call } from "./call.ts";
import { type Endpoint, jsonAnswer } from "./endpoint.ts";
import { faultOf } from "./faults.ts";
import { parseJson } from "../streams/json/json.ts";
import { Refusal } from "./refusal.ts";
import { controls } from "./surfaces.ts";

/** Loopback, or a caller inside this program, which has no address. */
const fromHere: AccessRule = (call) => {
  if (!/^(?:127\.|::1$|::ffff:127\.|$)/.test(call.remoteAddress)) {
    throw new Refusal(403, "the sandbox's controls can be reached from its own machine only");
  }
  return anyone(call);
};

const control = { surface: controls, access: fromHere };

export const controlEndpoints: Endpoint[] = [
  { ...control, methods: ["GET"], path: "/state", respond: state },
  { ...control, methods: ["POST"], path: "/faults", respond: addFaults },
  { ...control, methods: ["DELETE"], path: "/faults", respond: clearFaults },
];

/** What is stored, and what is still to go wrong. */
function state(call: Call): Response {
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
async function addFaults(call: Call): Promise<Response> {
  let value: unknown;
  try {
    value = parseJson(new TextDecoder().decode(await call.body()));
  } catch {
    throw new Refusal(400, "a fault is JSON");
  }
  const faults = (Array.isArray(value) ? value : [value]).map(faultOf);
  for (const fault of faults) call.services.faults.add(fault);
  return jsonAnswer({ faults: call.services.faults.pending() });
}

function clearFaults(call: Call): Response {
  call.services.faults.clear();
  call.services.quotas.reset();
  return jsonAnswer({ faults: [] });
}
