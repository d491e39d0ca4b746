/** How fast the emulator answers reports over HTTP, beside DuckDB on a Parquet file of the same events. */
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { ROOT } from "../project.ts";
import type { Row } from "./comparison.ts";
import { dayAfter, DAYS, FIRST_DAY } from "./dataset.ts";
import type { Emulator } from "./emulator_process.ts";

/** Each report is asked for so many times, the two programs in turn; the first times warm both of them up. */
const WARM_ROUNDS = 5;
const ROUNDS = 15;
/** A report that takes no longer than this is fast enough, whatever DuckDB takes. */
const LEAST_MS = 3;

interface Report {
  /** That of the DuckDB query. */
  name: string;
  what: string;
  path: string;
  parameters: Record<string, string>;
  /** In times of what DuckDB takes. */
  limit: number;
  floorMs?: number;
}

const days = { from_date: FIRST_DAY, to_date: dayAfter(DAYS - 1) };
const REPORTS: Report[] = [
  {
    name: "segmentation",
    what: "Segmentation by a property",
    path: "segmentation",
    parameters: { ...days, event: "Page View", on: 'properties["$browser"]' },
    limit: 0.5,
  },
  {
    name: "unique",
    what: "Unique people",
    path: "segmentation",
    parameters: { ...days, event: "Page View", type: "unique" },
    limit: 0.5,
  },
  {
    name: "sum",
    what: "Sums",
    path: "segmentation/sum",
    parameters: { ...days, event: "Purchase", on: 'properties["amount"]' },
    limit: 0.7,
  },
  {
    name: "funnel",
    what: "A funnel of three steps",
    path: "funnels",
    // One of the demo: Session Start, Page View, Sign Up.
    parameters: { ...days, funnel_id: "7002", length: "7", length_unit: "day", unit: "month" },
    limit: 0.3,
    floorMs: LEAST_MS,
  },
  {
    name: "retention",
    what: "Retention of eight weeks",
    path: "retention",
    parameters: { ...days, born_event: "Sign Up", event: "Page View", unit: "week", interval_count: "8" },
    limit: 0.3,
    floorMs: LEAST_MS,
  },
];

/** Asks an emulator that has the events of a file, started with the demo's funnels. */
export async function measureReports(
  emulator: Emulator,
  { events, lines, folder, python }: { events: number; lines: string; folder: string; python: string },
): Promise<Row[]> {
  const parquet = join(folder, "events.parquet");
  const duckdb = await Duckdb.start(python, lines, parquet);
  if (duckdb === undefined) return [];
  try {
    const rows: Row[] = [];
    for (const report of REPORTS) {
      const [own, others]: [number[], number[]] = [[], []];
      for (let round = 0; round < WARM_ROUNDS + ROUNDS; round++) {
        const ownMs = await answerMs(emulator, report);
        const otherMs = await duckdb.answerMs(report.name);
        if (round < WARM_ROUNDS) continue;
        own.push(ownMs);
        others.push(otherMs);
      }
      rows.push(rowOf(report, events, own, others));
    }
    return rows;
  } finally {
    duckdb.stop();
    rmSync(parquet, { force: true });
  }
}

/** How long the first report by a property takes: columns that nobody has asked for are made then. */
export function firstReportMs(emulator: Emulator): Promise<number> {
  return answerMs(emulator, REPORTS[0]!);
}

function rowOf({ what, limit, floorMs = 0 }: Report, events: number, own: number[], others: number[]): Row {
  const [ownMs, otherMs] = [middle(own), middle(others)];
  const ratio = ownMs / otherMs;
  const spread = (times: number[]) => `${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)}`;
  return {
    what: `${what} of ${events.toLocaleString("en-US")} events over HTTP`,
    against: "DuckDB on Parquet",
    figure: `${ratio.toFixed(2)} ×`,
    limit: `≤ ${limit} ×${floorMs > 0 ? ` or ${floorMs} ms` : ""}`,
    isGood: ratio <= limit || ownMs <= floorMs,
    detail: `${ownMs.toFixed(1)} ms (${spread(own)}), DuckDB ${otherMs.toFixed(1)} ms (${spread(others)})`,
  };
}

async function answerMs({ url, variables }: Emulator, { path, parameters }: Report): Promise<number> {
  const query = new URLSearchParams({ project_id: variables.MP_PROJECT_ID!, ...parameters });
  const authorization = `Basic ${btoa(`${variables.MP_USERNAME}:${variables.MP_SECRET}`)}`;
  const startedMs = performance.now();
  const response = await fetch(`${url}/api/query/${path}?${query}`, { headers: { authorization } });
  const text = await response.text();
  const ms = performance.now() - startedMs;
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return ms;
}

function middle(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1]!;
}

/** A Python that answers one query after another. */
class Duckdb {
  private constructor(
    private readonly child: ReturnType<typeof spawn>,
    private readonly answers: AsyncIterator<string>,
  ) {}

  /** Undefined when there is no DuckDB. */
  static async start(python: string, lines: string, parquet: string): Promise<Duckdb | undefined> {
    const script = join(ROOT, "scripts", "bench", "peers", "duckdb_reports.py");
    const child = spawn(python, [script, lines, parquet], { stdio: ["pipe", "pipe", "inherit"], env: process.env });
    const answers = createInterface(child.stdout!)[Symbol.asyncIterator]();
    const { value } = await answers.next();
    return value === "ready" ? new Duckdb(child, answers) : undefined;
  }

  async answerMs(name: string): Promise<number> {
    this.child.stdin!.write(`${name}\n`);
    return Number((await this.answers.next()).value);
  }

  stop(): void {
    this.child.stdin!.end();
  }
}
