/** Notes on the charts, and their tags. */
import { appUser } from "../authentication.ts";
import type { Call } from "../call.ts";
import { appAnswer, type Endpoint, jsonAnswer } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { app } from "../surfaces.ts";
import { defaultProjectUser, requireRole } from "./access.ts";
import { authorOf } from "./author.ts";
import { type Body, idOf, readBody } from "./body.ts";

/** The kinds of saved objects. */
export const ANNOTATION = "annotation";
export const ANNOTATION_TAG = "annotation_tag";

/** An annotation as it is saved, under its id. */
export interface SavedAnnotation {
  /** `2026-08-01 10:00:00`, on the project's clock. */
  date: string;
  description: string;
  /** Ids of tags. */
  tags: readonly number[];
  user: { id: number; first_name: string; last_name: string };
}

/** A tag as it is saved, under its id. */
export interface SavedTag {
  name: string;
}

const ALL = "/projects/{project_id}/annotations";
const ONE = `${ALL}/{annotation_id}`;
const common = { surface: app, access: appUser } as const;
const reference = { surface: app, access: defaultProjectUser, path: "/annotations" } as const;

export const annotationEndpoints: Endpoint[] = [
  { ...common, methods: ["GET"], path: ALL, respond: list },
  { ...common, methods: ["POST"], path: ALL, respond: create },
  { ...common, methods: ["GET"], path: `${ALL}/tags`, respond: listTags },
  { ...common, methods: ["POST"], path: `${ALL}/tags`, respond: createTag },
  { ...common, methods: ["GET"], path: ONE, respond: get },
  { ...common, methods: ["PATCH"], path: ONE, respond: update },
  { ...common, methods: ["DELETE"], path: ONE, respond: remove },
  { ...reference, methods: ["GET"], respond: list },
  { ...reference, methods: ["POST"], respond: create },
];

function list(call: Call): Response {
  const parameter = (...names: string[]) => names.map((name) => call.url.searchParams.get(name)).find((one) => one);
  const from = checkedDay("fromDate", parameter("fromDate", "from_date"));
  const to = checkedDay("toDate", parameter("toDate", "to_date"));
  const tag = idOf(parameter("tags"));
  const all = call.store.savedObjects.list<SavedAnnotation>(call.project.id, ANNOTATION)
    .filter(({ body: { date } }) => (from === undefined || date >= from) && (to === undefined || date <= `${to} 24`))
    .filter(({ body: { tags } }) => tag === undefined || tags.includes(tag))
    .toSorted((a, b) => a.body.date < b.body.date ? -1 : a.body.date > b.body.date ? 1 : 0);
  return appAnswer(all.map(({ id, body }) => describe(call, id, body)));
}

function get(call: Call): Response {
  const { id, body } = found(call);
  return appAnswer(describe(call, id, body));
}

async function create(call: Call): Promise<Response> {
  requireRole(call, "analyst");
  const body = await readBody(call);
  const { id: userId, name } = authorOf(call);
  const annotation: SavedAnnotation = {
    date: readDate(body),
    description: body.requiredText("description"),
    tags: readTags(call, body) ?? [],
    user: { id: userId, first_name: name, last_name: "" },
  };
  const id = call.store.savedObjects.add(call.project.id, ANNOTATION, annotation);
  return appAnswer(describe(call, id, annotation), 201);
}

async function update(call: Call): Promise<Response> {
  requireRole(call, "analyst");
  const { id, body: before } = found(call);
  const body = await readBody(call);
  const annotation: SavedAnnotation = {
    ...before,
    description: body.has("description") ? body.requiredText("description") : before.description,
    tags: readTags(call, body) ?? before.tags,
  };
  call.store.savedObjects.put(call.project.id, ANNOTATION, id, annotation);
  return appAnswer(describe(call, id, annotation));
}

function remove(call: Call): Response {
  requireRole(call, "analyst");
  const { id } = found(call);
  call.store.savedObjects.delete(call.project.id, ANNOTATION, id);
  return appAnswer({ id });
}

/** Tags come without the envelope. */
function listTags(call: Call): Response {
  requireRole(call, "analyst");
  const tags = call.store.savedObjects.list<SavedTag>(call.project.id, ANNOTATION_TAG);
  return jsonAnswer(tags.map(({ id, body }) => describeTag(call, id, body)));
}

async function createTag(call: Call): Promise<Response> {
  requireRole(call, "analyst");
  const { savedObjects } = call.store;
  const tag: SavedTag = { name: (await readBody(call)).requiredText("name") };
  const isTaken = savedObjects.list<SavedTag>(call.project.id, ANNOTATION_TAG).some(({ body }) =>
    body.name === tag.name
  );
  if (isTaken) throw new Refusal(400, `Tag '${tag.name}' already exists`);
  return jsonAnswer(describeTag(call, savedObjects.add(call.project.id, ANNOTATION_TAG, tag), tag));
}

function found(call: Call): { id: number; body: SavedAnnotation } {
  const id = idOf(call.path.annotation_id);
  const body = id === undefined
    ? undefined
    : call.store.savedObjects.get<SavedAnnotation>(call.project.id, ANNOTATION, id);
  if (id === undefined || body === undefined) throw new Refusal(404, "Annotation not found");
  return { id, body };
}

function describe(call: Call, id: number, { date, description, tags, user }: SavedAnnotation) {
  const named = tags.map((tagId) => ({
    id: tagId,
    name: call.store.savedObjects.get<SavedTag>(call.project.id, ANNOTATION_TAG, tagId)?.name,
  }));
  return { id, date, description, user, tags: named };
}

function describeTag(call: Call, id: number, { name }: SavedTag) {
  const annotations = call.store.savedObjects.list<SavedAnnotation>(call.project.id, ANNOTATION);
  return {
    id,
    name,
    project_id: call.project.id,
    has_annotations: annotations.some(({ body }) => body.tags.includes(id)),
  };
}

/** A day alone, as the reference has it, is its midnight. */
function readDate(body: Body): string {
  const text = body.requiredText("date");
  const [, day, time = "00:00:00"] = /^(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d))?$/.exec(text) ?? [];
  const date = new Date(`${day}T${time}Z`);
  const isReal = !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === day;
  if (!isReal) throw new Refusal(400, `Invalid date '${text}', expected YYYY-MM-DD HH:mm:ss`);
  return `${day} ${time}`;
}

function readTags(call: Call, body: Body): number[] | undefined {
  const ids = body.ids("tags");
  const unknown = ids?.find((id) => call.store.savedObjects.get(call.project.id, ANNOTATION_TAG, id) === undefined);
  if (unknown !== undefined) throw new Refusal(400, `Tag ${unknown} not found`);
  return ids;
}

function checkedDay(name: string, text: string | null | undefined): string | undefined {
  if (text === null || text === undefined) return undefined;
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) throw new Refusal(400, `Invalid ${name}: '${text}'`);
  return text;
}
