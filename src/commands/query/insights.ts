import { insights } from "../../api/insights.ts";
import { operationCommand, type Presentation } from "../../cli/operation_command.ts";
import { seriesForms, type SeriesValues } from "../../output/series.ts";

export default operationCommand(insights, {
  description:
    `Prints the numbers of a report that was saved in Mixpanel: of insights, of a funnel, or of retention. Its id is in
the address of the report, after 'report-'.`,
  args: ["bookmark_id"],
  examples: [
    { text: "A saved report as it stands", run: "mp query insights 9001" },
    { text: "One with a breakdown, as CSV", run: "mp query insights 9002 -f csv" },
  ],
  present: ({ series, headers }) => presentLeaves(leavesOf(series), headers),
});

/** A number and the keys that lead to it. */
interface Leaf {
  path: string[];
  value: unknown;
}

function leavesOf(node: unknown, path: string[] = []): Leaf[] {
  if (typeof node !== "object" || node === null) return [{ path, value: node }];
  return Object.entries(node).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

/** Numbers over time become dates and segments; what has another shape has a column for each level of keys. */
function presentLeaves(leaves: readonly Leaf[], headers: readonly string[] = []): Presentation {
  if (leaves.length > 0 && leaves.every(({ path }) => path.length > 1 && isDate(path.at(-1)))) {
    const values: SeriesValues = {};
    for (const { path, value } of leaves) {
      const name = path.slice(0, -1).join(" · ");
      (values[name] ??= {})[shortDate(path.at(-1)!)] = value;
    }
    const dates = new Set(leaves.map(({ path }) => shortDate(path.at(-1)!)));
    return seriesForms([...dates].sort(), values, { totals: false });
  }
  const deepest = Math.max(0, ...leaves.map(({ path }) => path.length));
  const names = Array.from(
    { length: deepest },
    (_, level) => headers[level] ?? (level === 0 ? "report" : `key_${level}`),
  );
  return {
    rows: leaves.map(({ path, value }) => ({
      ...Object.fromEntries(names.map((name, level) => [name, path[level] ?? ""])),
      value,
    })),
  };
}

const isDate = (text: string | undefined): boolean => text !== undefined && /^\d{4}-\d{2}-\d{2}/.test(text);

/** A whole day is named without its midnight and zone. */
function shortDate(text: string): string {
  return text.replace(/T00:00:00(?:\.0+)?(?:Z|[+-]\d{2}:?\d{2})?$/, "");
}
