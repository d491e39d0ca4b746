import { z } from "zod";
import { command } from "../../cli/command.ts";
import { explainExpression, explanationLines } from "../../expressions/explain.ts";
import { expressionInput, readTyped, understand } from "./shared/input.ts";

export default command({
  summary: "explain an expression in words",
  args: ["expression"],
  examples: [
    {
      text: "What a filter lets through",
      run: `mp expr explain 'properties["plan"] in ["pro", "team"] and not defined(user["$email"])'`,
    },
  ],
  input: z.object({ expression: expressionInput }),
  async run(context, { expression }) {
    const typed = await readTyped(context, expression);
    const { expression: meant } = understand(typed, "Cannot explain the expression");
    await context.print({ text: explanationLines(explainExpression(meant)).join("\n"), data: undefined });
  },
});
