/** Webhooks: addresses that Mixpanel calls, for alerts and cohorts. */
import { z } from "zod";
import { APP, del, get, operation, patch, post } from "./operation.ts";
import { anyId, choice, secret, text } from "./params.ts";

const PATH = "/projects/{project_id}/webhooks/";
const ONE = `${PATH}{webhook_id}/`;

const one = {
  webhook_id: text("Webhook's id, from 'mp webhooks list'", { placeholder: "ID", completes: "webhooks" }),
};

const UNPUBLISHED = { ...APP, unpublished: "client" } as const;

const address = text("Where it is called", { placeholder: "URL" }).max(2083)
  .refine((url) => /^https?:$/.test(URL.parse(url)?.protocol ?? ""), {
    error: (issue) => `${JSON.stringify(issue.input)} is no http or https address`,
  });

/** How Mixpanel signs in there. The password never comes back. */
const credentials = {
  auth_type: choice(["basic"], "How Mixpanel signs in; default: basic where there is a user name").optional(),
  username: text("User name that Mixpanel signs in with", { flag: "webhook-username", placeholder: "NAME" }).optional(),
  password: secret("Password that Mixpanel signs in with", "MP_WEBHOOK_PASSWORD").optional(),
};

const name = text("Name that people read").max(100);

/** A webhook, or what a change says of it. */
export const webhook = z.looseObject({
  id: anyId,
  name: z.string().nullish(),
  url: z.string().nullish(),
  is_enabled: z.boolean().nullish(),
  auth_type: z.string().nullish(),
  modified: z.string().nullish(),
  creator_name: z.string().nullish(),
});

export const listWebhooks = operation({
  ...UNPUBLISHED,
  id: "webhooks.list",
  summary: "list webhooks",
  routes: [get("app", PATH)],
  params: z.object({}),
  result: z.array(webhook),
});

export const createWebhook = operation({
  ...UNPUBLISHED,
  id: "webhooks.create",
  summary: "create a webhook",
  routes: [post("app", PATH)],
  look: "mp webhooks list",
  params: z.object({ name, url: address, ...credentials }),
  result: webhook,
});

export const updateWebhook = operation({
  ...UNPUBLISHED,
  id: "webhooks.update",
  summary: "change a webhook, or switch it on or off",
  routes: [patch("app", ONE)],
  look: "mp webhooks list",
  repeatable: true,
  params: z.object({
    ...one,
    name: name.optional(),
    url: address.optional(),
    is_enabled: z.boolean().meta({ flag: "enabled", description: "Whether it is called" }).optional(),
    ...credentials,
  }),
  result: webhook,
});

export const deleteWebhook = operation({
  ...UNPUBLISHED,
  id: "webhooks.delete",
  summary: "delete a webhook",
  routes: [del("app", ONE)],
  look: "mp webhooks list",
  params: z.object(one),
  result: z.unknown(),
});

export const testWebhook = operation({
  ...UNPUBLISHED,
  id: "webhooks.test",
  summary: "have Mixpanel call an address once",
  routes: [post("app", `${PATH}test/`)],
  params: z.object({ url: address, name: name.optional(), ...credentials }),
  result: z.looseObject({
    success: z.boolean(),
    status_code: z.number().nullish(),
    message: z.string().nullish(),
  }),
});
