import { z } from "zod";
import { getBookmark, reportId } from "../../api/bookmarks.ts";
import { call } from "../../api/call.ts";
import { command } from "../../cli/command.ts";
import { inputError } from "../../errors.ts";
import open from "../open.ts";

/** The page of each kind of report, where it is not called as the kind. */
const PAGES: Readonly<Record<string, string>> = { "launch-analysis": "impact" };

export default command({
  summary: "print the address of a saved report in Mixpanel",
  description: "The kind of the report is looked up, since the page depends on it.",
  args: ["bookmark_id"],
  examples: [{ text: "To send to somebody", run: "mp reports link 9001" }],
  operations: [getBookmark],
  input: z.object({ bookmark_id: reportId }),
  async run(context, { bookmark_id }) {
    const { type } = (await call(await context.client(), getBookmark, { bookmark_id })).result();
    if (type === "user") {
      throw inputError(
        `Cannot link to report ${bookmark_id}: reports of users have no page of their own`,
        "mp open users",
      );
    }
    return await open.run(context, { page: PAGES[type] ?? type, id: String(bookmark_id), print: true });
  },
});
