/** A project as a short page of Markdown. */
import { cleanLine } from "../../../output/clean.ts";
import { RULES } from "../../mcp/shared/instructions.ts";

export interface DescribedEvent {
  name: string;
  description: string;
  /** The most frequent ones; empty where nobody has asked. */
  properties: readonly string[];
}

export interface ProjectFacts {
  project?: string;
  /** Most frequent first. */
  events: readonly DescribedEvent[];
  hasMoreEvents: boolean;
  reports: readonly { id: string; type: string; name: string }[];
  boards: readonly { id: string; title: string }[];
}

const LONGEST_TEXT = 160;

export function projectPage({ project, events, hasMoreEvents, reports, boards }: ProjectFacts): string {
  return [
    `# Mixpanel${project === undefined ? "" : `, project ${project}`}`,
    "",
    "Analytics of this product. Ask with `mp`, which has an account for the project already, or by its tools where " +
    "`mp mcp` is set up.",
    "",
    "## How to ask",
    "",
    ...RULES.map((rule) => `- ${rule}`),
    "- On the command line a pipe gets JSON, `-f csv` is shorter. `mp query --help` lists the questions, and",
    "  `mp COMMAND --help` has examples that work.",
    "",
    "```sh",
    ...examples(events),
    "```",
    "",
    "## Events of the last month, most frequent first",
    "",
    ...events.length === 0 ? ["None."] : events.map(eventLine),
    ...hasMoreEvents ? ["- and more: `mp events list`"] : [],
    "",
    ...section(
      "Saved reports: `mp reports run ID`",
      reports.map(({ id, type, name }) => `${id} (${type}): ${code(name)}`),
    ),
    ...section("Boards: `mp boards contents list ID`", boards.map(({ id, title }) => `${id}: ${code(title)}`)),
  ].join("\n").trimEnd() + "\n";
}

/** Questions about the first events of the project, so that their names are right. */
function examples([first, second]: readonly DescribedEvent[]): string[] {
  const one = shellName(first?.name ?? "Event");
  const other = shellName(second?.name ?? "Other Event");
  return [
    `mp query insights --event ${one} --math unique --last 30d -f csv`,
    `mp query funnel ${other} ${one} --last 30d -f csv`,
    `mp events properties ${one}`,
  ];
}

/** In quotes of a shell; a name with a line break is in no example. */
const shellName = (name: string): string => `'${cleanLine(name).replaceAll("'", `'\\''`)}'`;

function eventLine({ name, description, properties }: DescribedEvent): string {
  const meaning = description.trim() === "" ? "" : `: ${text(description)}`;
  const with_ = properties.length === 0
    ? ""
    : `${meaning === "" ? ":" : ";"} properties ${properties.map(code).join(", ")}`;
  return `- ${code(name)}${meaning}${with_}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, "", ...lines.map((line) => `- ${line}`), ""];
}

/** What others have named, as code, so that nothing in it is read as Markdown. */
function code(name: string): string {
  const clean = shortened(cleanLine(name));
  const ticks = Math.max(0, ...[...clean.matchAll(/`+/g)].map(([run]) => run.length)) + 1;
  const fence = "`".repeat(ticks);
  return clean.startsWith("`") || clean.endsWith("`") ? `${fence} ${clean} ${fence}` : `${fence}${clean}${fence}`;
}

/** A sentence of others, on one line and without headings, links and tags. */
const text = (words: string): string => shortened(cleanLine(words)).replace(/[\\`*_[\]<>#|]/g, "\\$&");

const shortened = (words: string): string =>
  words.length > LONGEST_TEXT ? `${words.slice(0, LONGEST_TEXT).toWellFormed()}…` : words;
