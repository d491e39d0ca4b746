/** `/data-definitions/tags/`: what events are sorted by. A tag is deleted by a POST; a DELETE is refused with 405. */
import { readBody } from "../app/body.ts";
import { LexiconEntries, ownFields } from "../app/lexicon_entries.ts";
import type { Stored } from "../app/collection.ts";
import { idOf } from "../app/body.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { retag } from "./events.ts";
import { reads, writes } from "./rights.ts";

/** The kind of saved objects that tags are. */
export const LEXICON_TAG = "lexicon_tag";

export interface SavedLexiconTag {
  name: string;
}

export const lexiconTagEndpoints: SandboxEndpoint[] = [
  reads("tags/", (call) => appAnswer(tags(call).map(describe))),
  writes("POST", "tags/", createOrDelete),
  writes("PATCH", "tags/{tag_id}/", rename),
];

const describe = ({ id, body: { name } }: Stored<SavedLexiconTag>) => ({ id, name });

/** All tags: those that events have are there, too, though nobody has made them. */
function tags(call: SandboxCall): Stored<SavedLexiconTag>[] {
  const { store: { savedObjects }, project } = call;
  const known = savedObjects.list<SavedLexiconTag>(project.id, LEXICON_TAG);
  const names = new Set(known.map(({ body }) => body.name));
  for (const { body } of new LexiconEntries(call).all()) {
    for (const name of (ownFields(body.schemaJson).tags ?? []) as string[]) {
      if (names.has(name)) continue;
      names.add(name);
      known.push({ id: savedObjects.add(project.id, LEXICON_TAG, { name }), body: { name } });
    }
  }
  return known;
}

async function createOrDelete(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  const name = body.requiredText("name");
  const { store: { savedObjects }, project } = call;
  const found = tags(call).find((tag) => tag.body.name === name);
  if (body.truth("delete") === true) {
    if (found === undefined) throw new Refusal(404, `Tag '${name}' not found`);
    savedObjects.delete(project.id, LEXICON_TAG, found.id);
    retag(call, name);
    return appAnswer(describe(found));
  }
  if (found !== undefined) throw new Refusal(400, `Tag '${name}' already exists`);
  return appAnswer({ id: savedObjects.add(project.id, LEXICON_TAG, { name }), name });
}

async function rename(call: SandboxCall): Promise<Response> {
  const name = (await readBody(call)).requiredText("name");
  const all = tags(call);
  const found = all.find(({ id }) => id === idOf(call.path.tag_id));
  if (found === undefined) throw new Refusal(404, "Tag not found");
  if (all.some((tag) => tag.id !== found.id && tag.body.name === name)) {
    throw new Refusal(400, `Tag '${name}' already exists`);
  }
  call.store.savedObjects.put(call.project.id, LEXICON_TAG, found.id, { name });
  retag(call, found.body.name, name);
  return appAnswer({ id: found.id, name });
}
