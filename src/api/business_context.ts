/** Business context: what a project or its organization is about, in Markdown, for those who ask about its data. */
import { z } from "zod";
import { APP, get, operation, post, put } from "./operation.ts";
import { organization } from "./service_accounts.ts";

/** Counted as the server does, by characters and not by UTF-16 units. */
const MOST_CHARACTERS = 50_000;

const PROJECT = "/projects/{project_id}/business-context";
const ORGANIZATION = "/organizations/{organization_id}/business-context";

const UNPUBLISHED = { ...APP, unpublished: "recorded" } as const;

const content = z.string()
  .refine((text) => [...text].length <= MOST_CHARACTERS, {
    error: ({ input }) => `it has ${[...String(input)].length} characters, and the most are ${MOST_CHARACTERS}`,
  })
  .meta({ description: "The whole text, in Markdown" });

const context = z.looseObject({ content: z.string().nullish() });

/** In a chain: clients differ on whether it is the text or an object with it. */
const linked = z.union([z.string(), context]).nullish();

export const getContext = operation({
  ...UNPUBLISHED,
  id: "business_context.get",
  summary: "print what the project is about, as people have written it",
  routes: [get("app", PROJECT)],
  params: z.object({}),
  result: context,
});

export const getOrganizationContext = operation({
  ...UNPUBLISHED,
  id: "business_context.get_org",
  summary: "print what the organization is about",
  routes: [get("app", ORGANIZATION)],
  params: z.object(organization),
  result: context,
});

/** One client says PUT and sends POST: that is tried where there is no PUT. */
export const setContext = operation({
  ...UNPUBLISHED,
  id: "business_context.set",
  summary: "replace what the project is about",
  routes: [put("app", PROJECT), post("app", PROJECT)],
  look: "mp business-context get",
  repeatable: true,
  params: z.object({ content }),
  result: context.nullish(),
});

export const setOrganizationContext = operation({
  ...UNPUBLISHED,
  id: "business_context.set_org",
  summary: "replace what the organization is about",
  routes: [put("app", ORGANIZATION), post("app", ORGANIZATION)],
  look: "mp business-context get --org",
  repeatable: true,
  params: z.object({ ...organization, content }),
  result: context.nullish(),
});

export const contextChain = operation({
  ...UNPUBLISHED,
  id: "business_context.chain",
  summary: "print the organization's and the project's context together",
  routes: [get("app", `${PROJECT}/chain`)],
  params: z.object({}),
  result: z.looseObject({ org_context: linked, project_context: linked }),
});
