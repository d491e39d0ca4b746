/** Saved reports that stand on no board; those that do are part of it. */
import type { z } from "zod";
import {
  bookmarksIn,
  createBookmark,
  deleteBookmark,
  listBookmarks,
  paramsObject,
  updateBookmark,
} from "../../../api/bookmarks.ts";
import { call } from "../../../api/call.ts";
import { changedFields, setFields } from "../definition_fields.ts";
import { boardsOf } from "./boards.ts";
import type { PlanKind } from "../plan_kind.ts";

const FIELDS = ["type", "description", "icon", "dashboard_id", "params"];

export const reportKind: PlanKind = {
  kind: "reports",
  fields: FIELDS,
  jsonFields: ["params"],
  async read(project) {
    const placed = new Set((await boardsOf(project)).flatMap(({ contents }) => Object.keys(contents?.report ?? {})));
    const reports = bookmarksIn((await call(project.client, listBookmarks, {})).result());
    return reports.filter(({ id }) => !placed.has(String(id))).map((report) => ({
      id: report.id,
      name: report.name,
      fields: { ...setFields({ ...report, params: paramsObject(report.params) }, FIELDS) },
    }));
  },
  async create({ client }, { name, fields }) {
    return (await call(client, createBookmark, { ...fields, name } as z.input<typeof createBookmark.params>)).result()
      .id;
  },
  async update({ client }, wanted) {
    await call(client, updateBookmark, {
      bookmark_id: String(wanted.id),
      ...changedFields(wanted, { description: "" }),
    });
  },
  async remove({ client }, id) {
    await call(client, deleteBookmark, { bookmark_id: String(id) });
  },
};
