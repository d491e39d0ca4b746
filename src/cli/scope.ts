/** The workspace or organization that a request is for, when the user has not said which: Mixpanel is asked. */
import type { z } from "zod";
import { me, type meResult } from "../api/app.ts";
import { call } from "../api/call.ts";
import { placeholder } from "../client/credentials.ts";
import type { Client } from "../client/types.ts";
import { inputError, type MpError } from "../errors.ts";
import { readVariable } from "../settings/environment.ts";
import type { Context } from "./context.ts";

type Me = z.output<typeof meResult>;
type Workspace = Me["workspaces"][string];

/**
 * The id of the workspace: `--workspace`, MP_WORKSPACE_ID, or else the project's default one. A dry run asks nobody,
 * and has the variable's name in its place.
 *
 * @throws MpError (input) when no project is set, or the credentials see no workspace of it.
 */
export async function workspaceOf(context: Context): Promise<string> {
  const { connection } = await context.client();
  if (connection.workspaceId !== undefined) return connection.workspaceId;
  if (context.globals.dryRun) return placeholder("MP_WORKSPACE_ID");
  const workspace = defaultWorkspace(await workspacesOf(context));
  if (workspace !== undefined) return String(workspace.id);
  throw inputError(
    `Cannot find a workspace of project ${connection.projectId}: the credentials see none`,
    "add --workspace ID or set MP_WORKSPACE_ID",
    "missing_workspace_id",
  );
}

/** The workspaces of the project that the credentials see. Throws an input error when no project is set. */
export async function workspacesOf(context: Context): Promise<Workspace[]> {
  const { projectId } = (await context.client()).connection;
  if (projectId === undefined) throw missingProject("Cannot find the workspace: no project is set");
  return Object.values((await ask(context)).workspaces)
    .filter((one) => one.project_id === undefined || String(one.project_id) === projectId);
}

/**
 * The id of the organization: the one given, MP_ORGANIZATION_ID, else the project's, else the only one that the
 * credentials see.
 *
 * @throws MpError (input) when there are several to choose from.
 */
export async function organizationOf(context: Context, given: unknown): Promise<string> {
  const known = given ?? readVariable(context.env, "MP_ORGANIZATION_ID");
  if (known !== undefined) return String(known);
  if (context.globals.dryRun) return placeholder("MP_ORGANIZATION_ID");
  const { organizations, projects } = await ask(context);
  const { projectId } = (await context.client()).connection;
  const own = projectId === undefined ? undefined : projects[projectId]?.organization_id;
  if (own !== undefined) return String(own);
  const ids = Object.keys(organizations);
  if (ids.length === 1) return ids[0] as string;
  const seen = Object.entries(organizations).map(([id, { name }]) => `${id} (${name})`).join(", ");
  throw inputError(
    `Cannot tell which organization is meant: the credentials see ${seen || "none"}`,
    "add --organization ID or set MP_ORGANIZATION_ID",
    "missing_organization_id",
  );
}

/** The error of what needs a project when none is set. */
export function missingProject(message: string): MpError {
  const hint = "add --project ID or set MP_PROJECT_ID; 'mp projects list' shows what you can see";
  return inputError(message, hint, "missing_project_id");
}

/** The data view of a query, as a parameter: none unless one is set. */
export function dataView({ connection: { workspaceId } }: Client): { workspace_id?: string } {
  return workspaceId === undefined ? {} : { workspace_id: workspaceId };
}

/** Mixpanel's own choice: the one of all data, by mark or by name, then the marked default, then any. */
function defaultWorkspace(own: readonly Workspace[]): Workspace | undefined {
  return own.find((one) => one.is_global === true) ?? own.find((one) => one.name === "All Project Data") ??
    own.find((one) => one.is_default === true) ?? own[0];
}

async function ask(context: Context): Promise<Me> {
  return (await call(await context.client(), me, {})).result();
}
