/** `mp export cohorts`: the list of saved cohorts as records. */
import { z } from "zod";
import { listCohorts } from "../../api/cohorts.ts";
import { command } from "../../cli/command.ts";
import { readCohorts } from "../../jobs/project_lists.ts";
import { exportList } from "./shared/list_export.ts";
import { outputFlags } from "./shared/record_output.ts";

export default command({
  output: "own",
  summary: "saved cohorts, a cohort a line",
  description:
    "Names, sizes and ids. Who is in one: 'mp export profiles --cohort ID'. Mixpanel does not say how one is defined.",
  examples: [
    { text: "A cohort a line", run: "mp export cohorts" },
    { text: "For a spreadsheet", run: "mp export cohorts -o cohorts.csv" },
  ],
  operations: [listCohorts],
  input: z.object(outputFlags),
  run: (context, flags) => exportList(context, flags, { read: readCohorts, noun: "cohort" }),
});
