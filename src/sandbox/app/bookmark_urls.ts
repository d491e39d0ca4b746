/** Reports that nobody has saved, under a slug: what the address of such a report names. */
import { appUser } from "../authentication.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import type { SandboxCall } from "../call.ts";
import { Refusal } from "../refusal.ts";
import { appSurface } from "../surfaces.ts";
import { readBody } from "./body.ts";
import type { JsonObject } from "./body.ts";

/** The kind of saved objects that they are. */
const BOOKMARK_URL = "bookmark_url";

const SLUG = /^[a-zA-Z0-9_-]{12}$/;
const TYPES = ["insights", "funnels", "retention", "flows"] as const;

interface SavedUrl {
  slug: string;
  type: typeof TYPES[number];
  params: JsonObject;
  name: string | null;
  description: string | null;
  bookmark_id: number | null;
}

const ALL = "/projects/{project_id}/bookmark-urls/";
const line = { surface: appSurface, access: appUser } as const;

/** Whoever may read reports may ask, and so may make a link. */
export const bookmarkUrlEndpoints: SandboxEndpoint[] = [
  { ...line, methods: ["POST"], path: ALL, respond: create },
  { ...line, methods: ["GET"], path: `${ALL}{slug}/`, respond: (call) => appAnswer(named(call, call.path.slug)) },
];

async function create(call: SandboxCall): Promise<Response> {
  const body = (await readBody(call)).allow(["slug", "type", "params", "name", "description", "bookmark_id"]);
  const slug = body.requiredText("slug");
  if (!SLUG.test(slug)) throw body.refusal("slug", "must have 12 characters of a-z, A-Z, 0-9, _ and -");
  if (find(call, slug) !== undefined) throw new Refusal(400, `slug: '${slug}' is taken`);
  const type = body.choice("type", TYPES);
  const params = body.object("params");
  if (type === undefined) throw body.refusal("type", "this field is required");
  if (params === undefined) throw body.refusal("params", "this field is required");
  const saved: SavedUrl = {
    slug,
    type,
    params: rewritten(params.fields) as JsonObject,
    name: body.text("name") ?? null,
    description: body.text("description") ?? null,
    bookmark_id: body.id("bookmark_id") ?? null,
  };
  call.store.savedObjects.add(call.project.id, BOOKMARK_URL, saved);
  return appAnswer(saved);
}

/** As the server writes params down: an event is a `simple` behavior. */
function rewritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewritten);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, rewritten(inner)] as const);
  const { behavior, ...rest } = Object.fromEntries(entries) as JsonObject & { behavior?: JsonObject };
  if (behavior === undefined || behavior === null) return Object.fromEntries(entries);
  return { ...rest, behavior: behavior.type === "event" ? simple(behavior) : behavior };
}

function simple(behavior: JsonObject): JsonObject {
  const { name, filters = [], filtersDeterminer = "all" } = behavior;
  const event = { type: "event", id: null, name, filters, filtersDeterminer };
  return { ...behavior, type: "simple", filters: [], behaviors: [event] };
}

function named(call: SandboxCall, slug: string): SavedUrl {
  const found = find(call, slug);
  if (found === undefined) throw new Refusal(404, "Bookmark URL not found");
  return found;
}

function find({ store, project }: SandboxCall, slug: string): SavedUrl | undefined {
  return store.savedObjects.list<SavedUrl>(project.id, BOOKMARK_URL).find(({ body }) => body.slug === slug)?.body;
}
