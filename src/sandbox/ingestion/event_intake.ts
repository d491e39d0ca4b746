/** Stores the events of one request: all of them when it is good, or none. */
import type { SandboxCall } from "../call.ts";
import type { ProjectEvents } from "../store/project_events.ts";
import { eventRow, type Intake, newInsertId, serverProperties } from "./event_row.ts";
import { storedTimeMs } from "./event_time.ts";
import { OrdinaryEvents } from "./ordinary_event.ts";
import { Refusal } from "../refusal.ts";
import { simplifiedMembers } from "./identity.ts";
import type { SentEvent } from "./record.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export class EventIntake {
  readonly #ordinary: OrdinaryEvents;
  /** Where events have been added, by project. */
  readonly #begun = new Map<number, ProjectEvents>();
  /** Events that their project throws away: they are taken, and not stored. */
  #thrownAway = 0;

  /** @param mostEvents how many the request can have */
  constructor(private readonly call: SandboxCall, private readonly mostEvents: number) {
    this.#ordinary = OrdinaryEvents.of(call.store.events.spans);
  }

  scan(bytes: Uint8Array, start: number): number {
    return this.call.store.events.spans.scan(bytes, start);
  }

  /** The token of the event that was scanned last, if it is a text. */
  token(): string | undefined {
    const { spans } = this.call.store.events;
    return spans.textOf(spans.tokenKey, decoder);
  }

  /** What is known of the event that was scanned last, if it is an ordinary one. */
  ordinary(bytes: Uint8Array, start: number, end: number, { project, rules }: Intake): OrdinaryEvents | undefined {
    // Its properties have to be looked at.
    if (rules !== undefined) return undefined;
    return this.#ordinary.isOrdinary(bytes, start, end, project.identity === "simplified") ? this.#ordinary : undefined;
  }

  /** Adds the event that was scanned last, which is an ordinary one. */
  addScanned(timeMs: number, intake: Intake): void {
    const needsId = intake.endpoint === "track" && !this.#ordinary.hasInsertId;
    const isSimplified = intake.project.identity === "simplified";
    const members = needsId || isSimplified || intake.addServerProperties
      ? membersOf({
        ...(isSimplified && simplifiedMembers({ distinct_id: this.#distinctId() })),
        ...(needsId && { $insert_id: newInsertId() }),
        ...serverProperties(intake),
      })
      : undefined;
    this.#events(intake).addScanned(storedTimeMs(timeMs, intake.project), members);
  }

  #distinctId(): string | undefined {
    const { spans } = this.call.store.events;
    return spans.textOf(spans.distinctIdKey, decoder);
  }

  /** Adds an event that was parsed, unless its project throws it away. */
  add(event: SentEvent, intake: Intake): void {
    const admitted = intake.rules === undefined ? event : intake.rules.admit(event);
    if (admitted === undefined) this.#thrownAway++;
    else this.#events(intake).add(eventRow(admitted, intake));
  }

  #events({ project: { id } }: Intake): ProjectEvents {
    let events = this.#begun.get(id);
    if (events === undefined) {
      this.#requireRoom();
      this.#begun.set(id, events = this.call.store.events.of(id));
      events.begin(this.mostEvents);
    }
    return events;
  }

  /** @throws Refusal 403, which no client repeats, when there are as many events as there may be. */
  #requireRoom(): void {
    const { store, services: { settings: { mostEvents } } } = this.call;
    if (store.events.loaded < mostEvents) return;
    throw new Refusal(403, `the sandbox has ${mostEvents} events, as many as --max-events lets it keep`);
  }

  discard(): void {
    this.#thrownAway = 0;
    for (const events of this.#begun.values()) events.discard();
  }

  /** How many events have been taken. */
  commit(): number {
    let count = this.#thrownAway;
    this.call.outcome.throwAway(count);
    for (const [projectId, events] of this.#begun) {
      const arrived = events.commit();
      count += arrived.count;
      this.call.outcome.store({ projectId, ...arrived }, events.namesOf(arrived));
    }
    return count;
  }
}

/** The JSON text between the braces. */
function membersOf(properties: Record<string, unknown>): string {
  return JSON.stringify(properties).slice(1, -1);
}
