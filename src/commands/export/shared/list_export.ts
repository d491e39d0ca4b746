/** Commands that export a list which comes in one answer. */
import type { Context } from "../../../cli/context.ts";
import { JOB_PATIENCE_MS } from "../../../jobs/patience.ts";
import { inForm, needsAllRecords } from "../../../jobs/profiles/record_form.ts";
import { listLines, type ReadList } from "../../../jobs/project_lists.ts";
import { formatCount } from "../../../output/format.ts";
import { changedNotes } from "../../../streams/table/changed_notes.ts";
import { renamedNotes } from "../../../streams/table/column_names.ts";
import { columnFinder } from "../../../streams/table/columns.ts";
import { type OutputInput, recordOutput } from "./record_output.ts";

/** Reads the list, writes it in the form that was asked for, and says how many there were. */
export async function exportList(
  context: Context,
  flags: OutputInput,
  list: { read: ReadList; noun: string; plural?: string },
): Promise<void> {
  const client = await context.client();
  const { form, target, path } = await recordOutput(context, flags);
  const items = await list.read(client, { signal: context.signal, patienceMs: JOB_PATIENCE_MS });
  const finder = columnFinder("flat");
  if (needsAllRecords(form)) { for await (const line of listLines(items)) finder.observe(line); }
  const columns = finder.columns();
  const notes: string[] = [];
  await target.take(
    inForm(listLines(items), form, "flat", columns, (report) => void notes.push(...changedNotes(report))),
  );
  for (const line of notes) await context.note(line);
  if (form.columns === undefined) { for (const line of renamedNotes("flat", columns)) await context.note(line); }
  const place = path === undefined ? "" : ` to ${path}`;
  await context.note(`Exported ${formatCount(items.length, list.noun, list.plural)}${place}`);
}
