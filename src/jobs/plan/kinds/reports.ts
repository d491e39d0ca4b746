/** Saved reports that stand on no board; those that do are part of it. */
import type { z } from "zod";
import {
  bookmarksIn,
  createBookmark,
  deleteBookmark,
  listBookmarks,
  paramsObject,
  savableParams,
  updateBookmark,
} from "../../../api/bookmarks.ts";
import { call } from "../../../api/call.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import type { DefinitionFields } from "../definition.ts";
import { changedFields } from "../changed_fields.ts";
import { setFields } from "../definition_fields.ts";
import type { PlanKind, WantedThing } from "../plan_kind.ts";
import { boardsOf } from "./boards.ts";

const FIELDS = ["type", "description", "icon", "dashboard_id", "params"];

export const reportKind: PlanKind = {
  kind: "reports",
  fields: FIELDS,
  jsonFields: ["params"],
  normal: (fields) => setFields(savable(fields), FIELDS),
  sent: { params: createBookmark.params, body: bodyOf },
  async read(project) {
    const placed = new Set((await boardsOf(project)).flatMap(({ contents }) => Object.keys(contents?.report ?? {})));
    const reports = bookmarksIn((await call(project.client, listBookmarks, {})).result());
    return reports.filter(({ id }) => !placed.has(String(id))).map((report) => ({
      id: report.id,
      name: report.name,
      fields: { ...setFields({ ...report, params: paramsObject(report.params) }, FIELDS) },
    }));
  },
  async create({ client }, wanted) {
    return (await call(client, createBookmark, bodyOf(wanted))).result().id;
  },
  async update({ client }, wanted) {
    await call(client, updateBookmark, {
      bookmark_id: String(wanted.id),
      ...changedFields({ ...wanted, fields: savable(wanted.fields) }, { description: "" }),
    });
  },
  async remove({ client }, id) {
    await call(client, deleteBookmark, { bookmark_id: String(id) });
  },
};

function bodyOf({ name, fields }: WantedThing): z.input<typeof createBookmark.params> {
  return { ...savable(fields), name } as z.input<typeof createBookmark.params>;
}

/** With what the web page needs to show it. */
function savable({ params, ...fields }: DefinitionFields): DefinitionFields {
  return { ...fields, params: isObject(params) ? savableParams(String(fields.type), params) : params };
}
