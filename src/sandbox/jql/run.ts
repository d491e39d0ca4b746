/** Runs a JQL script: it plans in its thread, the sandbox pushes what it asks for through, batch by batch. */
import { ZoneClock } from "../../expressions/moment.ts";
import { parseJson, stringifyJson } from "../../streams/json/json.ts";
import type { SandboxCall } from "../call.ts";
import { storedZone } from "../ingestion/event_time.ts";
import type { Profile } from "../store/profiles.ts";
import { eventItem, eventsOf, pairFilter, peopleOf, userItem } from "./items.ts";
import type { JoinSource, JqlSource } from "./prelude/source.ts";
import type { ScriptLimits } from "./script.ts";
import { withScript } from "./script_thread.ts";

/** Items in a batch: the sandbox answers others between two of them. */
const BATCH_ITEMS = 1000;

/**
 * Returns the script's result as JSON text. `params` is JSON text.
 *
 * @throws ScriptError when the script fails, and ExpressionError for a bad selector.
 */
export function runScript(
  call: SandboxCall,
  query: { script: string; params: string },
  limits: ScriptLimits,
): Promise<string> {
  return withScript(limits, async (ask) => {
    const source = parseJson(await ask({ kind: "start", ...query, nowMs: call.nowMs, limits })) as JqlSource;
    const printed: string[] = [];
    for (const items of source.kind === "join" ? pairBatches(call, source) : itemBatches(call, source)) {
      printed.push(await ask({ kind: "push", items }));
    }
    printed.push(await ask({ kind: "end" }));
    return `[${printed.filter((text) => text !== "").join()}]`;
  });
}

/** As JSON text. Nearly nothing has integers beyond 2^53, and to look for them takes twice as long as all else. */
function textOf(batch: object): string {
  try {
    return JSON.stringify(batch);
  } catch (error) {
    // A bigint is what JSON.stringify does not take.
    if (!(error instanceof TypeError)) throw error;
    return stringifyJson(batch);
  }
}

/** Lists of events or profiles, as JSON text. */
function* itemBatches(call: SandboxCall, source: Exclude<JqlSource, JoinSource>): Generator<string, void> {
  let batch: object[] = [];
  for (const item of itemsOf(call, source)) {
    if (batch.push(item) < BATCH_ITEMS) continue;
    yield textOf(batch);
    batch = [];
  }
  if (batch.length > 0) yield textOf(batch);
}

function* itemsOf(call: SandboxCall, source: Exclude<JqlSource, JoinSource>): Generator<object, void> {
  if (source.kind === "people") {
    for (const profile of peopleOf(call, source)) yield userItem(profile);
    return;
  }
  const clock = new ZoneClock(storedZone(call.project));
  for (const event of eventsOf(call, source)) yield eventItem(event, clock);
}

/** Users that are new, and pairs; as JSON text. A user goes over once, however many events there are. */
function* pairBatches(call: SandboxCall, source: JoinSource): Generator<string, void> {
  const { type } = source;
  const clock = new ZoneClock(storedZone(call.project));
  const people = new Map([...peopleOf(call, source.people)].map((profile) => [profile.distinctId, profile]));
  const accepts = pairFilter(call, source);
  const sent = new Set<string>();
  let users: Profile[] = [];
  let pairs: object[] = [];
  const add = (distinctId: string, event?: object) => {
    const user = people.get(distinctId);
    if (user !== undefined && !sent.has(distinctId)) users.push(user);
    sent.add(distinctId);
    pairs.push({ distinct_id: distinctId, event });
  };
  const text = () => {
    const whole = textOf({ users: users.map(userItem), pairs });
    [users, pairs] = [[], []];
    return whole;
  };
  const withEvents = new Set<string>();
  for (const event of eventsOf(call, source.events)) {
    const user = people.get(event.distinctId);
    withEvents.add(event.distinctId);
    if (user === undefined && (type === "inner" || type === "right")) continue;
    if (accepts?.(event, user?.properties) === false) continue;
    add(event.distinctId, eventItem(event, clock));
    if (pairs.length >= BATCH_ITEMS) yield text();
  }
  for (const [distinctId, { properties }] of type === "full" || type === "right" ? people : []) {
    if (withEvents.has(distinctId) || accepts?.(undefined, properties) === false) continue;
    add(distinctId);
    if (pairs.length >= BATCH_ITEMS) yield text();
  }
  if (pairs.length > 0) yield text();
}
