/** `/import`: events of any age, checked one by one when `strict` is on. The Node SDK sends single ones by GET. */
import { projectWriter } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint, textAnswer } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { Refusal } from "../refusal.ts";
import type { EventRow } from "../store/events.ts";
import { strictIngestionSurface } from "../surfaces.ts";
import { eventRow } from "./event_row.ts";
import { breachOf } from "./event_rules.ts";
import { IDENTITY_EVENT_NAMES, joinIdentities } from "./identity.ts";
import { type Payload, readPayload } from "./payload.ts";
import { type SentEvent, sentEvent, sentEvents } from "./record.ts";
import { hashOf } from "./track.ts";

const MOST_EVENTS = 2000;
const INVALID = "some data points in the request failed validation";

export const importEndpoints: SandboxEndpoint[] = [{
  methods: ["GET", "POST"],
  path: "/import",
  surface: strictIngestionSurface,
  access: projectWriter,
  quota: "ingestion",
  mostBodyBytes: ({ settings }) => settings.importMaxBytes,
  respond: importEvents,
}];

interface Failure {
  index: number;
  insert_id: string;
  field: string;
  message: string;
}

async function importEvents(call: SandboxCall): Promise<Response> {
  const payload = await readPayload(call);
  const isStrict = payload.controls.isOn("strict");
  const events = readEvents(payload);
  if (events.length === 0) return emptyAnswer(payload, isStrict);
  if (events.length > MOST_EVENTS) throw new Refusal(400, `request exceeds max limit of ${MOST_EVENTS} events`);
  if (isStrict && call.project.identity === "simplified") refuseIdentityEvents(events);

  const { rows, taken, failures } = sort(events, call, isStrict, payload.hasBadBytes);
  call.store.events.append(call.project.id, rows);
  call.outcome.store(call.project.id, rows);
  joinIdentities(call.store, call.project, taken, "import");
  if (!isStrict) return lenientAnswer(payload, rows.length, failures.length);
  if (failures.length === 0) return jsonAnswer({ code: 200, num_records_imported: rows.length, status: "OK" });
  // Valid events are in, although the status says 400.
  throw new Refusal(400, INVALID, { fields: { failed_records: failures, num_records_imported: rows.length } });
}

function readEvents({ text, isLines }: Payload): SentEvent[] {
  try {
    if (!isLines) return text === "" ? [] : sentEvents(text);
    return text.split("\n").filter((line) => line.trim() !== "").map(sentEvent);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refusal(400, "request body is not valid JSON");
  }
}

/** Parts the events that can be stored from those that cannot. */
function sort(
  events: readonly SentEvent[],
  call: SandboxCall,
  isStrict: boolean,
  hasBadBytes: boolean,
): { rows: EventRow[]; taken: SentEvent[]; failures: Failure[] } {
  const { project, nowMs } = call;
  const isSimplified = project.identity === "simplified";
  const senderId = hashOf(call.remoteAddress);
  const { addServerProperties } = call.services.settings;
  const intake = {
    project,
    nowMs,
    endpoint: "import",
    addServerProperties,
    clampsFuture: !isStrict,
    senderId,
  } as const;
  const rows: EventRow[] = [];
  const taken: SentEvent[] = [];
  const failures: Failure[] = [];
  events.forEach((event, index) => {
    const breach = isStrict ? breachOf(event, { nowMs, isSimplified, hasBadBytes }) : lenientBreach(event);
    if (breach === undefined) {
      if (event.properties!.$ignore) return;
      rows.push(eventRow(event, intake));
      taken.push(event);
    } else {
      failures.push({ index, insert_id: String(event.properties?.$insert_id ?? ""), ...breach });
      call.outcome.refuse(breach.message);
    }
  });
  return { rows, taken, failures };
}

/** Without `strict`, whatever can be stored is. */
function lenientBreach({ event, properties }: SentEvent): { field: string; message: string } | undefined {
  const isStorable = typeof event === "string" && event !== "" && properties !== undefined;
  return isStorable ? undefined : { field: "event", message: "'event' must not be missing or blank" };
}

/** The rows of such a batch are refused together, and reported in plain text. */
function refuseIdentityEvents(events: readonly SentEvent[]): void {
  if (!events.some(({ event }) => IDENTITY_EVENT_NAMES.has(event))) return;
  const text = "identity events are not allowed when project is using simplified identity management";
  throw new Refusal(400, INVALID, { fields: { failed_records: [text], num_records_imported: 0 } });
}

/** Old SDKs send forms and expect the answers of `/track`. */
function lenientAnswer({ isForm, controls }: Payload, imported: number, failed: number): Response {
  if (isForm) return formAnswer(controls, imported > 0 || failed === 0 ? undefined : INVALID);
  const error = failed > 0 ? INVALID : null;
  return jsonAnswer({ code: 200, error, num_records_imported: imported, status: imported > 0 ? 1 : 0 });
}

function formAnswer(controls: Fields, problem: string | undefined): Response {
  const status = problem === undefined ? 1 : 0;
  return controls.isOn("verbose") ? jsonAnswer({ status, error: problem ?? null }) : textAnswer(String(status));
}

function emptyAnswer({ isForm, controls }: Payload, isStrict: boolean): Response {
  if (isForm && !isStrict) return formAnswer(controls, "data, missing or empty");
  throw new Refusal(400, "data, missing or empty");
}
