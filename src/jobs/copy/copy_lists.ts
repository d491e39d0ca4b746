/** Copies what describes a project: its data dictionary, and the notes on its charts. */
import type { z } from "zod";
import {
  type annotation,
  createAnnotation,
  createAnnotationTag,
  listAnnotations,
  listAnnotationTags,
} from "../../api/annotations.ts";
import { call } from "../../api/call.ts";
import { type SchemaEntry, schemaEntry } from "../../api/lexicon.ts";
import { MpError } from "../../errors.ts";
import { JOB_PATIENCE_MS } from "../patience.ts";
import { readLexicon } from "../project_lists.ts";
import { uploadLexicon } from "../upload_lexicon.ts";
import type { CopyContext } from "./copy_part.ts";
import type { CopiedPart } from "./copy_state.ts";

/** What the parts are called. */
export const LEXICON = "lexicon";
export const ANNOTATIONS = "annotations";

type Annotation = z.output<typeof annotation>;

/** Writes the source's entries; those of the target that have other names stay. */
export async function copyLexicon({ source, target, signal, clock, onNote }: CopyContext): Promise<CopiedPart> {
  const found = await readLexicon(source, { signal, patienceMs: JOB_PATIENCE_MS });
  const entries = found.map(entryOf);
  if (entries.length > 0) {
    await uploadLexicon(target, entries, {
      clock,
      signal,
      onPause: (written, total) => onNote(`Wrote ${written} of ${total} entries; waiting for the next minute`),
    });
  }
  return { name: LEXICON, exported: found.length, accepted: entries.length, rejected: 0, leftOut: 0 };
}

/** Makes the notes that the target does not have: a note is the same when its time and its text are. */
export async function copyAnnotations({ source, target, signal }: CopyContext): Promise<CopiedPart> {
  const [wanted, there] = await Promise.all([annotationsOf(source), annotationsOf(target)]);
  const known = new Set(there.map(keyOf));
  const missing = wanted.filter((one) => !known.has(keyOf(one)));
  const tagIds = missing.length === 0 ? new Map<string, TagId>() : await tagIdsOf(target);
  for (const { date, description, tags } of missing) {
    const ids: TagId[] = [];
    for (const { name } of tags) {
      const id = tagIds.get(name) ?? (await call(target, createAnnotationTag, { name }, { signal })).result().id;
      tagIds.set(name, id);
      ids.push(id);
    }
    await call(target, createAnnotation, { date, description, tags: ids.length === 0 ? undefined : ids }, { signal });
  }
  const { length: exported } = wanted;
  const { length: accepted } = missing;
  return { name: ANNOTATIONS, exported, accepted, rejected: 0, leftOut: exported - accepted };

  async function annotationsOf(client: typeof source): Promise<Annotation[]> {
    return (await call(client, listAnnotations, {}, { signal })).result();
  }

  async function tagIdsOf(client: typeof source): Promise<Map<string, TagId>> {
    const tags = (await call(client, listAnnotationTags, {}, { signal })).result();
    return new Map(tags.map(({ name, id }) => [name, id]));
  }
}

type TagId = Annotation["id"];

const keyOf = ({ date, description }: Annotation): string => JSON.stringify([date.replace("T", " "), description]);

function entryOf(found: unknown): SchemaEntry {
  const { success, data } = schemaEntry.safeParse(found);
  if (success) return data;
  const name = (found as { name?: unknown }).name;
  throw new MpError(
    `Cannot copy the data dictionary: its entry ${JSON.stringify(name)} has a form that cannot be written`,
    {
      category: "server",
      code: "unexpected_answer",
      hint: "look at it with 'mp lexicon list -f json'; leave --lexicon out to copy the rest",
    },
  );
}
