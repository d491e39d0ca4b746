/** The Lexicon's tags, which events have by their names. */
import { call } from "../../../api/call.ts";
import { createLexiconTag, deleteLexiconTag, listLexiconTags } from "../../../api/data_definitions.ts";
import type { PlanKind } from "../plan_kind.ts";

export const lexiconTagKind: PlanKind = {
  kind: "tags",
  fields: [],
  jsonFields: [],
  sent: { params: createLexiconTag.params, body: ({ name }) => ({ name }) },
  async read({ client }) {
    const tags = (await call(client, listLexiconTags, {})).result();
    return tags.map(({ id, name }) => ({ id, name, fields: {} }));
  },
  async create({ client }, { name }) {
    return (await call(client, createLexiconTag, { name })).result().id;
  },
  // A name is all that they have.
  update: () => Promise.resolve(),
  async remove({ client }, _id, name) {
    await call(client, deleteLexiconTag, { name, delete: true });
  },
};
