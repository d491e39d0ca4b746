/** Service accounts of an organization, and their places in its projects. */
import { randomUUID } from "../../runtime/hash.ts";
import { isoSeconds } from "../../streams/iso_time.ts";
import { appUser } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { PROJECT_ROLES, type Role, type ServiceAccount } from "../store/projects.ts";
import { appSurface } from "../surfaces.ts";
import { managedOrganization, ownOrganization } from "./access.ts";
import { Body, idOf, readBody } from "./body.ts";

const ALL = "/organizations/{organization_id}/service-accounts";
const ONE = `${ALL}/{service_account_id}`;
const common = { surface: appSurface, access: appUser } as const;

export const serviceAccountEndpoints: SandboxEndpoint[] = [
  { ...common, methods: ["GET"], path: ALL, respond: list },
  { ...common, methods: ["POST"], path: ALL, respond: create },
  { ...common, methods: ["POST"], path: `${ALL}/add-to-project`, respond: addToProjects },
  { ...common, methods: ["POST"], path: `${ALL}/remove-from-project`, respond: removeFromProjects },
  { ...common, methods: ["GET"], path: ONE, respond: get },
  { ...common, methods: ["DELETE"], path: ONE, respond: remove },
  { ...common, methods: ["GET"], path: "/projects/{project_id}/service-accounts", respond: listMembers },
];

const OK = { status: "ok" };

function list(call: SandboxCall): Response {
  return appAnswer(call.store.projects.serviceAccounts(ownOrganization(call)).map(describe));
}

/** One account comes without the envelope. */
function get(call: SandboxCall): Response {
  return jsonAnswer(describe(found(call, ownOrganization(call))));
}

/** Answers with the secret: the only time that it is told. */
async function create(call: SandboxCall): Promise<Response> {
  const organizationId = managedOrganization(call);
  const body = await readBody(call);
  const usual = body.choice("role", PROJECT_ROLES);
  const expires = body.text("expires");
  const expiresMs = expires === undefined ? undefined : parseUtc(expires);
  if (Number.isNaN(expiresMs)) throw body.refusal("expires", "must be a datetime");
  const places = (body.objects("projects") ?? []).map((place) => readPlace(call, organizationId, place, usual));
  const account: ServiceAccount = {
    id: call.store.projects.nextServiceAccountId(),
    organizationId,
    username: `${readName(body)}.${randomUUID().slice(0, 6)}.mp-service-account`,
    secret: randomUUID().replaceAll("-", ""),
    createdMs: call.nowMs,
    expiresMs,
  };
  call.store.projects.addServiceAccount(account);
  for (const { projectId, role } of places) call.store.projects.setRole(account.id, projectId, role);
  return appAnswer({ ...describe(account), token: account.secret }, 201);
}

/** Reads a time as `Date.parse` does, except that it is UTC, and not this machine's time, when it names no zone. */
function parseUtc(text: string): number {
  const time = Date.parse(`${text}Z`);
  return Number.isNaN(time) ? Date.parse(text) : time;
}

/** It leaves all projects. */
function remove(call: SandboxCall): Response {
  const { id } = found(call, managedOrganization(call));
  call.store.projects.deleteServiceAccount(id);
  return jsonAnswer(OK);
}

function listMembers(call: SandboxCall): Response {
  const { projects } = call.store;
  const members = projects.members(call.project.id).flatMap(({ serviceAccountId, role }) => {
    const account = projects.serviceAccountById(serviceAccountId);
    if (account === undefined) return [];
    return [{
      ...describe(account),
      role,
      role_order: PROJECT_ROLES.indexOf(role),
      target_type: "individual",
      email: account.username,
      hasSensitiveAccess: role === "owner" || role === "admin",
    }];
  });
  return appAnswer(members);
}

async function addToProjects(call: SandboxCall): Promise<Response> {
  const organizationId = managedOrganization(call);
  const body = await readBody(call);
  const accounts = readAccounts(call, organizationId, body);
  const given = body.objects("projects");
  if (given === undefined || given.length === 0) throw body.refusal("projects", "this field is required");
  const places = given.map((place) => readPlace(call, organizationId, place));
  for (const { projectId, role } of places) {
    for (const id of accounts) call.store.projects.setRole(id, projectId, role);
  }
  return jsonAnswer(OK);
}

async function removeFromProjects(call: SandboxCall): Promise<Response> {
  const organizationId = managedOrganization(call);
  const body = await readBody(call);
  const given = body.objects("projects");
  if (given === undefined || given.length === 0) throw body.refusal("projects", "this field is required");
  const places = given.map((place) => ({
    projectId: projectIn(call, organizationId, place),
    accounts: readAccounts(call, organizationId, place),
  }));
  for (const { projectId, accounts } of places) {
    for (const id of accounts) call.store.projects.removeRole(id, projectId);
  }
  return jsonAnswer(OK);
}

/** Published as `username`; the reference says `name`. */
function readName(body: Body): string {
  const name = body.has("username") ? body.requiredText("username") : body.text("name");
  if (name === undefined) throw body.refusal("username", "this field is required");
  return name.toLowerCase().replace(/[^a-z0-9-]+/g, "-");
}

function readPlace(
  call: SandboxCall,
  organizationId: number,
  place: Body,
  usual?: Role,
): { projectId: number; role: Role } {
  const role = place.choice("role", PROJECT_ROLES) ?? usual;
  if (role === undefined) throw place.refusal("role", "this field is required");
  return { projectId: projectIn(call, organizationId, place), role };
}

function projectIn(call: SandboxCall, organizationId: number, place: Body): number {
  const id = place.id("id");
  const project = id === undefined ? undefined : call.store.projects.project(id);
  if (id === undefined) throw place.refusal("id", "this field is required");
  if (project?.organizationId !== organizationId) throw new Refusal(404, `Project ${id} not found`);
  return id;
}

function readAccounts(call: SandboxCall, organizationId: number, body: Body): number[] {
  const ids = body.ids("service_account_ids");
  if (ids === undefined) throw body.refusal("service_account_ids", "this field is required");
  const unknown = ids.find((id) => call.store.projects.serviceAccountById(id)?.organizationId !== organizationId);
  if (unknown !== undefined) throw new Refusal(404, `Service account ${unknown} not found`);
  return ids;
}

function found(call: SandboxCall, organizationId: number): ServiceAccount {
  const id = idOf(call.path.service_account_id);
  const account = id === undefined ? undefined : call.store.projects.serviceAccountById(id);
  if (account?.organizationId !== organizationId) throw new Refusal(404, "Service account not found");
  return account;
}

/** Without the secret. `user` is the user that the account acts as. */
function describe({ id, username, createdMs, expiresMs, lastUsedMs }: ServiceAccount) {
  return {
    id,
    username,
    created: timeOrNull(createdMs),
    expires: timeOrNull(expiresMs),
    last_used: timeOrNull(lastUsedMs),
    creator: null,
    user: id,
  };
}

function timeOrNull(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : isoSeconds(timeMs);
}
