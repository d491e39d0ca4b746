/** Workspaces (data views) of a project. */
import { z } from "zod";
import { meResult } from "./app.ts";
import { APP, get, operation } from "./operation.ts";
import { anyId } from "./params.ts";

/** A workspace; `/me` tells the first six fields. */
const workspaceInfo = z.looseObject({
  id: anyId,
  name: z.string(),
  project_id: anyId.optional(),
  is_default: z.boolean().nullish(),
  is_global: z.boolean().nullish(),
  is_visible: z.boolean().nullish(),
  is_restricted: z.boolean().nullish(),
  description: z.string().nullish(),
  creator_name: z.string().nullish(),
});

/** Where the project's own list is not there, that of all projects is. */
export const listWorkspaces = operation({
  id: "workspaces.list",
  summary: "list the workspaces (data views) of the project",
  routes: [get("app", "/projects/{project_id}/workspaces/public"), get("app", "/me")],
  ...APP,
  unpublished: "client",
  params: z.object({}),
  result: z.union([z.array(workspaceInfo), meResult]),
});
