/** Asks Mixpanel about flows by their JSON, and prints the answer. */
import { call } from "../../../api/call.ts";
import { askFlows } from "../../../api/flows.ts";
import type { Context } from "../../../cli/context.ts";
import { printsServerText } from "../../../cli/format_choice.ts";
import { nothingCounted } from "../../../cli/nothing_counted.ts";
import { ifUnderstood } from "../../../cli/operation_command.ts";
import { dataView } from "../../../cli/scope.ts";
import { FLOW_SHAPES, flowShape, readFlows } from "../../../reports/flows.ts";
import type { Json } from "../../../reports/report.ts";
import { anchorEvents, presentFlows } from "./flow_forms.ts";
import { noteUnpublished } from "./unpublished_note.ts";

export async function askAboutFlows(context: Context, bookmark: Json): Promise<void> {
  const report = readFlows(bookmark);
  const shape = flowShape(bookmark);
  const client = await context.client();
  const answer = await call(client, askFlows, { bookmark, query_type: FLOW_SHAPES[shape].query, ...dataView(client) });
  await noteUnpublished(context, "POST /arb_funnels", "query flows");
  const result = await ifUnderstood(context, () => answer.result());
  const forms = result && !printsServerText(context) ? presentFlows(result, shape) : {};
  const isEmpty = forms.rows?.length === 0 && report !== undefined;
  const notes = isEmpty ? [await nothingCounted(context, anchorEvents(report))] : [];
  await context.print({ text: answer.text, data: answer.data, ...forms, notes });
  for (const note of notes) await context.note(note);
}
