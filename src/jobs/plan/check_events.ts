/** Holds files of events against a plan, and counts what is wrong. */
import { recordMapper } from "../../records/map/map_record.ts";
import { MapProblem } from "../../records/map/map_problem.ts";
import { timeReader } from "../../records/map/map_time.ts";
import { type RecordBlock, UnreadableRecord } from "../../records/read/record_block.ts";
import { epochMs } from "../../streams/events/event_time.ts";
import { isoDay } from "../../streams/iso_time.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { parseJson } from "../../streams/json/json.ts";
import type { PlanDefinition } from "./definition.ts";
import { type EventViolation, type TrackingRuleOptions, trackingRules, type ViolationKind } from "./tracking_rules.ts";

/** All violations of one kind, of one event and property. */
export interface PlanProblem {
  kind: ViolationKind | "unreadable" | "volume";
  event: string;
  property?: string;
  problem: string;
  count: number;
  /** Where the first one is: `events.jsonl:12`. */
  first?: string;
}

export interface PlanCheckReport {
  events: number;
  /** The most frequent first. */
  problems: PlanProblem[];
  /** Violations of which there were so many sorts that they are not listed. */
  unlisted: number;
}

export interface CheckEventsOptions extends TrackingRuleOptions {
  onProgress?(events: number): void;
}

/** Sorts of problems that are told apart: names that come from data can be any number. */
const MOST_SORTS = 10_000;

/**
 * Checks all events. Memory grows with the sorts of problems, up to 10,000, and with the days of planned events.
 *
 * `volume = {min, max}` of an event of the plan is the number of its events on each day between the first and the last day
 * of the files, in UTC.
 */
export async function checkEvents(
  blocks: AsyncIterable<RecordBlock>,
  definitions: readonly PlanDefinition[],
  { onProgress = () => {}, ...options }: CheckEventsOptions = {},
): Promise<PlanCheckReport> {
  const violations = trackingRules(definitions, options);
  const mapped = recordMapper({ kind: "events" });
  const timeOf = timeReader({});
  const tally = new Tally();
  const volumes = new Volumes(definitions);
  let events = 0;
  for await (const block of blocks) {
    const before = events;
    for (const { value, place } of recordsOf(block)) {
      events++;
      const event = value instanceof UnreadableRecord ? value : mapped(value);
      if (event instanceof UnreadableRecord || event instanceof MapProblem) {
        tally.add({ kind: "unreadable", event: "", problem: event.reason }, place);
        continue;
      }
      const { event: name, properties } = event;
      if (typeof name !== "string" || !isObject(properties)) {
        tally.add({ kind: "unreadable", event: "", problem: "has no event or no properties" }, place);
        continue;
      }
      for (const one of violations({ event: name, properties })) tally.add(one, place);
      const time = timeOf(properties.time);
      volumes.add(name, time === undefined ? undefined : epochMs(time));
    }
    onProgress(events - before);
  }
  for (const one of volumes.problems()) tally.add(one);
  return { events, ...tally.report() };
}

class Tally {
  readonly #problems = new Map<string, PlanProblem>();
  #unlisted = 0;

  add(found: Omit<EventViolation, "kind"> & Pick<PlanProblem, "kind">, first?: () => string): void {
    const key = JSON.stringify([found.kind, found.event, found.property, found.problem]);
    const known = this.#problems.get(key);
    if (known !== undefined) known.count++;
    else if (this.#problems.size === MOST_SORTS) this.#unlisted++;
    else this.#problems.set(key, { ...found, count: 1, first: first?.() });
  }

  report(): Pick<PlanCheckReport, "problems" | "unlisted"> {
    return { problems: [...this.#problems.values()].sort((a, b) => b.count - a.count), unlisted: this.#unlisted };
  }
}

interface Volume {
  min?: number;
  max?: number;
  byDay: Map<string, number>;
}

/** How many events of each planned name came on each day. */
class Volumes {
  readonly #volumes = new Map<string, Volume>();
  #firstMs = Infinity;
  #lastMs = -Infinity;

  constructor(definitions: readonly PlanDefinition[]) {
    for (const { kind, name, fields: { volume } } of definitions) {
      if (kind === "events" && isObject(volume)) {
        this.#volumes.set(name, { min: numberOf(volume.min), max: numberOf(volume.max), byDay: new Map() });
      }
    }
  }

  add(event: string, timeMs: number | undefined): void {
    if (timeMs === undefined || this.#volumes.size === 0) return;
    this.#firstMs = Math.min(this.#firstMs, timeMs);
    this.#lastMs = Math.max(this.#lastMs, timeMs);
    const days = this.#volumes.get(event)?.byDay;
    const day = isoDay(timeMs);
    days?.set(day, (days.get(day) ?? 0) + 1);
  }

  *problems(): Generator<Omit<EventViolation, "kind"> & { kind: "volume" }, void> {
    for (const day of daysBetween(this.#firstMs, this.#lastMs)) {
      for (const [event, { min = 0, max = Infinity, byDay }] of this.#volumes) {
        const count = byDay.get(day) ?? 0;
        const limit = count < min ? `at least ${min}` : count > max ? `at most ${max}` : undefined;
        if (limit !== undefined) {
          yield { kind: "volume", event, problem: `came ${count} times on ${day}; the plan has ${limit} a day` };
        }
      }
    }
  }
}

const numberOf = (value: unknown): number | undefined => value === undefined ? undefined : Number(value);
const DAY_MS = 86_400_000;

function* daysBetween(firstMs: number, lastMs: number): Generator<string, void> {
  for (let at = Math.floor(firstMs / DAY_MS) * DAY_MS; at <= lastMs; at += DAY_MS) yield isoDay(at);
}

/** The values of a block with their places; blank lines are no records. */
function* recordsOf(block: RecordBlock): Generator<{ value: unknown; place(): string }, void> {
  const { source } = block;
  if (block.kind === "values") {
    for (const [index, value] of block.values.entries()) {
      yield { value, place: () => `${source.name}:${block.lineNumbers[index]}` };
    }
    return;
  }
  const decoder = new TextDecoder();
  for (const [index, line] of block.lines.entries()) {
    const text = decoder.decode(line);
    if (text.trim() === "") continue;
    yield { value: parsed(text), place: () => `${source.name}:${block.firstLine + index}` };
  }
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    return UnreadableRecord.ofJson(error, text);
  }
}
