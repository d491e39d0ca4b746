import { z } from "zod";
import { command } from "../../cli/command.ts";
import { printExpression } from "../../expressions/print.ts";
import { expressionInput, readTyped, understand } from "./shared/input.ts";

export default command({
  summary: "format an expression",
  description:
    `Double quotes, single spaces, no needless parentheses. What other languages write otherwise (=, &&, single quotes,
bare names of properties) is fixed, and each fix is reported.`,
  args: ["expression"],
  examples: [
    { text: "Fix habits from other languages", run: `mp expr format "plan = 'pro' && !defined(trial_end)"` },
  ],
  input: z.object({ expression: expressionInput }),
  async run(context, { expression }) {
    const typed = await readTyped(context, expression);
    const { expression: meant, problems } = understand(typed, "Cannot format the expression");
    for (const { message } of problems) await context.note(message);
    await context.print({ text: printExpression(meant), data: undefined });
  },
});
