import { z } from "zod";
import { createMetric, updateMetric } from "../../api/saved_metrics.ts";
import { expression } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { DATA, dataFields } from "../../cli/operation_command.ts";
import { inputError } from "../../errors.ts";
import { writeMetric } from "../../reports/metrics.ts";
import { definedFields } from "../../streams/json/defined_fields.ts";
import { countedOf, measureOf } from "../query/shared/ask_values.ts";
import { CREATE_LATER, createIn, METRIC_NAMES } from "./shared/family.ts";

const { name, type, ...fields } = createMetric.params.shape;

export default command({
  description:
    "--event with --math and --where says what an ordinary metric measures; formulas and warehouse metrics take --definition, " +
    "as Mixpanel has it. --verified and --owner are written by a second request, since the first leaves them out.",
  args: ["name"],
  examples: [
    { text: "A sum", run: "mp metrics create 'All revenue' --event Purchase --math total:amount" },
    {
      text: "The definition of another, as Mixpanel has it",
      run: "mp metrics get 502 --jq '.results[].definition' | mp metrics create 'Revenue, again' --definition -",
    },
  ],
  operations: [createMetric, updateMetric],
  input: z.object({
    name: name.optional(),
    type: type.optional(),
    ...fields,
    definition: fields.definition.optional(),
    event: z.string().optional().meta({
      placeholder: "EVENT",
      completes: "events",
      description: "The event that counts; a custom event is $custom_event:ID",
    }),
    math: z.string().default("total").meta({
      placeholder: "MATH",
      description: "What is made of the events: total, unique, total:amount, p90:amount, …",
    }),
    where: expression("Only events where this holds").optional(),
    ...CREATE_LATER,
    ...DATA,
  }),
  async run(context, { data, event, math, where, verified, owner, ...flags }) {
    const given = { ...dataFields(data, createMetric.params), ...definedFields(flags) };
    const measured = event === undefined ? undefined : definitionOf(event, math, where);
    if (measured !== undefined && given.definition !== undefined) {
      throw inputError("Cannot use --event with a definition", "give one or the other", "bad_flags");
    }
    if (measured === undefined && (given.definition === undefined || where !== undefined)) {
      throw inputError(
        "Cannot save a metric of nothing",
        "add --event EVENT, or --definition JSON",
        "missing_argument",
      );
    }
    const body = { type: "metric", ...given, ...(measured && { definition: measured }) };
    await createIn(context, { create: createMetric, update: updateMetric }, METRIC_NAMES, body, { verified, owner });
  },
});

function definitionOf(event: string, math: string, where: string | undefined): Record<string, unknown> {
  const filter = where === undefined ? {} : { filter: { where } };
  const { behavior, measurement } = writeMetric({
    kind: "event",
    of: countedOf(event),
    measure: measureOf(math),
    ...filter,
  });
  return { behavior, measurement };
}
