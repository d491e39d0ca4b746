/** Questions to a person at a terminal. Without one there is nobody to ask, and no prompt exists. */
import { MpError } from "../../../errors.ts";
import type { Context } from "../../../cli/context.ts";
import { cleanLine } from "../../../output/clean.ts";

export interface Choice<T> {
  value: T;
  label: string;
  hint?: string;
}

/** Every answer is without surrounding space. Ctrl-C or Ctrl-D at a question throws an `interrupted` error. */
export interface Prompts {
  text(question: string, placeholder?: string): Promise<string>;
  /** What is typed is not shown. */
  secret(question: string): Promise<string>;
  select<T extends string>(question: string, choices: readonly Choice<T>[]): Promise<T>;
}

/** Prompts when both standard input and standard error are terminals; else undefined. */
export async function promptsOf(context: Context): Promise<Prompts | undefined> {
  if (!context.stdin.isTerminal || !context.stderr.isTerminal) return undefined;
  const { ask, streams } = await (await import("../../../cli/questions.ts")).loadQuestions();
  const common = { ...streams, signal: context.signal };
  const answered = <T>(answer: T): Exclude<T, symbol> => {
    if (ask.isCancel(answer)) throw new MpError("Interrupted", { category: "interrupted" });
    return answer as Exclude<T, symbol>;
  };
  const required = (value: string | undefined) => value?.trim() ? undefined : "An answer is needed";
  return {
    text: async (message, placeholder) =>
      answered(await ask.text({ ...common, message: cleanLine(message), placeholder, validate: required })).trim(),
    secret: async (message) =>
      answered(await ask.password({ ...common, message: cleanLine(message), validate: required })).trim(),
    select: async <T extends string>(message: string, choices: readonly Choice<T>[]) => {
      // A project is called as somebody has called it.
      const options = choices.map(({ value, label, hint }) => ({
        value: value as string,
        label: cleanLine(label),
        hint: hint === undefined ? undefined : cleanLine(hint),
      }));
      return answered(await ask.select<string>({ ...common, message, options, maxItems: 12 })) as T;
    },
  };
}
