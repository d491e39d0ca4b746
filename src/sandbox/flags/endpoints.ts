/** `/flags`: who gets which variant, and the definitions to find it out at home. */
import { isObject } from "../../streams/json/is_object.ts";
import { setMember } from "../../streams/json/members.ts";
import { featureFlags } from "../app/feature_flags.ts";
import type { Rollout } from "../app/ruleset.ts";
import { type AccessRule, projectReader } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { credentialsOf } from "../credentials.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { savedCohortMembers } from "../query/cohort_members.ts";
import { Refusal } from "../refusal.ts";
import { requestJson } from "../request_json.ts";
import { flagsSurface } from "../surfaces.ts";
import { assign, type FlagContext } from "./assign.ts";

/** A project's token, in the query string or as user name, does; so do a service account and the project's secret. */
const flagReader: AccessRule = async (call) => {
  const credentials = credentialsOf(call.request);
  const { projects } = call.store;
  const isAlone = credentials.kind === "basic" && credentials.password === "";
  const token = isAlone
    ? credentials.user
    : credentials.kind === "none"
    ? (await call.fields()).text("token")
    : undefined;
  const project = token === undefined ? undefined : projects.projectByToken(token);
  if (project !== undefined) return { principal: { kind: "project_token" }, project };
  if (credentials.kind === "none") throw new Refusal(401, "Invalid project token");
  return await projectReader(call);
};

const common = { surface: flagsSurface, access: flagReader } as const;

export const flagEndpoints: SandboxEndpoint[] = [
  // Published as a GET; browser SDKs have posted.
  { ...common, methods: ["GET", "POST"], path: "/flags", quota: "flags", respond: evaluate },
  { ...common, methods: ["GET"], path: "/flags/definitions", respond: definitions },
];

async function evaluate(call: SandboxCall): Promise<Response> {
  const fields = await call.fields();
  const context = readContext(fields.text("context"));
  const wanted = fields.text("flag_key");
  const isMember = memberCheck(call, context);
  const selected: Record<string, unknown> = {};
  for (const { body: flag } of featureFlags.members(call)) {
    if (flag.status !== "enabled" || (wanted !== undefined && flag.key !== wanted)) continue;
    const assignment = assign(flag, context, isMember);
    if (assignment === undefined) continue;
    setMember(selected, flag.key, {
      variant_key: assignment.variant.key,
      variant_value: assignment.variant.value,
      ...flag.experiment_id !== null &&
        { experiment_id: flag.experiment_id, is_experiment_active: flag.is_experiment_active ?? false },
      is_qa_tester: assignment.isTester,
    });
  }
  return jsonAnswer({ code: 200, flags: selected });
}

/** All that are enabled. */
function definitions(call: SandboxCall): Response {
  const enabled = featureFlags.members(call).map(({ body }) => body).filter(({ status }) => status === "enabled");
  return jsonAnswer({
    code: 200,
    flags: enabled.map((flag) => ({
      id: flag.id,
      name: flag.name,
      key: flag.key,
      status: flag.status,
      project_id: call.project.id,
      workspace_id: call.project.workspaceId,
      context: flag.context,
      experiment_id: flag.experiment_id,
      is_experiment_active: flag.is_experiment_active,
      hash_salt: flag.hash_salt,
      ruleset: flag.ruleset,
    })),
  });
}

function readContext(text: string | undefined): FlagContext {
  if (text === undefined) throw new Refusal(400, "context is required");
  const context = requestJson(text, "context must be valid JSON");
  if (!isObject(context)) throw new Refusal(400, "context must be a JSON object");
  const { distinct_id: id } = context;
  if (typeof id !== "string" || id === "") {
    throw new Refusal(400, "distinct_id must be provided in evalContext as a string");
  }
  return context;
}

/** Whether somebody is in a rollout's cohort. The sandbox knows cohorts by the id of a saved one: `{"id": 8001}`. */
function memberCheck(call: SandboxCall, context: FlagContext): (rollout: Rollout) => boolean {
  return ({ cohort_definition: cohort }) => {
    if (cohort === undefined || cohort === null) return true;
    const { id } = cohort as { id?: unknown };
    return typeof id === "number" && savedCohortMembers(call, id).has(String(context.distinct_id));
  };
}
