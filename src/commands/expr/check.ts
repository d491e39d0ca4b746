import { z } from "zod";
import { expressionError } from "../../cli/expressions.ts";
import { command } from "../../cli/command.ts";
import { jsonResult } from "../../output/print.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { applySuggestions, checkExpression } from "../../expressions/check.ts";
import { expressionInput, purposeInput, readTyped } from "./shared/input.ts";

export default command({
  summary: "find the mistakes in an expression",
  description:
    `Nothing is sent. The exit code is 0 when there are none, and 3 otherwise; --format json lists them with their
places, and the expression as it was probably meant. With --known-property, names that are not among them are mistakes too.`,
  args: ["expression"],
  examples: [
    { text: "A filter that is right", run: `mp expr check 'properties["plan"] == "pro" and properties["seats"] > 3'` },
    {
      text: "A property that an event has, among those that it may have",
      run: `mp expr check 'properties["amount"] > 30' --known-property amount --known-property currency`,
    },
  ],
  input: z.object({
    expression: expressionInput,
    as: purposeInput,
    property: z.array(z.string()).optional().meta({
      flag: "known-property",
      aliases: ["property"],
      placeholder: "NAME",
      description: "A property that exists",
    }),
  }),
  async run(context, { expression, as, property }) {
    const typed = await readTyped(context, expression);
    const problems = checkExpression(typed, as, { properties: property });
    const meant = applySuggestions(typed, problems);
    const isMended = meant !== typed && checkExpression(meant, as, { properties: property }).length === 0;
    if (asksForResult(context)) {
      const data = { valid: problems.length === 0, problems, suggestion: isMended ? meant : null };
      await context.print(jsonResult(data, { rows: problems.map((problem) => ({ ...problem })) }));
      return problems.length === 0 ? 0 : 3;
    }
    if (problems.length > 0) {
      throw expressionError(
        "Cannot pass the expression",
        typed,
        problems,
        isMended ? `it may be meant as ${meant}` : undefined,
      );
    }
    await context.note("No mistakes");
  },
});
