/** Who the credentials belong to, and the projects that they open. */
import { appUser, roleIn } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import type { Principal } from "../principal.ts";
import type { Project, Role } from "../store/projects.ts";
import { appSurface } from "../surfaces.ts";
import { senderOrganization } from "./access.ts";

const read = { methods: ["GET"], surface: appSurface, access: appUser } as const;

export const meEndpoints: SandboxEndpoint[] = [
  { ...read, path: "/me", respond: me },
  { ...read, path: "/projects", respond: listProjects },
  { ...read, path: "/projects/{project_id}/workspaces", respond: listWorkspaces },
  { ...read, path: "/projects/{project_id}/workspaces/public", respond: listWorkspaces },
  { ...read, path: "/projects/{project_id}/data-groups/", respond: listDataGroups },
];

/** What a role may do, as `/me` lists it. */
const PERMISSIONS: Record<Role, readonly string[]> = {
  consumer: ["view_base_reports"],
  analyst: ["view_base_reports", "edit_base_reports"],
  admin: ["view_base_reports", "edit_base_reports", "write_project_settings"],
  owner: ["view_base_reports", "edit_base_reports", "write_project_settings", "write_project_users"],
};

/** Maps by id, as texts: a project that one cannot enter is simply not there. */
function me(call: SandboxCall): Response {
  const { principal } = call.access;
  const visible = visibleProjects(call);
  const organizationIds = new Set([
    senderOrganization(call),
    ...visible.map(([{ organizationId }]) => organizationId),
  ]);
  const organizations = [...organizationIds].flatMap((id) => {
    const organization = id === undefined ? undefined : call.store.projects.organization(id);
    return organization === undefined ? [] : [organization];
  });
  return appAnswer({
    ...identityOf(principal),
    organizations: byId(organizations),
    projects: Object.fromEntries(visible.map(([project, role]) => [project.id, describe(project, role)])),
    workspaces: byId(visible.map(([project]) => workspaceOf(project))),
  });
}

/** The reference's list. */
function listProjects(call: SandboxCall): Response {
  return appAnswer(
    visibleProjects(call).map(([{ id, name, token, timeZone }]) => ({ id, name, token, timezone: timeZone })),
  );
}

function listWorkspaces({ project }: SandboxCall): Response {
  return appAnswer([workspaceOf(project)]);
}

function listDataGroups({ store, project }: SandboxCall): Response {
  return appAnswer(
    store.profiles.dataGroups(project.id)
      .map(({ groupKey, id }) => ({ property_name: groupKey, data_group_id: BigInt(id) })),
  );
}

function visibleProjects(call: SandboxCall): [Project, Role][] {
  return call.store.projects.projects().flatMap((project): [Project, Role][] => {
    const role = roleIn(call, call.access.principal, project);
    return role === undefined ? [] : [[project, role]];
  });
}

function identityOf(principal: Principal): Record<string, unknown> {
  if (principal.kind === "service_account") {
    const { id, username } = principal.account;
    return { user_id: id, user_email: username, user_name: username };
  }
  const email = principal.kind === "oauth" ? principal.token.userEmail : null;
  return { user_id: 0, user_email: email, user_name: email };
}

function describe(project: Project, role: Role): Record<string, unknown> {
  return {
    id: project.id,
    name: project.name,
    organization_id: project.organizationId,
    timezone: project.timeZone,
    domain: "mixpanel.com",
    type: "project",
    has_workspaces: true,
    role: { name: role },
    permissions: PERMISSIONS[role],
  };
}

function workspaceOf({ id, workspaceId }: Project): { id: number } & Record<string, unknown> {
  return {
    id: workspaceId,
    name: "All Project Data",
    project_id: id,
    is_default: true,
    is_global: true,
    is_visible: true,
  };
}

function byId<T extends { id: number }>(items: readonly T[]): Record<string, T> {
  return Object.fromEntries(items.map((item) => [item.id, item]));
}
