/** `mp --help`: one screen. It loads no command, no schema and no parser. */
import type { Entry } from "./command.ts";

export function rootHelp(entries: readonly Entry[], topics: readonly string[], version: string): string {
  const nameWidth = Math.max(...entries.map((one) => one.name.length));
  const sectionWidth = Math.max(...entries.map((one) => one.section.length));
  let section = "";
  const lines = entries.map((one) => {
    const heading = one.section === section ? "" : one.section;
    section = one.section;
    return `${heading.padEnd(sectionWidth)}  ${one.name.padEnd(nameWidth)}  ${one.summary}`;
  });
  return [
    `mp ${version}: Mixpanel's API on the command line`,
    "Usage: mp <command> [flags]     'mp help <command or topic>' explains one",
    "",
    ...lines,
    "",
    `Topics: ${topics.join(", ")}`,
    "New here? 'mp demo' shows the main job; 'mp login' connects your project.",
    "",
  ].join("\n");
}
