/** The entries of custom events in the Lexicon: `data-definitions/events/` as far as it is about them. */
import { appUser } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { appSurface } from "../surfaces.ts";
import { atLeast } from "./access.ts";
import { readBody } from "./body.ts";
import { changeCustomEventDefinition, customEventDefinitions, deleteCustomEventDefinition } from "./custom_events.ts";

const common = { surface: appSurface, path: "/projects/{project_id}/data-definitions/events/" } as const;
const write = { ...common, access: atLeast("analyst", appUser) } as const;

export const customEventDefinitionEndpoints: SandboxEndpoint[] = [
  { ...common, access: appUser, methods: ["GET"], respond: list },
  {
    ...write,
    methods: ["PATCH"],
    respond: async (call) => appAnswer(changeCustomEventDefinition(call, await readBody(call))),
  },
  { ...write, methods: ["DELETE"], respond: remove },
];

function list(call: SandboxCall): Response {
  if (call.url.searchParams.get("custom_event") !== "true") throw new Refusal(400, "custom_event: must be true");
  return appAnswer(customEventDefinitions(call));
}

async function remove(call: SandboxCall): Promise<Response> {
  deleteCustomEventDefinition(call, await readBody(call));
  return appAnswer({});
}
