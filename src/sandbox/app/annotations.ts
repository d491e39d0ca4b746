/** Notes on the charts, and their tags. */
import { isoDay } from "../../streams/iso_time.ts";
import { appUser, projectReader } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { Refusal } from "../refusal.ts";
import { appSurface, querySurface } from "../surfaces.ts";
import { atLeast, defaultProjectUser, requireRole } from "./access.ts";
import { authorOf } from "./author.ts";
import { Body, idOf } from "./body.ts";
import { Collection, type Stored } from "./collection.ts";

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

const annotations: Collection<SavedAnnotation> = new Collection({
  kind: ANNOTATION,
  path: ALL,
  access: appUser,
  show: describe,
  select,
  create(call, body) {
    return {
      date: readDate(body),
      description: body.requiredText("description"),
      tags: readTags(call, body) ?? [],
      user: userOf(call),
    };
  },
  idParameter: "annotation_id",
  notFound: () => new Refusal(404, "Annotation not found"),
  update: (call, body, { description, tags }) => ({
    description: body.has("description") ? body.requiredText("description") : description,
    tags: readTags(call, body) ?? tags,
  }),
});

/** Tags come without the envelope, and only to those who may write. */
const tags: Collection<SavedTag> = new Collection({
  kind: ANNOTATION_TAG,
  path: `${ALL}/tags`,
  access: atLeast("analyst", appUser),
  show: describeTag,
  create(call, body) {
    const name = body.requiredText("name");
    const isTaken = tags.members(call).some(({ body }) => body.name === name);
    if (isTaken) throw new Refusal(400, `Tag '${name}' already exists`);
    return { name };
  },
  createStatus: 200,
  answer: jsonAnswer,
});

const reference = { surface: appSurface, path: "/annotations" } as const;

/** Where clients of the old API look, with the credentials of reports. */
const old = { surface: querySurface, access: projectReader } as const;

export const annotationEndpoints: SandboxEndpoint[] = [
  ...annotations.endpoints(),
  ...tags.endpoints(),
  { ...reference, methods: ["GET"], access: defaultProjectUser, respond: annotations.list },
  { ...reference, methods: ["POST"], access: atLeast("analyst", defaultProjectUser), respond: annotations.create },
  { ...old, methods: ["GET"], path: "/annotations", respond: listOld },
  { ...old, methods: ["GET", "POST"], path: "/annotations/create", respond: createOld },
  { ...old, methods: ["GET", "POST"], path: "/annotations/update", respond: updateOld },
  { ...old, methods: ["GET", "POST"], path: "/annotations/delete", respond: deleteOld },
];

function userOf(call: SandboxCall): SavedAnnotation["user"] {
  const { id, name } = authorOf(call);
  return { id, first_name: name, last_name: "" };
}

/** `{annotations: [{id, project_id, date, description}]}`, without an envelope. */
function listOld(call: SandboxCall): Response {
  const chosen = select(call, annotations.members(call));
  return jsonAnswer({
    annotations: chosen.map(({ id, body: { date, description } }) => ({
      id,
      project_id: call.project.id,
      date,
      description,
    })),
    error: false,
  });
}

/** `date` and `description`, as parameters. */
async function createOld(call: SandboxCall): Promise<Response> {
  requireRole(call, "analyst");
  annotations.add(call, { ...readOld(await call.fields()), tags: [], user: userOf(call) });
  return jsonAnswer({ error: false });
}

/** `id`, and what it shall have: `date` and `description`. */
async function updateOld(call: SandboxCall): Promise<Response> {
  requireRole(call, "analyst");
  const fields = await call.fields();
  const { id, body } = oldNamed(call, fields);
  annotations.save(call, { id, body: { ...body, ...readOld(fields) } });
  return jsonAnswer({ error: false });
}

async function deleteOld(call: SandboxCall): Promise<Response> {
  requireRole(call, "analyst");
  const { id } = oldNamed(call, await call.fields());
  call.store.savedObjects.delete(call.project.id, ANNOTATION, id);
  return jsonAnswer({ error: false });
}

function readOld(fields: Fields): Pick<SavedAnnotation, "date" | "description"> {
  const description = fields.requiredText("description");
  return { date: readDate(new Body({ date: fields.requiredText("date") })), description };
}

/** The annotation that the parameter `id` names. */
function oldNamed(call: SandboxCall, fields: Fields): Stored<SavedAnnotation> {
  const found = annotations.find(call, fields.requiredText("id"));
  if (found === undefined) throw new Refusal(404, "Annotation not found");
  return found;
}

function select(call: SandboxCall, members: Stored<SavedAnnotation>[]): Stored<SavedAnnotation>[] {
  const parameter = (...names: string[]) => names.map((name) => call.url.searchParams.get(name)).find((one) => one);
  const from = checkedDay("fromDate", parameter("fromDate", "from_date"));
  const to = checkedDay("toDate", parameter("toDate", "to_date"));
  const tag = idOf(parameter("tags"));
  return members
    .filter(({ body: { date } }) => (from === undefined || date >= from) && (to === undefined || date <= `${to} 24`))
    .filter(({ body: { tags } }) => tag === undefined || tags.includes(tag))
    .toSorted((a, b) => a.body.date < b.body.date ? -1 : a.body.date > b.body.date ? 1 : 0);
}

function describe(call: SandboxCall, { id, body: { date, description, user, tags: ids } }: Stored<SavedAnnotation>) {
  const named = ids.map((tagId) => ({ id: tagId, name: tags.find(call, tagId)?.body.name }));
  return { id, project_id: call.project.id, date, description, user, tags: named };
}

function describeTag(call: SandboxCall, { id, body: { name } }: Stored<SavedTag>) {
  const hasAnnotations = annotations.members(call).some(({ body }) => body.tags.includes(id));
  return { id, name, project_id: call.project.id, has_annotations: hasAnnotations };
}

/** A day alone, as the reference has it, is its midnight. */
function readDate(body: Body): string {
  const text = body.requiredText("date");
  const [, day, time = "00:00:00"] = /^(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d))?$/.exec(text) ?? [];
  const date = new Date(`${day}T${time}Z`);
  const isReal = !Number.isNaN(date.getTime()) && isoDay(date.getTime()) === day;
  if (!isReal) throw new Refusal(400, `Invalid date '${text}', expected YYYY-MM-DD HH:mm:ss`);
  return `${day} ${time}`;
}

function readTags(call: SandboxCall, body: Body): number[] | undefined {
  const ids = body.ids("tags");
  const unknown = ids?.find((id) => tags.find(call, id) === undefined);
  if (unknown !== undefined) throw new Refusal(400, `Tag ${unknown} not found`);
  return ids;
}

function checkedDay(name: string, text: string | null | undefined): string | undefined {
  if (text === null || text === undefined) return undefined;
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) throw new Refusal(400, `Invalid ${name}: '${text}'`);
  return text;
}
