/** Pages of help that belong to no single command: `mp help quotas`. */
import { HELP_WIDTH, paragraph, section } from "./help.ts";

/** A piece of a page, in the order of reading. */
export type TopicPart =
  /** A paragraph. */
  | string
  /** A titled list of two columns. */
  | { title: string; rows: readonly (readonly [left: string, right: string])[] }
  /** Lines that can be typed, with what they are for. */
  | { examples: readonly { text: string; run: string }[] };

export interface Topic {
  parts: readonly TopicPart[];
  /** Names of topics and commands to read next. */
  seeAlso?: readonly string[];
}

/** The page as it is printed. */
export function topicHelp(name: string, summary: string, topic: Topic, width = HELP_WIDTH): string {
  const parts = topic.parts.map((part) => {
    if (typeof part === "string") return paragraph(part, width);
    if ("rows" in part) return section(part.title, part.rows, width);
    return "Examples:\n" + part.examples.map(({ text, run }) => `  # ${text}\n  ${run}`).join("\n\n");
  });
  const { seeAlso = [] } = topic;
  const more = seeAlso.length === 0 ? [] : [`See also: ${seeAlso.map((one) => `'${one}'`).join(", ")}`];
  return [paragraph(`mp help ${name}: ${summary}`, width), ...parts, ...more].join("\n\n") + "\n";
}
