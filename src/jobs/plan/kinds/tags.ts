/** Tags: of annotations, which Mixpanel neither changes nor deletes, and of the Lexicon, which events have by their names. */
import { createAnnotationTag, listAnnotationTags } from "../../../api/annotations.ts";
import { call } from "../../../api/call.ts";
import { createLexiconTag, deleteLexiconTag, listLexiconTags } from "../../../api/data_definitions.ts";
import type { PlanKind, WantedThing } from "../plan_kind.ts";

/** A name is all that a tag has: nothing of it can differ. */
const NAME_ALONE = {
  fields: [],
  jsonFields: [],
  sent: { params: createLexiconTag.params, body: ({ name }: WantedThing) => ({ name }) },
  update: () => Promise.resolve(),
} as const;

export const annotationTagKind: PlanKind = {
  kind: "annotation-tags",
  ...NAME_ALONE,
  async read({ client }) {
    return (await call(client, listAnnotationTags, {})).result().map(({ id, name }) => ({ id, name, fields: {} }));
  },
  async create({ client }, { name }) {
    return (await call(client, createAnnotationTag, { name })).result().id;
  },
};

export const lexiconTagKind: PlanKind = {
  kind: "tags",
  ...NAME_ALONE,
  async read({ client }) {
    return (await call(client, listLexiconTags, {})).result().map(({ id, name }) => ({ id, name, fields: {} }));
  },
  async create({ client }, { name }) {
    return (await call(client, createLexiconTag, { name })).result().id;
  },
  async remove({ client }, _id, name) {
    await call(client, deleteLexiconTag, { name, delete: true });
  },
};
