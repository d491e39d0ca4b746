/** Pages of help that belong to no single command: `mp help quotas`. */
import { createStyle } from "../output/colour.ts";
import { examplesText, HELP_WIDTH, type HelpLook, paragraph, section } from "./help_text.ts";

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
export function topicHelp(name: string, summary: string, topic: Topic, look: HelpLook = {}): string {
  const { width = HELP_WIDTH, colour = false } = look;
  const style = createStyle(colour);
  const parts = topic.parts.map((part) => {
    if (typeof part === "string") return paragraph(part, width);
    if ("rows" in part) return section(part.title, part.rows, width, style);
    return examplesText(part.examples, width, style);
  });
  const { seeAlso = [] } = topic;
  const more = seeAlso.length === 0
    ? []
    : [paragraph(`See also: ${seeAlso.map((one) => `'${one}'`).join(", ")}`, width)];
  return [paragraph(`mp help ${name}: ${summary}`, width), ...parts, ...more].join("\n\n") + "\n";
}
