/** `/track`: events as they happen, from anyone who knows a project's token. */
import { sha256Hex } from "../../runtime/hash.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { anyone } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import type { SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import type { Project } from "../store/projects.ts";
import { ingestionSurface } from "../surfaces.ts";
import { EventIntake } from "./event_intake.ts";
import type { Intake } from "./event_row.ts";
import { eventTimeMs } from "./event_time.ts";
import { joinIdentities } from "./identity.ts";
import { ingestionRules } from "./ingestion_rules.ts";
import { type Payload, readPayload } from "./payload.ts";
import { type SentEvent, sentEvent } from "./record.ts";
import { reply } from "./reply.ts";
import { type RecordTaker, takeRecords } from "./sent_records.ts";
import { planRefusal } from "./tracking_plan.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const MOST_EVENTS = 2000;
const FIVE_DAYS_MS = 5 * 24 * 3_600_000;

export const trackEndpoints: SandboxEndpoint[] = [
  { methods: ["GET", "POST"], path: "/track", surface: ingestionSurface, access: anyone, respond: track },
];

async function track(call: SandboxCall): Promise<Response> {
  const payload = await readPayload(call);
  const { controls } = payload;
  if (payload.bytes.length === 0) return reply(call, controls, "data, missing or empty");
  // An address stands in for a missing id only when the sender asks for it.
  const intake = new TrackIntake(call, payload, controls.isOn("ip") ? hashOf(call.remoteAddress) : undefined);
  try {
    takeRecords(payload, intake);
  } catch (error) {
    intake.discard();
    if (!(error instanceof SyntaxError)) throw error;
    return reply(call, controls, "data, invalid JSON");
  }
  if (intake.count > MOST_EVENTS) {
    intake.discard();
    return reply(call, controls, `data, must not hold more than ${MOST_EVENTS} events`);
  }
  if (intake.unknownToken) {
    intake.discard();
    throw new Refusal(401, "token, no such project");
  }
  intake.commit();
  // One good event makes the answer a good one; the others' fate is not told.
  return reply(call, controls, intake.accepted > 0 ? undefined : intake.problems[0] ?? "data, missing or empty");
}

class TrackIntake implements RecordTaker {
  count = 0;
  accepted = 0;
  /** Whether there was a token of no project where these are refused. */
  unknownToken = false;
  problems: string[] = [];
  #drops: string[] = [];
  /** Stored events that may join ids, by project. */
  #taken = new Map<Project, SentEvent[]>();
  readonly #events: EventIntake;
  readonly #intakes = new Map<string, Intake | undefined>();

  constructor(private readonly call: SandboxCall, payload: Payload, private readonly senderId: string | undefined) {
    this.#events = new EventIntake(call, payload, MOST_EVENTS);
  }

  scan(bytes: Uint8Array, start: number): number {
    return this.#events.scan(bytes, start);
  }

  scanned(bytes: Uint8Array, start: number, end: number): void {
    const { nowMs } = this.call;
    const token = this.#events.token();
    const intake = token === undefined ? undefined : this.#intakeOf(token);
    const ordinary = intake && this.#events.ordinary(bytes, start, end, intake);
    const timeMs = ordinary?.hasTime ? ordinary.timeMs : nowMs;
    const isGood = timeMs >= nowMs - FIVE_DAYS_MS && timeMs <= nowMs;
    if (intake === undefined || ordinary === undefined || !isGood) {
      return this.text(decoder.decode(bytes.subarray(start, end)));
    }
    if (++this.count > MOST_EVENTS) return;
    this.accepted++;
    this.#events.addScanned(timeMs, intake);
  }

  text(text: string): void {
    const event = sentEvent(text);
    if (++this.count > MOST_EVENTS) return;
    const problem = problemOf(event, this.call.nowMs) ??
      planRefusal(event, this.call.services.settings.trackingPlan);
    if (problem !== undefined) {
      this.problems.push(problem);
      return;
    }
    this.accepted++;
    const token = event.properties!.token as string;
    const intake = this.#intakeOf(token);
    // Mixpanel takes events of an unknown token, and drops them.
    if (intake === undefined) {
      this.#drops.push(token);
      this.unknownToken ||= this.call.services.settings.strictTokens;
    } else if (!event.properties!.$ignore) {
      this.#events.add(event, intake);
      const taken = this.#taken.get(intake.project) ?? [];
      this.#taken.set(intake.project, taken);
      taken.push(event);
    }
  }

  startOver(): void {
    this.discard();
    this.count = this.accepted = 0;
    this.unknownToken = false;
    this.problems = [];
    this.#drops = [];
    this.#taken = new Map();
  }

  discard(): void {
    this.#events.discard();
  }

  commit(): void {
    const { outcome, store } = this.call;
    this.#events.commit();
    for (const problem of this.problems) outcome.refuse(problem);
    for (const token of this.#drops) outcome.drop(token);
    for (const [project, taken] of this.#taken) joinIdentities(store, project, taken, "track");
  }

  /** What happens to the events of a token; undefined when no project has it. */
  #intakeOf(token: string): Intake | undefined {
    if (this.#intakes.has(token)) return this.#intakes.get(token);
    const { nowMs, store, services } = this.call;
    const project = store.projects.projectByToken(token);
    const intake: Intake | undefined = project && {
      project,
      nowMs,
      endpoint: "track",
      addServerProperties: services.settings.addServerProperties,
      clampsFuture: true,
      senderId: this.senderId,
      rules: ingestionRules(store, project, nowMs),
      plan: services.settings.trackingPlan,
    };
    this.#intakes.set(token, intake);
    return intake;
  }
}

function problemOf({ value, event, properties }: SentEvent, nowMs: number): string | undefined {
  if (!isObject(value)) return "data, must be an object or a list of objects";
  if (typeof event !== "string" || event === "") return "event, missing";
  if (properties === undefined) return "properties, missing or empty";
  if (typeof properties.token !== "string" || properties.token === "") return "token, missing or empty";
  if (properties.time === undefined || properties.time === null) return undefined;
  const timeMs = eventTimeMs(properties.time);
  if (timeMs === undefined) return "time, must be specified as seconds since epoch";
  return timeMs < nowMs - FIVE_DAYS_MS ? "time, must be within the last 5 days" : undefined;
}

/** An id that says nothing of the address it was made from. */
export function hashOf(remoteAddress: string): string {
  return sha256Hex(remoteAddress).slice(0, 16);
}
