/** Who sends a request, by the credentials that Mixpanel takes, and with its words when it doesn't. */
import type { SandboxCall } from "./call.ts";
import { credentialsOf, type SentCredentials } from "./credentials.ts";
import { readPayload } from "./ingestion/payload.ts";
import type { Access, Principal } from "./principal.ts";
import { Refusal } from "./refusal.ts";
import type { Project, Role, ServiceAccount } from "./store/projects.ts";

/** Decides who sends a request. Throws Refusal 400, 401 or 403. */
export type AccessRule = (call: SandboxCall) => Access | Promise<Access>;

const NO_MEMBER = "You do not have permission to access this project";

/** Endpoints that ask for nothing, or look at a token in the payload themselves. */
export const anyone: AccessRule = () => ({ principal: { kind: "anyone" } });

/** The query API and the export: a service account or bearer token with `project_id`, or a project's secret without. */
export const projectReader: AccessRule = async (call) => {
  const fields = await call.fields();
  const credentials = credentialsOf(call.request);
  const projectId = fields.text("project_id");
  const secret = projectSecretOf(credentials, fields.text("api_key"));
  if (secret !== undefined) {
    const project = call.store.projects.projectBySecret(secret);
    if (project === undefined) throw new Refusal(401, "Unable to authenticate request");
    requireSameProject(project, projectId);
    return { principal: { kind: "project_secret" }, project, role: "admin" };
  }
  const principal = principalOf(call, credentials);
  if (typeof principal === "string") throw new Refusal(401, "Unable to authenticate request");
  if (projectId === undefined) throw new Refusal(400, "Missing required parameter: project_id");
  return memberAccess(call, principal, projectId, NO_MEMBER);
};

/** `/import` and its like: also a project's token, and of service accounts only owners and admins. */
export const projectWriter: AccessRule = async (call) => {
  const credentials = await writerCredentials(call);
  const projectId = call.url.searchParams.get("project_id") ?? undefined;
  const { projects } = call.store;
  if (credentials.kind === "basic" && credentials.password === "") {
    const byToken = projects.projectByToken(credentials.user);
    const project = byToken ?? projects.projectBySecret(credentials.user);
    if (project === undefined) {
      throw new Refusal(401, "Unauthorized, invalid project secret. See docs for how to authenticate");
    }
    requireSameProject(project, projectId);
    return { principal: { kind: byToken ? "project_token" : "project_secret" }, project, role: "admin" };
  }
  const principal = principalOf(call, credentials);
  if (typeof principal === "string") throw new Refusal(401, principal);
  if (projectId === undefined) throw new Refusal(400, "project_id, missing or empty");
  const access = memberAccess(call, principal, projectId, "not a project member");
  if (access.role !== "owner" && access.role !== "admin") {
    throw new Refusal(403, "service account must be an owner or admin of the project");
  }
  return access;
};

/**
 * The App API: service accounts and bearer tokens. The project, if any, stands in the path: by itself, by one of its
 * workspaces, or both.
 */
export const appUser: AccessRule = (call) => {
  const principal = principalOf(call, credentialsOf(call.request));
  if (typeof principal === "string") throw new Refusal(401, "Invalid service account credentials");
  const { project_id: projectId, workspace_id: workspaceId } = call.path;
  if (workspaceId === undefined) {
    return projectId === undefined ? { principal } : memberAccess(call, principal, projectId, NO_MEMBER);
  }
  const access = projectId === undefined ? undefined : memberAccess(call, principal, projectId, NO_MEMBER);
  const project = call.store.projects.projects().find((one) => String(one.workspaceId) === workspaceId);
  const role = project && roleIn(call, principal, project);
  if (role !== undefined && (access === undefined || access.project?.id === project!.id)) {
    return { principal, project, role };
  }
  throw new Refusal(403, "You do not have permission to access this workspace");
};

/** The role that a principal has in a project, if any. The owner of an OAuth token sees all of its organization. */
export function roleIn(call: SandboxCall, principal: Principal, project: Project): Role | undefined {
  if (principal.kind === "service_account") return call.store.projects.role(principal.account.id, project.id);
  return principal.kind === "oauth" && principal.token.organizationId === project.organizationId ? "owner" : undefined;
}

/** Old SDKs send the secret as `api_key`, in the query string or in the form. */
async function writerCredentials(call: SandboxCall): Promise<SentCredentials> {
  const credentials = credentialsOf(call.request);
  if (credentials.kind !== "none") return credentials;
  const apiKey = (await readPayload(call)).controls.text("api_key");
  return apiKey === undefined ? credentials : { kind: "basic", user: apiKey, password: "" };
}

function projectSecretOf(credentials: SentCredentials, apiKey: string | undefined): string | undefined {
  if (credentials.kind === "basic" && credentials.password === "") return credentials.user;
  return credentials.kind === "none" ? apiKey : undefined;
}

/** The sender, or the reason why it is nobody. */
function principalOf(call: SandboxCall, credentials: SentCredentials): Principal | string {
  const { projects } = call.store;
  if (credentials.kind === "none") return "Invalid credentials";
  if (credentials.kind === "bearer") {
    const token = projects.oauthToken(credentials.token);
    if (token !== undefined && token.expiresMs > call.nowMs) return { kind: "oauth", token };
    // The reference knows service accounts by a bearer token: the one secret that they have.
    const account = projects.serviceAccountBySecret(credentials.token);
    return account === undefined ? "Invalid credentials" : accountPrincipal(call, account);
  }
  const account = projects.serviceAccount(credentials.user);
  if (account === undefined) return "Not a valid service account username";
  return account.secret === credentials.password
    ? accountPrincipal(call, account)
    : "Invalid service account credentials";
}

function accountPrincipal(call: SandboxCall, account: ServiceAccount): Principal | string {
  if ((account.expiresMs ?? Infinity) <= call.nowMs) return "Invalid service account credentials";
  // Once a minute is enough to say when an account was last used.
  if (call.nowMs - (account.lastUsedMs ?? 0) >= 60_000) call.store.projects.markUsed(account.id, call.nowMs);
  return { kind: "service_account", account };
}

function memberAccess(call: SandboxCall, principal: Principal, projectId: string, refusal: string): Access {
  const project = /^\d+$/.test(projectId) ? call.store.projects.project(Number(projectId)) : undefined;
  const role = project && roleIn(call, principal, project);
  if (role === undefined) throw new Refusal(403, refusal);
  return { principal, project, role };
}

function requireSameProject(project: Project, projectId: string | undefined): void {
  if (projectId === undefined || projectId === String(project.id)) return;
  throw new Refusal(401, "Credentials in request did not match project_id URL parameter");
}
