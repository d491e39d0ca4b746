/** Events with their properties, as the Lexicon page of the web interface loads them. */
import { z } from "zod";
import { get, operation } from "./operation.ts";
import { textList, workspace } from "./params.ts";
import { query } from "./query_params.ts";

const named = z.looseObject({ name: z.string() });

/** All events in one answer take long in large projects: clients ask for the properties of some at a time. */
export const eventsWithProperties = operation({
  id: "query.data_definitions.events",
  summary: "list all events with their properties",
  routes: [get("query", "/data_definitions/events")],
  ...query,
  envelope: true,
  unpublished: "recorded",
  params: z.object({
    fetch_per_event_properties: z.boolean().meta({ description: "Whether each event has its properties" }).optional(),
    names: textList("Only these events", { wire: "name[]" }).optional(),
    ...workspace,
  }),
  result: z.array(named.extend({ properties: z.array(named).nullish() })),
});
