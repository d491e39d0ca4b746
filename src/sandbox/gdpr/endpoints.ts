/** `/api/app/data-retrievals/v3.0` and `/data-deletions/v3.0`: tasks of data protection law. */
import { randomUUID } from "../../runtime/hash.ts";
import { isoSeconds } from "../../streams/iso_time.ts";
import { type AccessRule, appUser, roleIn } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import type { Access } from "../principal.ts";
import { Refusal } from "../refusal.ts";
import { appSurface } from "../surfaces.ts";
import {
  carryOutDeletions,
  GDPR_TASK,
  type GdprTask,
  idsOf,
  saveTask,
  stateOf,
  taskOfPath,
  trackingIdOf,
} from "./tasks.ts";

/** An OAuth token, which Mixpanel wants here and nowhere else, and the project by its token. */
const gdprUser: AccessRule = async (call): Promise<Access> => {
  const { principal } = await appUser(call);
  if (principal.kind !== "oauth") throw new Refusal(401, "This endpoint requires an OAuth token");
  const token = call.url.searchParams.get("token") ?? "";
  if (token === "") throw new Refusal(400, "Missing required parameter: token");
  const project = call.store.projects.projectByToken(token);
  const role = project && roleIn(call, principal, project);
  if (role === undefined) throw new Refusal(403, "You do not have permission to access this project");
  return { principal, project, role };
};

const gdpr = { surface: appSurface, access: gdprUser, quota: "gdpr" } as const;

export const gdprEndpoints: SandboxEndpoint[] = [
  { ...gdpr, methods: ["POST"], path: "/data-retrievals/v3.0/", respond: (call) => create(call, "retrieval") },
  { ...gdpr, methods: ["GET"], path: "/data-retrievals/v3.0/{tracking_id}", respond: retrievalStatus },
  { ...gdpr, methods: ["POST"], path: "/data-deletions/v3.0/", respond: (call) => create(call, "deletion") },
  { ...gdpr, methods: ["GET"], path: "/data-deletions/v3.0/{tracking_id}", respond: deletionStatus },
  { ...gdpr, methods: ["DELETE"], path: "/data-deletions/v3.0/{tracking_id}", respond: cancelDeletion },
];

async function create(call: SandboxCall, type: GdprTask["type"]): Promise<Response> {
  carryOutDeletions(call);
  const fields = await call.fields();
  const distinct_ids = idsOf(fields.json("distinct_ids"));
  const compliance_type = fields.choice("compliance_type", ["GDPR", "CCPA"]) ?? "GDPR";
  const { principal } = call.access;
  const task: GdprTask = {
    type,
    distinct_ids,
    compliance_type,
    disclosure_type: type === "retrieval" && compliance_type === "CCPA"
      ? disclosureOf(fields.text("disclosure_type"))
      : undefined,
    requesting_user: principal.kind === "oauth" ? principal.token.userEmail : "",
    requestedMs: call.nowMs,
    turnMs: call.nowMs,
    key: randomUUID().replaceAll("-", ""),
  };
  const id = call.store.savedObjects.add(call.project.id, GDPR_TASK, task);
  if (call.services.settings.gdprListAnswers) return jsonAnswer([describe(call, id, task)], 201);
  return appAnswer({ task_id: trackingIdOf(id) }, 201);
}

/** Published with a capital, and in capitals in the reference. */
function disclosureOf(word = "Data"): string {
  const disclosure = ["Data", "Categories", "Sources"].find((one) => one.toLowerCase() === word.toLowerCase());
  if (disclosure === undefined) throw new Refusal(400, `Invalid disclosure_type: '${word}'`);
  return disclosure;
}

/** An id that is unknown has a status like any other. The link stands where each of the documents has it. */
function retrievalStatus(call: SandboxCall): Response {
  carryOutDeletions(call);
  const found = taskOfPath(call, "retrieval");
  if (found === undefined) return appAnswer({ status: "NOT_FOUND", results: "", distinct_ids: [] });
  const { id, task } = found;
  const state = stateOf(call, task);
  const link = state === "SUCCESS" ? `${call.url.origin}/sandbox/retrievals/${trackingIdOf(id)}/${task.key}.jsonl` : "";
  return appAnswer({
    status: state,
    result: link,
    results: link,
    destination_url: link === "" ? null : link,
    distinct_ids: task.distinct_ids,
  });
}

function deletionStatus(call: SandboxCall): Response {
  carryOutDeletions(call);
  const found = taskOfPath(call, "deletion");
  if (found === undefined) return appAnswer({ status: "NOT_FOUND", distinct_ids: [] });
  return appAnswer({ ...describe(call, found.id, found.task), distinct_ids: found.task.distinct_ids });
}

/** Possible until the deletion has started. */
function cancelDeletion(call: SandboxCall): Response {
  carryOutDeletions(call);
  const found = taskOfPath(call, "deletion");
  if (found === undefined) throw new Refusal(404, "Deletion task not found");
  const state = stateOf(call, found.task);
  if (state !== "PENDING" && state !== "STAGING") {
    throw new Refusal(405, `Deletion task cannot be cancelled: it is ${state}`, { headers: { allow: "GET" } });
  }
  saveTask(call, found.id, { ...found.task, revoked: true });
  return new Response(null, { status: 204 });
}

function describe(call: SandboxCall, id: number, task: GdprTask): Record<string, unknown> {
  return {
    tracking_id: trackingIdOf(id),
    status: stateOf(call, task),
    requesting_user: task.requesting_user,
    compliance_type: task.compliance_type,
    disclosure_type: task.disclosure_type,
    project_id: call.project.id,
    date_requested: isoSeconds(task.requestedMs),
    destination_url: null,
    distinct_id_count: task.distinct_ids.length,
  };
}
