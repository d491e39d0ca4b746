/** The tags of annotations. Mixpanel neither changes nor deletes them. */
import { createAnnotationTag, listAnnotationTags } from "../../../api/annotations.ts";
import { call } from "../../../api/call.ts";
import type { PlanKind } from "../plan_kind.ts";

export const annotationTagKind: PlanKind = {
  kind: "annotation-tags",
  fields: [],
  jsonFields: [],
  sent: { params: createAnnotationTag.params, body: ({ name }) => ({ name }) },
  async read({ client }) {
    const tags = (await call(client, listAnnotationTags, {})).result();
    return tags.map(({ id, name }) => ({ id, name, fields: {} }));
  },
  async create({ client }, { name }) {
    return (await call(client, createAnnotationTag, { name })).result().id;
  },
  // A name is all that they have.
  update: () => Promise.resolve(),
};
