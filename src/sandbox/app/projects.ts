/** What only the reference has on projects: making one, and deleting events of it. */
import { randomUUID } from "../../runtime/hash.ts";
import { appUser } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Fields } from "../fields.ts";
import { storedZone } from "../ingestion/event_time.ts";
import { boundsOf, requiredDays } from "../query/days.ts";
import { Refusal } from "../refusal.ts";
import type { Project } from "../store/projects.ts";
import { appSurface } from "../surfaces.ts";
import { atLeast, senderOrganization } from "./access.ts";
import { readBody } from "./body.ts";

const common = { methods: ["POST"], surface: appSurface, access: appUser } as const;

export const projectEndpoints: SandboxEndpoint[] = [
  { ...common, path: "/projects", respond: create },
  { ...common, access: atLeast("admin", appUser), path: "/projects/{project_id}/delete-events", respond: deleteEvents },
];

/** Whoever makes a project owns it. */
async function create(call: SandboxCall): Promise<Response> {
  const organizationId = senderOrganization(call);
  if (organizationId === undefined) throw new Refusal(403, "You do not have permission to perform this action");
  const body = await readBody(call);
  const { projects } = call.store;
  const id = projects.nextProjectId();
  const project: Project = {
    id,
    organizationId,
    workspaceId: id + 1,
    name: body.requiredText("name"),
    token: randomUUID().replaceAll("-", ""),
    secret: randomUUID().replaceAll("-", ""),
    timeZone: checkedZone(body.text("timezone") ?? "UTC"),
    storesLocalTime: false,
    identity: "simplified",
    createdMs: call.nowMs,
  };
  projects.addProject(project);
  const { principal } = call.access;
  if (principal.kind === "service_account") projects.setRole(principal.account.id, id, "owner");
  return jsonAnswer({
    id,
    name: project.name,
    token: project.token,
    api_secret: project.secret,
    timezone: project.timeZone,
  });
}

/** Events are gone at once, though the answer promises it for later. */
async function deleteEvents(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  const name = body.requiredText("event_name");
  const days = requiredDays(
    new Fields(new URLSearchParams(), undefined, {
      from_date: body.requiredText("start_date"),
      to_date: body.requiredText("end_date"),
    }),
  );
  call.store.events.delete(call.project.id, { ...boundsOf(days, storedZone(call.project)), names: [name] });
  return jsonAnswer({ status: "pending", deletion_job_id: randomUUID() });
}

function checkedZone(name: string): string {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return name;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Refusal(400, `timezone: unknown time zone '${name}'`);
  }
}
