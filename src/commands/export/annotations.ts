/** `mp export annotations`: the notes on the charts as records. */
import { listAnnotations } from "../../api/annotations.ts";
import { command } from "../../cli/command.ts";
import { readAnnotations } from "../../jobs/project_lists.ts";
import { exportList } from "./shared/list_export.ts";
import { outputFlags } from "./shared/record_output.ts";

export default command({
  output: "own",
  summary: "the notes on the charts, a note a line",
  description: "Without a range of days, all of them.",
  examples: [
    { text: "All notes", run: "mp export annotations -o annotations.jsonl" },
    { text: "Those of the last month, for a spreadsheet", run: "mp export annotations --last 30d -o annotations.csv" },
  ],
  operations: [listAnnotations],
  input: listAnnotations.params.extend(outputFlags),
  dateRange: true,
  run: (context, { from_date, to_date, ...flags }) =>
    exportList(context, flags, { read: readAnnotations({ from_date, to_date }), noun: "annotation" }),
});
