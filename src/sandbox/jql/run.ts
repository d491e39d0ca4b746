/** Runs a JQL script: it plans in the interpreter, the sandbox pushes what it asks for through, batch by batch. */
import { ZoneClock } from "../../expressions/moment.ts";
import { parseJson, stringifyJson } from "../../streams/json/json.ts";
import type { SandboxCall } from "../call.ts";
import { wait } from "../fault_stream.ts";
import { storedZone } from "../ingestion/event_time.ts";
import type { Profile } from "../store/profiles.ts";
import { Interpreter, type ScriptLimits } from "./interpreter.ts";
import { eventItem, eventsOf, pairFilter, peopleOf, userItem } from "./items.ts";
import type { JoinSource, JqlSource } from "./prelude/source.ts";

/** Items in a batch: the sandbox answers others between two of them. */
const BATCH_ITEMS = 1000;

/**
 * Returns the script's result as JSON text. `params` is JSON text.
 *
 * @throws ScriptError when the script fails, and ExpressionError for a bad selector.
 */
export async function runScript(
  call: SandboxCall,
  query: { script: string; params: string },
  limits: ScriptLimits,
): Promise<string> {
  const interpreter = await Interpreter.start(limits);
  try {
    return await run(call, query, interpreter);
  } finally {
    interpreter.close();
  }
}

async function run(
  call: SandboxCall,
  { script, params }: { script: string; params: string },
  interpreter: Interpreter,
): Promise<string> {
  const { PRELUDE } = await import("./prelude.generated.ts");
  const prelude = interpreter.evaluateModule(PRELUDE, "sandbox:prelude");
  const engine = interpreter.call(interpreter.property(prelude, "start"), interpreter.number(call.nowMs));
  interpreter.define("params", params);

  interpreter.evaluate(script, "script");
  // A constant is a main() too, and no property of the global object.
  const main = interpreter.evaluate("typeof main === 'undefined' ? undefined : main", "script");
  const plan = interpreter.call(interpreter.property(engine, "plan"), main);
  const source = parseJson(interpreter.textOf(plan)) as JqlSource;

  const printed: string[] = [];
  const isPair = source.kind === "join";
  const push = interpreter.method(engine, isPair ? "pushPairs" : "push");
  for (const batch of isPair ? pairBatches(call, source) : itemBatches(call, source)) {
    printed.push(push(batch));
    await wait(0);
  }
  printed.push(interpreter.method(engine, "end")());
  return `[${printed.filter((text) => text !== "").join()}]`;
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
