/** `/data-definitions/export/`: all definitions as one object, or a text when they are to be mailed. */
import { Fields } from "../fields.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { eventDefinitions } from "./events.ts";
import { propertyDefinitions } from "./properties.ts";
import { reads } from "./rights.ts";

export const definitionExportEndpoints: SandboxEndpoint[] = [reads("export/", exported)];

function exported(call: SandboxCall): Response {
  if (call.services.settings.mailsDefinitions) return appAnswer("Your export will be emailed to you when it is ready.");
  const types = new Fields(call.url.searchParams).texts("export_type");
  const isWanted = (type: string) => types === undefined || types.includes(type);
  return appAnswer({
    ...isWanted("All Events and Properties") && {
      events: eventDefinitions(call),
      eventProperties: propertyDefinitions(call, "Event"),
    },
    ...isWanted("All User Profile Properties") && { userProperties: propertyDefinitions(call, "User") },
  });
}
