/** Webhooks. They are kept, and nothing is ever called. */
import { randomUUID } from "../../runtime/hash.ts";
import { appUser } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { appSurface } from "../surfaces.ts";
import { atLeast } from "./access.ts";
import { type Authorship, authorshipOf, timestamp } from "./author.ts";
import { Body, type JsonObject, readBody } from "./body.ts";
import { Collection, type Stored } from "./collection.ts";

/** The kind of saved objects that webhooks are. */
export const WEBHOOK = "webhook";

/** A webhook as it is saved. */
export interface SavedWebhook extends Authorship {
  id: string;
  name: string;
  url: string;
  is_enabled: boolean;
  auth_type: "basic" | null;
  username: string | null;
  /** Never shown. */
  password: string | null;
}

const ALL = "/projects/{project_id}/webhooks/";
const MOST_NAME = 100;
const MOST_URL = 2083;

const webhooks: Collection<SavedWebhook> = new Collection({
  kind: WEBHOOK,
  path: ALL,
  access: appUser,
  show: (_call, { body: { id, name } }) => ({ id, name }),
  showInList: describe,
  create: (call, body) => ({
    id: randomUUID(),
    name: body.requiredText("name", MOST_NAME),
    ...readAddress(body),
    is_enabled: body.truth("is_enabled") ?? true,
    ...authorshipOf(call),
  }),
  idParameter: "webhook_id",
  hasUuid: true,
  isListedOnly: true,
  notFound: () => new Refusal(404, "Webhook not found"),
  // What is not sent stays as it was.
  update(call, { fields }, before) {
    const body = new Body({ ...before, ...fields });
    return {
      name: body.requiredText("name", MOST_NAME),
      ...readAddress(body),
      is_enabled: body.truth("is_enabled"),
      ...authorshipOf(call, before),
    };
  },
});

export const webhookEndpoints: SandboxEndpoint[] = [
  ...webhooks.endpoints(),
  {
    methods: ["POST"],
    path: `${ALL}test/`,
    surface: appSurface,
    access: atLeast("analyst", appUser),
    async respond(call: SandboxCall) {
      readAddress(await readBody(call));
      return appAnswer({ success: true, status_code: 200, message: "The sandbox calls no address" });
    },
  },
];

function readAddress(body: Body): Pick<SavedWebhook, "url" | "auth_type" | "username" | "password"> {
  const url = body.requiredText("url", MOST_URL);
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) throw body.refusal("url", "must be a valid URL");
  const auth = body.choice("auth_type", ["basic"]) ?? null;
  if (auth === null) return { url, auth_type: null, username: null, password: null };
  return { url, auth_type: auth, username: body.requiredText("username"), password: body.requiredText("password") };
}

function describe(_call: SandboxCall, { body }: Stored<SavedWebhook>): JsonObject {
  const { id, name, url, is_enabled, auth_type, createdMs, modifiedMs, creator } = body;
  return {
    id,
    name,
    url,
    is_enabled,
    auth_type,
    created: timestamp(createdMs),
    modified: timestamp(modifiedMs),
    creator_id: creator.id,
    creator_name: creator.name,
  };
}
