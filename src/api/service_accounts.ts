/** Service accounts of an organization, and their places in its projects. */
import { z } from "zod";
import { PLACEHOLDER } from "../client/credentials.ts";
import { APP, del, get, operation, post } from "./operation.ts";
import { choice, instant, text } from "./params.ts";

/** In falling order of what they may do. */
export const ROLES = ["owner", "admin", "analyst", "consumer"] as const;

/** Digits become a number; the reference's ids (`sa_123`), and what stands for one in a dry run, stay as they are. */
const looseId = z.union([z.string(), z.number(), z.bigint()], { error: "not an id" })
  .refine((value) => /^[\w-]+$/.test(String(value).replace(PLACEHOLDER, "$1")), { error: "not an id" })
  .transform((value) => typeof value === "string" && Number.isSafeInteger(Number(value)) ? Number(value) : value);

/** The organization in the path; whoever leaves it out gets the project's. */
export const organization = {
  organization_id: looseId.meta({
    flag: "organization",
    placeholder: "ID",
    description: "Organization's id; default: that of the project, or the only one you can see",
  }).optional(),
};
const accountId = looseId.meta({
  placeholder: "ID",
  description: "Account's id, from 'mp service-accounts list'",
  lists: "mp service-accounts list",
});
const role = choice(ROLES, "What it may do");
const accountIds = z.array(looseId).min(1).meta({ placeholder: "ID", description: "Account's id" });

/** A service account. The reference calls the user name `name`, and the day of its making `created_at`. */
export const serviceAccount = z.looseObject({
  id: z.union([z.string(), z.number(), z.bigint()]),
  username: z.string().optional(),
  name: z.string().optional(),
  created: z.string().nullish(),
  created_at: z.string().nullish(),
  expires: z.string().nullish(),
  last_used: z.string().nullish(),
});

export const listServiceAccounts = operation({
  id: "service_accounts.list",
  summary: "list the service accounts of the organization",
  routes: [get("app", "/organizations/{organization_id}/service-accounts")],
  ...APP,
  params: z.object(organization),
  result: z.array(serviceAccount),
});

export const createServiceAccount = operation({
  id: "service_accounts.create",
  summary: "create a service account; its secret is shown once",
  routes: [post("app", "/organizations/{organization_id}/service-accounts")],
  look: "mp service-accounts list",
  makesSecret: true,
  ...APP,
  params: z.object({
    ...organization,
    username: text("A name that tells what it is for", { placeholder: "NAME" }),
    role: role.meta({ description: "Its role in the organization" }).optional(),
    expires: instant("When it ends, such as 2027-01-31; default: never").optional(),
    projects: z.array(z.strictObject({ id: looseId, role: z.enum(ROLES).optional() })).optional()
      .meta({ description: 'Projects to join: [{"id": 1234, "role": "analyst"}]' }),
  }),
  /** The secret is `token`; the reference says `secret`. */
  result: serviceAccount.extend({ token: z.string().optional(), secret: z.string().optional() }),
});

export const getServiceAccount = operation({
  id: "service_accounts.get",
  summary: "show a service account",
  routes: [get("app", "/organizations/{organization_id}/service-accounts/{service_account_id}")],
  ...APP,
  params: z.object({ ...organization, service_account_id: accountId }),
  result: serviceAccount,
});

export const deleteServiceAccount = operation({
  id: "service_accounts.delete",
  summary: "delete a service account everywhere",
  routes: [del("app", "/organizations/{organization_id}/service-accounts/{service_account_id}")],
  look: "mp service-accounts list",
  ...APP,
  params: z.object({ ...organization, service_account_id: accountId }),
  result: z.unknown(),
});

export const listProjectServiceAccounts = operation({
  id: "service_accounts.list_project",
  summary: "list the service accounts of the project, with their roles",
  routes: [get("app", "/projects/{project_id}/service-accounts")],
  ...APP,
  params: z.object({}),
  result: z.array(serviceAccount.extend({ role: z.string().optional() })),
});

export const addServiceAccounts = operation({
  id: "service_accounts.add_to_project",
  summary: "add service accounts to projects",
  routes: [post("app", "/organizations/{organization_id}/service-accounts/add-to-project")],
  look: "mp service-accounts members",
  ...APP,
  repeatable: true,
  params: z.object({
    ...organization,
    projects: z.array(z.strictObject({ id: looseId, role: z.enum(ROLES) })).min(1)
      .meta({ description: "Projects, and the accounts' role in each" }),
    service_account_ids: accountIds,
  }),
  result: z.unknown(),
});

export const removeServiceAccounts = operation({
  id: "service_accounts.remove_from_project",
  summary: "remove service accounts from projects",
  routes: [post("app", "/organizations/{organization_id}/service-accounts/remove-from-project")],
  look: "mp service-accounts members",
  ...APP,
  repeatable: true,
  params: z.object({
    ...organization,
    projects: z.array(z.strictObject({ id: looseId, service_account_ids: accountIds })).min(1)
      .meta({ description: "Projects, and the accounts to remove from each" }),
  }),
  result: z.unknown(),
});
