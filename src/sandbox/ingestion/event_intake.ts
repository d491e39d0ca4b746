/** Stores the events of one request: all of them when it is good, or none. */
import type { SandboxCall } from "../call.ts";
import type { SentBody } from "../store/open_texts.ts";
import type { ProjectEvents } from "../store/project_events.ts";
import { ShardedRows } from "./hot_shards.ts";
import { eventRow, type Intake, newInsertId, serverProperties } from "./event_row.ts";
import { storedTimeMs } from "./event_time.ts";
import { OrdinaryEvents } from "./ordinary_event.ts";
import { Refusal } from "../refusal.ts";
import { simplifiedMembers } from "./identity.ts";
import type { Payload } from "./payload.ts";
import type { SentEvent } from "./record.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export class EventIntake {
  readonly #ordinary: OrdinaryEvents;
  readonly #sent: SentBody | undefined;
  /** Where events have been added, by project. */
  readonly #begun = new Map<number, ProjectEvents>();
  /** Events that their project throws away: they are taken, and not stored. */
  #thrownAway = 0;
  /** Where events of one id are counted. */
  readonly #sharded: ShardedRows | undefined;

  /** @param mostEvents how many the request can have */
  constructor(private readonly call: SandboxCall, payload: Payload, private readonly mostEvents: number) {
    const { bytes, packed } = payload;
    this.#sent = packed && { bytes, packed };
    this.#ordinary = OrdinaryEvents.of(call.store.events.spans);
    const { settings: { hotShardEvents }, hotShards } = call.services;
    if (hotShardEvents !== undefined) this.#sharded = new ShardedRows(hotShards, hotShardEvents);
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
  ordinary(
    bytes: Uint8Array,
    start: number,
    end: number,
    { project, rules, plan }: Intake,
  ): OrdinaryEvents | undefined {
    // Its properties have to be looked at.
    if (rules !== undefined || plan !== undefined || this.#sharded !== undefined) return undefined;
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
    if (admitted === undefined) {
      this.#thrownAway++;
      return;
    }
    const row = eventRow(admitted, intake);
    const rows = this.#sharded?.rowsOf(intake.project.id, row) ?? [row];
    for (const one of rows) this.#events(intake).add(one);
  }

  #events({ project: { id } }: Intake): ProjectEvents {
    let events = this.#begun.get(id);
    if (events === undefined) {
      this.#requireRoom();
      this.#begun.set(id, events = this.call.store.events.of(id));
      // One of each two may be a record of a hot shard.
      events.begin(this.#sharded === undefined ? this.mostEvents : 2 * this.mostEvents, this.#sent);
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
    this.#sharded?.discard();
  }

  /** How many events have been taken of those that were sent. */
  commit(): number {
    this.call.outcome.throwAway(this.#thrownAway);
    let count = this.#thrownAway - (this.#sharded?.records ?? 0);
    this.#sharded?.commit();
    for (const [projectId, events] of this.#begun) {
      const arrived = events.commit();
      count += arrived.count;
      this.call.outcome.store({ projectId, ...arrived }, events.namesOf(arrived));
    }
    this.call.store.events.fillWhenIdle();
    return count;
  }
}

/** The JSON text between the braces. */
function membersOf(properties: Record<string, unknown>): string {
  return JSON.stringify(properties).slice(1, -1);
}
