/** What a report says of where its numbers come from: the command, its days, the project, and when it was made. */
import { redact } from "../client/redact.ts";
import { formatTime } from "../output/format.ts";
import type { Heading } from "../output/report.ts";
import { readGlobalWord, takesNextWord } from "./global_words.ts";
import { shellWord } from "../runtime/shell_word.ts";

/** What is known when a result is printed. */
export interface HeadingSource {
  /** The command's words, without `mp`. */
  name: string;
  /** What was typed after them. */
  argv: readonly string[];
  /** The names of positional arguments, in order. */
  args?: readonly string[];
  input: Readonly<Record<string, unknown>>;
  nowMs: number;
  /** Undefined where no project was asked. */
  projectId?: string;
}

export function headingOf({ name, argv, args = [], input, nowMs, projectId }: HeadingSource): Heading {
  const about = args.flatMap((key) => input[key] ?? []).filter((value) => typeof value !== "object").map(String);
  const facts = [
    daysOf(input.from_date, input.to_date),
    projectId === undefined ? undefined : `project ${projectId}`,
    `made ${formatTime(nowMs)}`,
  ];
  return {
    title: redact([name, ...about].join(" ")),
    facts: facts.filter((fact) => fact !== undefined),
    command: redact(
      ["mp", ...name.split(" "), ...withoutHeaders(withoutFile(argv), input.header).map(shellWord)].join(" "),
    ),
  };
}

function daysOf(from: unknown, to: unknown): string | undefined {
  if (typeof from !== "string" || typeof to !== "string") return undefined;
  return from === to ? from : `${from} to ${to}`;
}

/** Where somebody keeps a file is of no use to those who read it. */
function withoutFile(argv: readonly string[]): readonly string[] {
  return argv.filter((word, index) => {
    const before = index === 0 ? "" : argv[index - 1]!;
    return readGlobalWord(word).name !== "--output" &&
      !(readGlobalWord(before).name === "--output" && takesNextWord(before));
  });
}

/** A header may hold a credential that nobody has declared as one. */
function withoutHeaders(argv: readonly string[], headers: unknown): readonly string[] {
  if (!Array.isArray(headers)) return argv;
  return argv.map((word) => {
    const header = headers.find((one: string) => word.endsWith(one)) as string | undefined;
    return header === undefined ? word : word.slice(0, -header.length) + header.replace(/:.*/s, ": …");
  });
}
