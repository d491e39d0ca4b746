/** Who may do what in the App API, beyond entering a project. */
import { type AccessRule, appUser, roleIn } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { Refusal } from "../refusal.ts";
import { PROJECT_ROLES, type Role } from "../store/projects.ts";

/** Paths without a project: the one in the query string, or else the first that the sender may enter. */
export const defaultProjectUser: AccessRule = async (call) => {
  const access = await appUser(call);
  const wanted = call.url.searchParams.get("project_id");
  for (const project of call.store.projects.projects()) {
    const role = wanted === null || wanted === String(project.id) ? roleIn(call, access.principal, project) : undefined;
    if (role !== undefined) return { ...access, project, role };
  }
  throw new Refusal(403, "You do not have permission to access this project");
};

/** A rule that also asks for a role. Throws Refusal 403 when the sender's role in the project is below it. */
export function atLeast(least: Role, rule: AccessRule): AccessRule {
  return async (call) => {
    const access = await rule(call);
    requireRole({ access }, least);
    return access;
  };
}

/** @throws Refusal 403 when the sender's role in the project is below this one. */
export function requireRole({ access }: Pick<SandboxCall, "access">, least: Role): void {
  if (access.role !== undefined && PROJECT_ROLES.indexOf(access.role) <= PROJECT_ROLES.indexOf(least)) return;
  throw new Refusal(403, "You do not have permission to perform this action");
}

/**
 * The organization in the path, for its own people.
 *
 * @throws Refusal 403 for any other.
 */
export function ownOrganization(call: SandboxCall): number {
  const id = Number(call.path.organization_id);
  if (id === senderOrganization(call)) return id;
  throw new Refusal(403, "You do not have permission to access this organization");
}

/** The same for those who may change it: owners and admins of any of its projects. */
export function managedOrganization(call: SandboxCall): number {
  const id = ownOrganization(call);
  const own = call.store.projects.projects().filter(({ organizationId }) => organizationId === id);
  const roles = own.map((project) => roleIn(call, call.access.principal, project));
  if (roles.some((role) => role === "owner" || role === "admin")) return id;
  throw new Refusal(403, "You do not have permission to perform this action");
}

/** The sender's organization. */
export function senderOrganization({ access: { principal } }: SandboxCall): number | undefined {
  if (principal.kind === "service_account") return principal.account.organizationId;
  return principal.kind === "oauth" ? principal.token.organizationId : undefined;
}
