/**
 * A job's progress for programs: one JSON object a line on standard error.
 *
 * `{"type":"progress",…}` comes at most once a second, `{"type":"part",…}` when a part has ended, and `{"type":"end",…}`
 * when the job has, whether or not it succeeded. Fields, absent where nothing is known:
 *
 * - `label`: what is being done; `elapsed_seconds`
 * - `records`, `bytes`, `steps`: done so far, earlier runs included
 * - `total`: the same three, as far as they are known; `share`: from 0 to 1; `seconds_left`
 * - `records_per_second`, `bytes_per_second`: of the last seconds
 * - `quota_left`, `quota_limit`: requests
 * - `state`: what the job waits for; `state_seconds_left`
 * - `parts`: what is under way, each with `name`, `records`, `bytes`, `state`, `state_seconds_left`
 * - of a part that has ended: `name`, `outcome` (`done` or `failed`), `records`, `bytes`, `seconds`
 */
import type { Clock } from "../../runtime/clock.ts";
import type { Output } from "../../runtime/standard_streams.ts";
import { escapeJsonForTerminal } from "../clean.ts";
import type { ShownProgress } from "./job_progress.ts";
import { type PartFacts, type ProgressFacts, ProgressTally, type Waiting } from "./progress_tally.ts";

const INTERVAL_MS = 1000;

export function jsonProgress(stderr: Output, clock: Clock, label: string): ShownProgress {
  let writtenMs = clock.now();
  let over = false;
  let writing: Promise<void> = Promise.resolve();
  let waiting = 0;

  const write = (object: Record<string, unknown>) => {
    waiting++;
    const line = escapeJsonForTerminal(JSON.stringify(object)) + "\n";
    // expected: any fault of standard error, since a job does not fail because nobody reads its progress any more
    writing = stderr.write(line).catch(() => void (over = true)).finally(() => waiting--);
  };
  const changed = () => {
    if (over || waiting > 0 || clock.now() - writtenMs < INTERVAL_MS) return;
    writtenMs = clock.now();
    write({ type: "progress", label, ...described(tally.facts()) });
  };
  const tally = new ProgressTally(clock, {
    changed,
    partEnded(part, failed) {
      if (over) return;
      write({ type: "part", ...describedPart(part, failed, clock.now()) });
      changed();
    },
  });
  const ticker = setInterval(changed, INTERVAL_MS);

  return {
    part: (name) => tally.part(name),
    advance: (done) => tally.advance(done),
    total: (total, earlier) => tally.total(total, earlier),
    quota: (left, limit) => tally.quota(left, limit),
    state: (text, untilMs) => tally.state(text, untilMs),
    note() {},
    async done() {
      clearInterval(ticker);
      if (over) return;
      const { parts: _, ...facts } = described(tally.facts());
      write({ type: "end", label, ...facts });
      over = true;
      await writing;
    },
  };
}

function described(facts: ProgressFacts): Record<string, unknown> {
  const { done, total, perSecond, quota } = facts;
  return {
    elapsed_seconds: seconds(facts.elapsedMs),
    ...done,
    total: Object.keys(total).length === 0 ? undefined : total,
    share: facts.share === undefined ? undefined : Math.round(facts.share * 10_000) / 10_000,
    seconds_left: facts.msLeft === undefined ? undefined : seconds(facts.msLeft),
    records_per_second: Math.round(perSecond.records),
    bytes_per_second: Math.round(perSecond.bytes),
    quota_left: quota?.left,
    quota_limit: quota?.limit,
    ...describedState(facts.waiting, facts.nowMs),
    parts: facts.parts.map(({ name, done: { records, bytes }, waiting }) => ({
      name,
      records,
      bytes,
      ...describedState(waiting, facts.nowMs),
    })),
  };
}

function describedPart(part: PartFacts, failed: boolean, nowMs: number): Record<string, unknown> {
  return {
    name: part.name,
    outcome: failed ? "failed" : "done",
    records: part.done.records,
    bytes: part.done.bytes,
    seconds: seconds(nowMs - part.startedMs),
  };
}

function describedState(waiting: Waiting | undefined, nowMs: number): Record<string, unknown> {
  const leftMs = waiting?.untilMs === undefined ? undefined : Math.max(0, waiting.untilMs - nowMs);
  return { state: waiting?.text, state_seconds_left: leftMs === undefined ? undefined : seconds(leftMs) };
}

const seconds = (milliseconds: number): number => Math.round(milliseconds) / 1000;
