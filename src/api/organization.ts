/** People of an organization, and their teams. Service accounts must be admins of the organization. */
import { z } from "zod";
import { APP, get, operation } from "./operation.ts";
import { organization } from "./service_accounts.ts";

const UNPUBLISHED = { ...APP, unpublished: "one_client" } as const;

/** What the server lists: its shape is not known. */
const listed = z.union([z.array(z.looseObject({})), z.looseObject({})]);

export const listUsers = operation({
  ...UNPUBLISHED,
  id: "users.list",
  summary: "list the people of the organization",
  routes: [get("app", "/organizations/{organization_id}/users/")],
  params: z.object(organization),
  result: listed,
});

export const listTeams = operation({
  ...UNPUBLISHED,
  id: "teams.list",
  summary: "list the teams of the organization",
  routes: [get("app", "/organizations/{organization_id}/teams")],
  params: z.object(organization),
  result: listed,
});
