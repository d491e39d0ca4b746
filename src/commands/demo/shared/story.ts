/** What the demo shows, screen by screen: real commands, and what is to be seen in each. */
import type { DemoEvent } from "../../../sandbox/demo/visit.ts";
import { isoDay } from "../../../streams/iso_time.ts";

export interface Step {
  /** What is done and why, in a line or two. */
  text: string;
  args: string[];
  /** The exit code that the command has to end with. Default 0. */
  code?: number;
  /** Stopped without warning, as by `kill -9`, when a request for a day hangs. */
  isKilled?: true;
}

export interface Screen {
  title: string;
  steps: Step[];
}

/** How many days the export has, and after how many of them it is killed. */
export const EXPORT_DAYS = 14;
export const DAYS_BEFORE_KILL = 7;

export const HISTORY = "history.jsonl";
const REJECTED = "rejected.jsonl";
const COLUMNS = "event,time,distinct_id,mp_country_code,payment,amount";

/** Where the export leaves the days that it has: as files, and before that as what was downloaded. */
export const EXPORT_FOLDERS = ["lake", "lake.mp/.mp-export/spool"];

const dayBefore = (nowMs: number, days: number): string => isoDay(nowMs - days * 86_400_000);

/** The story; the last complete day is the one before `nowMs`. */
export function story(nowMs: number): Screen[] {
  const day = (back: number) => dayBefore(nowMs, back);
  const days = ["--from", day(EXPORT_DAYS), "--to", day(1)];
  const exported = [
    ...["export", "events", ...days, "--event", "Purchase", "--slice", "1"],
    ...["-f", "parquet", "--columns", COLUMNS, "-o", "lake/"],
  ];
  return [
    {
      title: "A question: in which countries do people buy?",
      steps: [{
        text: "A saved funnel, by country, of the last thirty days",
        args: ["query", "funnel", "7001", "--last", "30d", "--on", 'properties["mp_country_code"]', "-f", "chart"],
      }],
    },
    {
      title: "An import that is not clean",
      steps: [
        {
          text: "Three events are wrong. They are rejected with a reason, and kept; the others are sent",
          args: ["import", HISTORY, "--rejects", REJECTED],
          code: 8,
        },
        {
          text: "The three can be repaired: times become numbers, ids get characters that Mixpanel takes",
          args: ["import", REJECTED, "--fix"],
        },
      ],
    },
    {
      title: "An export that is killed",
      steps: [
        { text: "Two weeks of purchases, a Parquet file a day; killed half-way", args: exported, isKilled: true },
        { text: "The same command continues where it was", args: exported },
        { text: "Is everything there, and is it what Mixpanel sent?", args: ["export", "verify", "lake/"] },
      ],
    },
    {
      title: "What is in the Parquet files",
      steps: [
        {
          text: "Any engine reads them (duckdb, Spark, BigQuery); mp reads them too, and would import them again",
          args: ["import", `lake/events_${day(1)}.parquet`, "--check"],
        },
        {
          text: "They answer questions as Mixpanel does: nothing is sent, and no query is used up",
          args: ["query", "insights", "--event", "Purchase", ...days, "--by", "mp_country_code"]
            .concat("--totals", "-f", "chart", "--source", "lake/"),
        },
      ],
    },
  ];
}

/** The lines of events, of which the first three have what an import meets in the wild. */
export function* withMistakes(lines: Iterable<string>): Generator<string, void> {
  let number = 0;
  for (const line of lines) {
    const mistake = MISTAKES[number++];
    if (mistake === undefined) yield line;
    else {
      const { event, properties } = JSON.parse(line) as DemoEvent;
      yield JSON.stringify({ event, properties: { ...properties, ...mistake(properties) } }) + "\n";
    }
  }
}

const MISTAKES: readonly ((properties: DemoEvent["properties"]) => DemoEvent["properties"])[] = [
  ({ time }) => ({ time: new Date(Number(time) * 1000).toISOString() }),
  ({ time }) => ({ time: String(time) }),
  () => ({ $insert_id: "order #17/4" }),
];
