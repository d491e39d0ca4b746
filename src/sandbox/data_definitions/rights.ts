/** Rights of data definitions. A 403 names the one that is missing. */
import { type AccessRule, appUser } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import type { HttpMethod, SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { appSurface } from "../surfaces.ts";
import { requireRole } from "../app/access.ts";
import type { Role } from "../store/projects.ts";

const BASE = "/projects/{project_id}/data-definitions";

type Right = "write_data_definitions" | "write_data_definition_schema" | "event_deletion";

/** The least role that has each right. */
const HOLDERS: Readonly<Record<Right, Role>> = {
  write_data_definitions: "analyst",
  write_data_definition_schema: "analyst",
  event_deletion: "admin",
};

function holderOf(right: Right): AccessRule {
  return async (call) => {
    const access = await appUser(call);
    try {
      requireRole({ access }, HOLDERS[right]);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new Refusal(403, `You do not have the permission ${right} in this project`);
    }
    return access;
  };
}

type Respond = (call: SandboxCall) => Response | Promise<Response>;

/** An endpoint that whoever may see the project can ask. */
export function reads(path: string, respond: Respond): SandboxEndpoint {
  return { methods: ["GET"], path: `${BASE}/${path}`, surface: appSurface, access: appUser, respond };
}

/** An endpoint for those who have a right. */
export function writes(method: HttpMethod, path: string, respond: Respond, right: Right = "write_data_definitions") {
  const endpoint: SandboxEndpoint = {
    methods: [method],
    path: `${BASE}/${path}`,
    surface: appSurface,
    access: holderOf(right),
    respond,
  };
  return endpoint;
}
