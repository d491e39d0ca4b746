import type { Context } from "../../../cli/context.ts";
import { changeLines, listedChange } from "../../../jobs/plan/change_words.ts";
import type { PlanChange } from "../../../jobs/plan/plan_differences.ts";
import { chosenFormat } from "../../../cli/format_choice.ts";
import { stringifyJson } from "../../../streams/json/json.ts";

/** Changes as lines of words where they are read, and as `{changes: […]}` for programs. */
export async function printChanges(context: Context, changes: readonly PlanChange[]): Promise<void> {
  const data = { changes: changes.map(listedChange) };
  const isText = context.globals.jq === undefined && chosenFormat(context) === "table";
  const text = isText ? changes.flatMap(changeLines).join("\n") : stringifyJson(data);
  if (isText && changes.length === 0) return;
  await context.print({
    text,
    data,
    isText,
    rows: data.changes.map(({ fields = [], ...one }) => ({ ...one, fields: fields.map(({ path }) => path).join(" ") })),
  });
}
