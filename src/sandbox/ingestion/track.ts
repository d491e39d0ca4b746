/** `/track`: events as they happen, from anyone who knows a project's token. */
import { sha256Hex } from "../../runtime/hash.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { anyone } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import type { SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import type { EventRow } from "../store/events.ts";
import type { Project } from "../store/projects.ts";
import { ingestionSurface } from "../surfaces.ts";
import { eventRow } from "./event_row.ts";
import { eventTimeMs } from "./event_time.ts";
import { joinIdentities } from "./identity.ts";
import { readPayload } from "./payload.ts";
import { type SentEvent, sentEvents } from "./record.ts";
import { reply } from "./reply.ts";

const MOST_EVENTS = 2000;
const FIVE_DAYS_MS = 5 * 24 * 3_600_000;

export const trackEndpoints: SandboxEndpoint[] = [
  { methods: ["GET", "POST"], path: "/track", surface: ingestionSurface, access: anyone, respond: track },
];

async function track(call: SandboxCall): Promise<Response> {
  const { text, controls } = await readPayload(call);
  if (text === "") return reply(call, controls, "data, missing or empty");
  let events: SentEvent[];
  try {
    events = sentEvents(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return reply(call, controls, "data, invalid JSON");
  }
  if (events.length > MOST_EVENTS) return reply(call, controls, `data, must not hold more than ${MOST_EVENTS} events`);
  // An address stands in for a missing id only when the sender asks for it.
  const senderId = controls.isOn("ip") ? hashOf(call.remoteAddress) : undefined;
  const intakes = new Map<number, { project: Project; rows: EventRow[]; taken: SentEvent[] }>();
  let problem: string | undefined;
  let accepted = 0;
  for (const event of events) {
    const problemHere = problemOf(event, call.nowMs);
    if (problemHere !== undefined) {
      problem ??= problemHere;
      call.outcome.refuse(problemHere);
      continue;
    }
    accepted++;
    const row = rowOf(event, call, senderId);
    if (row === undefined) continue;
    const { project } = row;
    const intake = intakes.get(project.id) ?? { project, rows: [], taken: [] };
    intakes.set(project.id, intake);
    intake.rows.push(row.row);
    intake.taken.push(event);
  }
  for (const { project, rows, taken } of intakes.values()) {
    call.store.events.append(project.id, rows);
    call.outcome.store(project.id, rows);
    joinIdentities(call.store, project, taken, "track");
  }
  // One good event makes the answer a good one; the others' fate is not told.
  return reply(call, controls, accepted > 0 ? undefined : problem ?? "data, missing or empty");
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

/** The row to store; none for an unknown token, whose events Mixpanel takes and drops, and for ignored events. */
function rowOf(
  event: SentEvent,
  call: SandboxCall,
  senderId: string | undefined,
): { project: Project; row: EventRow } | undefined {
  const { settings } = call.services;
  const token = event.properties!.token as string;
  const project = call.store.projects.projectByToken(token);
  if (project === undefined && settings.strictTokens) throw new Refusal(401, "token, no such project");
  if (project === undefined) call.outcome.drop(token);
  if (project === undefined || event.properties!.$ignore) return undefined;
  const row = eventRow(event, {
    project,
    nowMs: call.nowMs,
    endpoint: "track",
    addServerProperties: settings.addServerProperties,
    clampsFuture: true,
    senderId,
  });
  return { project, row };
}

/** An id that says nothing of the address it was made from. */
export function hashOf(remoteAddress: string): string {
  return sha256Hex(remoteAddress).slice(0, 16);
}
