/** Pipelines as they are stored, and what the clock has made of them. */
import { isoDay } from "../../streams/iso_time.ts";

/** The kind of saved objects that pipelines are. */
export const PIPELINE = "pipeline";

export interface Pipeline {
  name: string;
  type: string;
  dataSource: "events" | "people";
  frequency: "daily" | "hourly";
  /** First and last day. Without a last one it goes on. */
  fromDay: string;
  toDay?: string;
  createdMs: number;
  canceledMs?: number;
  /** When it stood still; the last may be open. */
  pauses: { fromMs: number; toMs?: number }[];
  /** What it was made with, and changed to, without secrets. */
  settings: Record<string, unknown>;
}

/** One day's export. */
export interface PipelineTask {
  day: string;
  state: "pending" | "running" | "succeeded" | "canceled";
  /** When it runs, or would. */
  runMs: number;
  endMs: number;
}

const DAY_MS = 86_400_000;

/** How long a day takes to export. */
const TASK_MS = 1000;

/** A pipeline of years would have no end; the sandbox looks at so many days. */
const MOST_DAYS = 400;

/**
 * Its tasks so far: one for each day that is over, in turn, none of them while it stands still. Days that were over when
 * it was made are exported first, one after the other.
 */
export function tasksOf(pipeline: Pipeline, nowMs: number): PipelineTask[] {
  const tasks: PipelineTask[] = [];
  let freeMs = pipeline.createdMs;
  for (let dayMs = Date.parse(pipeline.fromDay); tasks.length < MOST_DAYS; dayMs += DAY_MS) {
    const day = isoDay(dayMs);
    if (dayMs + DAY_MS > nowMs || (pipeline.toDay !== undefined && day > pipeline.toDay)) return tasks;
    const runMs = afterPauses(pipeline, Math.max(freeMs, dayMs + DAY_MS));
    const endMs = runMs + TASK_MS;
    tasks.push({ day, state: stateAt(pipeline, runMs, nowMs), runMs, endMs });
    freeMs = endMs;
  }
  return tasks;
}

export function isPaused({ pauses }: Pipeline): boolean {
  const last = pauses[pauses.length - 1];
  return last !== undefined && last.toMs === undefined;
}

function afterPauses({ pauses }: Pipeline, timeMs: number): number {
  let later = timeMs;
  for (const { fromMs, toMs = Infinity } of pauses) {
    if (later >= fromMs && later < toMs) later = toMs;
  }
  return later;
}

function stateAt({ canceledMs }: Pipeline, runMs: number, nowMs: number): PipelineTask["state"] {
  if (canceledMs !== undefined && runMs >= canceledMs) return "canceled";
  if (runMs > nowMs) return "pending";
  return runMs + TASK_MS > nowMs ? "running" : "succeeded";
}
