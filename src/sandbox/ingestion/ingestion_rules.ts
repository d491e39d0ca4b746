/** What a project throws away as it comes in: dropped events and properties, drop filters, events outside the plan. */
import { entriesOf, ownFields, propertiesOf, type SavedSchema } from "../app/lexicon_entries.ts";
import { DROP_FILTER, type SavedDropFilter } from "../data_definitions/drop_filters.ts";
import { enforcementOf, isPlanned } from "../data_definitions/enforcement.ts";
import { PROPERTY_DEFINITION, type SavedProperty } from "../data_definitions/properties.ts";
import { type EventFilter, eventFilterOf } from "../data_definitions/property_filters.ts";
import type { FilterClock } from "../query/bookmarks/filter_tests.ts";
import type { Project } from "../store/projects.ts";
import type { Store } from "../store/store.ts";
import { storedTimeMs, storedZone } from "./event_time.ts";
import { type SentEvent, storedProperties } from "./record.ts";

/** The rules of a project at a moment. */
export interface IngestionRules {
  /** The event as it is to be stored; undefined for one that is thrown away. */
  admit(event: SentEvent): SentEvent | undefined;
}

/** What is dropped whatever the time is, and the filters, which may ask what day it is. */
interface DropRules {
  isDropped(name: string): boolean;
  properties: ReadonlySet<string>;
  filters: readonly SavedDropFilter[];
}

/** As long as nothing is saved. */
interface Known {
  version: number;
  rules: DropRules | undefined;
}

const known = new WeakMap<Store, Map<number, Known>>();

/** The rules of a project; undefined when it takes everything, as most do. */
export function ingestionRules(store: Store, project: Project, nowMs: number): IngestionRules | undefined {
  const rules = knownRules(store, project.id);
  if (rules === undefined) return undefined;
  const clock: FilterClock = { nowMs: storedTimeMs(nowMs, project), timeZone: storedZone(project) };
  const filters = new Map<string, EventFilter[]>();
  for (const { eventName, filters: clauses } of rules.filters) {
    filters.set(eventName, [...filters.get(eventName) ?? [], eventFilterOf(clock, clauses)]);
  }
  return {
    admit(event) {
      const name = String(event.event);
      const { properties = {} } = event;
      const valueOf = (property: string) => Object.hasOwn(properties, property) ? properties[property] : undefined;
      const isDropped = rules.isDropped(name) || filters.get(name)?.some((isMeant) => isMeant(valueOf)) === true;
      return isDropped ? undefined : without(event, rules.properties);
    },
  };
}

function knownRules(store: Store, projectId: number): DropRules | undefined {
  const { version } = store.savedObjects;
  const ofStore = known.get(store) ?? new Map<number, Known>();
  known.set(store, ofStore);
  const found = ofStore.get(projectId);
  if (found?.version === version) return found.rules;
  const rules = readRules(store, projectId);
  ofStore.set(projectId, { version, rules });
  return rules;
}

function readRules(store: Store, projectId: number): DropRules | undefined {
  const entries = entriesOf(store, projectId).map(({ body }) => body).filter(({ entityType }) =>
    entityType === "event"
  );
  const droppedEvents = new Set(
    entries.filter(({ schemaJson }) => ownFields(schemaJson).dropped === true)
      .map(({ name }) => name),
  );
  const droppedProperties = new Set([...droppedBySchemas(entries), ...droppedByDefinitions(store, projectId, entries)]);
  const filters = store.savedObjects.list<SavedDropFilter>(projectId, DROP_FILTER).map(({ body }) => body)
    .filter(({ active }) => active);
  const enforcement = enforcementOf(store, projectId);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const isOutside = enforcement?.ruleEvent === "Warn and Drop"
    ? (name: string) => !isPlanned(enforcement, name, byName.get(name))
    : undefined;
  if (droppedEvents.size + droppedProperties.size + filters.length === 0 && isOutside === undefined) return undefined;
  return {
    isDropped: (name) => droppedEvents.has(name) || isOutside?.(name) === true,
    properties: droppedProperties,
    filters,
  };
}

function droppedBySchemas(entries: readonly SavedSchema[]): string[] {
  return entries.flatMap(({ schemaJson }) =>
    Object.entries(propertiesOf(schemaJson)).filter(([, property]) => ownFields(property).dropped === true)
      .map(([name]) => name)
  );
}

/** What schemas have is theirs to say. */
function droppedByDefinitions(store: Store, projectId: number, entries: readonly SavedSchema[]): string[] {
  return store.savedObjects.list<SavedProperty>(projectId, PROPERTY_DEFINITION).map(({ body }) => body)
    .filter(({ resourceType, fields }) => resourceType === "Event" && fields.dropped === true)
    .map(({ name }) => name)
    .filter((name) => !entries.some(({ schemaJson }) => Object.hasOwn(propertiesOf(schemaJson), name)));
}

function without(event: SentEvent, dropped: ReadonlySet<string>): SentEvent {
  const { properties } = event;
  if (properties === undefined || !Object.keys(properties).some((name) => dropped.has(name))) return event;
  const kept = Object.fromEntries(Object.entries(properties).filter(([name]) => !dropped.has(name)));
  return { ...event, properties: kept, text: storedProperties(kept) };
}
