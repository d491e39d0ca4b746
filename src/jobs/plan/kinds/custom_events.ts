/** Custom events: several events that reports count as one, and their entries in the Lexicon. */
import { call } from "../../../api/call.ts";
import {
  createCustomEvent,
  deleteCustomEvent,
  describeCustomEvent,
  getCustomEvent,
  listCustomEvents,
  replaceCustomEvent,
} from "../../../api/custom_events.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { parseJson } from "../../../streams/json/json.ts";
import type { DefinitionFields } from "../definition.ts";
import { changedFields } from "../changed_fields.ts";
import { rowsOf, setFields } from "../definition_fields.ts";
import type { ChangedThing, PlanKind, PlanProject, WantedThing } from "../plan_kind.ts";

const ENTRY = ["description", "displayName", "hidden", "dropped", "verified", "tags"];
const USUAL = { hidden: false, dropped: false, verified: false };
const EMPTY = { description: "", displayName: "", tags: [], ...USUAL };

type Alternatives = { event: string }[];

export const customEventKind: PlanKind = {
  kind: "custom-events",
  // Of events without conditions the names are enough.
  fields: ["events", "alternatives", ...ENTRY],
  jsonFields: ["alternatives"],
  normal: ({ events, alternatives, ...entry }) => ({
    ...alternativeFields(alternativesOf({ events, alternatives })),
    ...setFields(entry, ENTRY, USUAL),
  }),
  sent: { params: createCustomEvent.params, body: bodyOf },
  async read({ client }) {
    const answer = await call(client, listCustomEvents, {});
    answer.result();
    const things = [];
    for (const row of rowsOf(answer.data)) {
      const id = row.customEventId;
      // An entry whose custom event is gone.
      if (id === null || id === undefined || Number(id) === 0) continue;
      const one = (await call(client, getCustomEvent, { custom_event_id: String(id) })).result();
      const { alternatives } = (isObject(one.custom_event) ? one.custom_event : one) as { alternatives?: unknown };
      const fields = { ...alternativeFields(alternatives), ...setFields(row, ENTRY, USUAL) };
      things.push({ id: id as number, name: String(row.name), fields });
    }
    return things;
  },
  async create(project, wanted) {
    const made = (await call(project.client, createCustomEvent, bodyOf(wanted))).result();
    const { id } = (isObject(made.custom_event) ? made.custom_event : made) as { id: number };
    await describe(project, id, setFields(wanted.fields, ENTRY));
    return id;
  },
  async update(project, wanted) {
    const { events, alternatives, ...entry } = changedFields(wanted, EMPTY);
    if (events !== undefined || alternatives !== undefined) await replace(project, wanted);
    await describe(project, wanted.id, entry);
  },
  async remove({ client }, id) {
    await call(client, deleteCustomEvent, { custom_event_id: String(id) });
  },
};

async function replace({ client }: PlanProject, { id, ...wanted }: ChangedThing): Promise<void> {
  await call(client, replaceCustomEvent, { custom_event_id: String(id), ...bodyOf(wanted) });
}

async function describe({ client }: PlanProject, id: ChangedThing["id"], entry: DefinitionFields): Promise<void> {
  if (Object.keys(entry).length === 0) return;
  const { displayName: display_name, ...others } = entry;
  await call(client, describeCustomEvent, {
    custom_event_id: String(id),
    ...(display_name === undefined ? {} : { display_name: String(display_name) }),
    ...others,
  });
}

/** A list, or its JSON text. */
function alternativeFields(alternatives: unknown): DefinitionFields {
  const list = typeof alternatives === "string" ? parseJson(alternatives) : alternatives;
  if (!Array.isArray(list)) return {};
  const isPlain = list.every((one) =>
    isObject(one) && Object.keys(setFields(one, Object.keys(one))).join() === "event"
  );
  if (list.length === 0) return {};
  return isPlain ? { events: list.map(({ event }) => event) } : { alternatives: list };
}

function bodyOf({ name, fields }: WantedThing) {
  return { name, alternatives: alternativesOf(fields) };
}

function alternativesOf({ events, alternatives }: DefinitionFields): Alternatives {
  return (alternatives ?? (Array.isArray(events) ? events : []).map((event) => ({ event }))) as Alternatives;
}
