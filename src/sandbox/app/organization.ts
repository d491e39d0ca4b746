/** People of an organization, and their teams. What Mixpanel says of each is not known: here it is the least. */
import { appUser } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { appSurface } from "../surfaces.ts";
import { managedOrganization } from "./access.ts";

/** The kinds of saved objects, under the organization's number. */
export const ORGANIZATION_USER = "organization_user";
export const ORGANIZATION_TEAM = "organization_team";

const read = { methods: ["GET"], surface: appSurface, access: appUser } as const;

export const organizationEndpoints: SandboxEndpoint[] = [
  {
    ...read,
    path: "/organizations/{organization_id}/users/",
    respond: (call) => list(call, ORGANIZATION_USER),
  },
  {
    ...read,
    path: "/organizations/{organization_id}/teams",
    respond: (call) => list(call, ORGANIZATION_TEAM),
  },
];

function list(call: SandboxCall, kind: string): Response {
  const members = call.store.savedObjects.list<object>(managedOrganization(call), kind);
  return appAnswer(members.map(({ id, body }) => ({ id, ...body })));
}
