/** `/data-definitions/audit/`: the data that came in, held against the schemas. The words for what is wrong are ours. */
import { type JsonObject } from "../app/body.ts";
import { LexiconEntries, propertiesOf } from "../app/lexicon_entries.ts";
import { timestamp } from "../app/author.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { eventViewOf } from "../query/report.ts";
import { eventFacts, typeCounts } from "./data_facts.ts";
import { reads } from "./rights.ts";

export const auditEndpoints: SandboxEndpoint[] = [
  reads("audit/", (call) => answer(call, [...unplannedEvents(call), ...propertyViolations(call)])),
  reads("audit-events-only/", (call) => answer(call, unplannedEvents(call))),
];

/** A pair: what was found, and when. */
function answer(call: SandboxCall, violations: JsonObject[]): Response {
  return appAnswer([violations, { computed_at: timestamp(call.nowMs) }]);
}

/** What Mixpanel adds to events, or makes of them, needs no schema. */
const isOwn = (name: string): boolean => /^\$|^mp_|^(?:distinct_id|time|token)$/.test(name);

function unplannedEvents(call: SandboxCall): JsonObject[] {
  const entries = new LexiconEntries(call);
  return [...eventFacts(eventViewOf(call))].filter(([name]) => {
    const entry = entries.find("event", name)?.body;
    return !isOwn(name) && (entry === undefined || entry.hasNoSchema === true);
  }).map(([name, { count }]) => violation("Unplanned Event", { name, event: name, count }));
}

function propertyViolations(call: SandboxCall): JsonObject[] {
  const counts = typeCounts(eventViewOf(call));
  return new LexiconEntries(call).all().filter(({ body }) => body.entityType === "event" && !body.hasNoSchema)
    .flatMap(({ body: { name: event, schemaJson } }) => {
      const planned = propertiesOf(schemaJson);
      return [...counts.get(event) ?? []].filter(([name]) => !isOwn(name)).flatMap(([name, types]) => {
        const known = Object.hasOwn(planned, name) ? [planned[name]?.type].flat() : undefined;
        if (known === undefined) {
          const count = [...types.values()].reduce((sum, one) => sum + one, 0);
          return [violation("Unplanned Property", { name, event, count })];
        }
        return [...types].filter(([type]) => !fits(type, known)).map(([type, count]) =>
          violation("Property Type", {
            name,
            event,
            count,
            propertyTypeError: `expected ${known.join("|")}, got ${type}`,
          })
        );
      });
    });
}

function fits(type: string, known: readonly unknown[]): boolean {
  return known.includes(type) || (type === "integer" && known.includes("number"));
}

function violation(kind: string, facts: JsonObject): JsonObject {
  return { violation: kind, platform: null, version: null, sensitive: false, propertyTypeError: null, ...facts };
}
