/** What a finished retrieval's link leads to. Mixpanel's lie on other hosts; these are the sandbox's own. */
import { parseJson, stringifyJson } from "../../streams/json/json.ts";
import { anyone } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { streamOf } from "../delivery.ts";
import type { SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { USER_GROUP_KEY } from "../store/profiles.ts";
import type { Project } from "../store/projects.ts";
import { controlsSurface } from "../surfaces.ts";
import { type GdprTask, stateOf, taskOfPath, withFormerIds } from "./tasks.ts";

/** The link is the secret: it comes without credentials. */
export const retrievalResultEndpoints: SandboxEndpoint[] = [
  {
    methods: ["GET"],
    surface: controlsSurface,
    access: anyone,
    path: "/retrievals/{tracking_id}/{key}",
    respond: result,
  },
];

function result(call: SandboxCall): Response {
  for (const project of call.store.projects.projects()) {
    call.access = { ...call.access, project };
    const found = taskOfPath(call, "retrieval");
    if (found === undefined || call.path.key !== `${found.task.key}.jsonl`) continue;
    if (stateOf(call, found.task) !== "SUCCESS") break;
    const headers = { "content-type": "application/x-ndjson" };
    return new Response(streamOf(encoded(disclosed(call, project, found.task))), { headers });
  }
  throw new Refusal(404, "there is no such result");
}

function* disclosed(call: SandboxCall, project: Project, task: GdprTask): Generator<unknown, void> {
  const ids = withFormerIds(call, project, task.distinct_ids);
  if (task.disclosure_type === "Categories" || task.disclosure_type === "Sources") {
    yield summaryOf(call, project, ids, task.disclosure_type);
    return;
  }
  for (const id of ids) {
    const properties = call.store.profiles.get(project.id, USER_GROUP_KEY, id);
    if (properties !== undefined) yield { $distinct_id: id, $properties: properties };
  }
  for (const { name, timeMs, properties } of call.store.userData.events(project.id, ids)) {
    const stored = parseJson(properties) as Record<string, unknown>;
    yield { event: name, properties: { time: Math.floor(timeMs / 1000), ...stored } };
  }
}

/** Which kinds of data there are, or where they came from. */
function summaryOf(call: SandboxCall, project: Project, ids: string[], disclosure: string): unknown {
  const events = new Set<string>();
  const properties = new Set<string>();
  const sources = new Set<string>();
  for (const event of call.store.userData.events(project.id, ids)) {
    const stored = parseJson(event.properties) as Record<string, unknown>;
    events.add(event.name);
    for (const name of Object.keys(stored)) properties.add(name);
    sources.add(String(stored.mp_lib ?? "unknown"));
  }
  return disclosure === "Sources"
    ? { sources: [...sources].sort() }
    : { events: [...events].sort(), properties: [...properties].sort() };
}

async function* encoded(records: Iterable<unknown>): AsyncGenerator<Uint8Array, void> {
  const encoder = new TextEncoder();
  for (const record of records) yield encoder.encode(stringifyJson(record) + "\n");
}
