/** What a project or its organization is about, as text. */
import { appUser } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { appSurface } from "../surfaces.ts";
import { atLeast, managedOrganization } from "./access.ts";
import { readBody } from "./body.ts";

/** The kind of saved objects that a project's text is; it is the only one of its kind. */
export const BUSINESS_CONTEXT = "business_context";
/** The same for an organization, saved under its own number. */
export const ORGANIZATION_CONTEXT = "organization_context";

/** A text as it is saved. */
export interface SavedContext {
  content: string;
}

const ONLY_ID = 1;
const MOST_CHARACTERS = 50_000;

const PROJECT = "/projects/{project_id}/business-context";
const ORGANIZATION = "/organizations/{organization_id}/business-context";
const common = { surface: appSurface, access: appUser } as const;

export const businessContextEndpoints: SandboxEndpoint[] = [
  { ...common, methods: ["GET"], path: PROJECT, respond: (call) => appAnswer(ofProject(call)) },
  {
    ...common,
    access: atLeast("analyst", appUser),
    methods: ["PUT"],
    path: PROJECT,
    respond: (call) => write(call, call.project.id, BUSINESS_CONTEXT),
  },
  {
    ...common,
    methods: ["GET"],
    path: `${PROJECT}/chain`,
    respond: (call) =>
      appAnswer({
        org_context: read(call, call.project.organizationId, ORGANIZATION_CONTEXT).content,
        project_context: ofProject(call).content,
      }),
  },
  {
    ...common,
    methods: ["GET"],
    path: ORGANIZATION,
    respond: (call) => appAnswer(read(call, managedOrganization(call), ORGANIZATION_CONTEXT)),
  },
  {
    ...common,
    methods: ["PUT"],
    path: ORGANIZATION,
    respond: (call) => write(call, managedOrganization(call), ORGANIZATION_CONTEXT),
  },
];

const ofProject = (call: SandboxCall): SavedContext => read(call, call.project.id, BUSINESS_CONTEXT);

function read({ store }: SandboxCall, owner: number, kind: string): SavedContext {
  return store.savedObjects.get<SavedContext>(owner, kind, ONLY_ID) ?? { content: "" };
}

async function write(call: SandboxCall, owner: number, kind: string): Promise<Response> {
  const body = await readBody(call);
  const content = body.text("content");
  if (content === undefined) throw body.refusal("content", "this field is required");
  if ([...content].length > MOST_CHARACTERS) {
    throw new Refusal(400, `content exceeds maximum length of ${MOST_CHARACTERS} characters`);
  }
  call.store.savedObjects.put(owner, kind, ONLY_ID, { content });
  return appAnswer({ content });
}
