/** The App API: who one is, and what one can see. Not counted against the query limit. */
import { z } from "zod";
import { APP, get, operation } from "./operation.ts";
import { anyId } from "./params.ts";

/** A project as `/me` describes it, keyed by its id there. */
const projectInfo = z.looseObject({
  name: z.string(),
  organization_id: anyId.optional(),
  timezone: z.string().optional(),
  domain: z.string().optional(),
});

/** What the credentials can see. */
export const meResult = z.looseObject({
  user_id: anyId.optional(),
  user_email: z.string().nullish(),
  user_name: z.string().nullish(),
  organizations: z.record(z.string(), z.looseObject({ id: anyId, name: z.string() })).default({}),
  projects: z.record(z.string(), projectInfo).default({}),
  workspaces: z.record(z.string(), z.looseObject({ id: anyId, name: z.string() })).default({}),
});

/** A list of projects, as the reference has it. */
export const projectList = z.array(
  z.looseObject({ id: anyId, name: z.string(), timezone: z.string().optional() }),
);

export const me = operation({
  id: "app.me",
  summary: "who the credentials belong to, and what they can see",
  routes: [get("app", "/me")],
  ...APP,
  params: z.object({}),
  result: meResult,
});

export const listProjects = operation({
  id: "projects.list",
  summary: "projects that the credentials can see",
  routes: [get("app", "/me"), get("app", "/projects")],
  ...APP,
  params: z.object({}),
  result: z.union([projectList, meResult]),
});
