/** How custom events are shown. */
import { z } from "zod";
import type { CustomEvent, CustomEventDefinition } from "../../../api/custom_events.ts";
import type { Presentation } from "../../../cli/operation_command.ts";

/** Flags that name the events. */
export const ALTERNATIVE_FLAG = z.array(z.string().min(1)).optional().meta({
  flag: "event",
  placeholder: "EVENT",
  completes: "events",
  description: "The event that counts; can be named several times",
});

/** The custom event of an answer, with or without its own envelope. */
export function customEventIn(answer: CustomEvent) {
  return "custom_event" in answer && typeof answer.custom_event === "object" && answer.custom_event !== null
    ? answer.custom_event as Exclude<CustomEvent, { custom_event: unknown }>
    : answer as Exclude<CustomEvent, { custom_event: unknown }>;
}

export function presentCustomEvent(answer: CustomEvent): Presentation {
  const { id, name, alternatives } = customEventIn(answer);
  const events = typeof alternatives === "string"
    ? alternatives
    : (alternatives ?? []).map(({ event }) => event).join(", ");
  return { rows: [{ id, name, events }], columns: [{ key: "id", identifier: true }, "name", "events"] };
}

export function presentCustomEventDefinitions(definitions: readonly CustomEventDefinition[]): Presentation {
  const orphans = definitions.filter(({ customEventId }) => !customEventId).length;
  return {
    rows: definitions.map((one) => ({ ...one, id: one.customEventId, tags: one.tags?.map(String).join(", ") })),
    columns: [{ key: "id", identifier: true }, "name", "description", "hidden", "verified", "tags"],
    note: orphans === 0 ? undefined : `Entries without an id, ${orphans} of them, are of custom events that are gone`,
  };
}
