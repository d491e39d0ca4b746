/** `/import`: events of any age, checked one by one when `strict` is on. The Node SDK sends single ones by GET. */
import { projectWriter } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint, textAnswer } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { Refusal } from "../refusal.ts";
import { strictIngestionSurface } from "../surfaces.ts";
import { EventIntake } from "./event_intake.ts";
import type { Intake } from "./event_row.ts";
import { breachOf, FIRST_MS } from "./event_rules.ts";
import { IDENTITY_EVENT_NAMES, joinIdentities } from "./identity.ts";
import { ingestionRules } from "./ingestion_rules.ts";
import { type Payload, readPayload } from "./payload.ts";
import { type SentEvent, sentEvent } from "./record.ts";
import { type RecordTaker, takeRecords } from "./sent_records.ts";
import { hashOf } from "./track.ts";
import { planRefusal, type TrackingPlan } from "./tracking_plan.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
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
  try {
    return await importBody(call);
  } finally {
    await call.releaseBody();
  }
}

async function importBody(call: SandboxCall): Promise<Response> {
  const payload = await readPayload(call);
  const isStrict = payload.controls.isOn("strict");
  const intake = new ImportIntake(call, payload, isStrict);
  try {
    takeRecords(payload, intake);
    if (intake.count === 0) return emptyAnswer(payload, isStrict);
    if (intake.count > MOST_EVENTS) throw new Refusal(400, `request exceeds max limit of ${MOST_EVENTS} events`);
    if (intake.hasForbidden) throw identityRefusal();
  } catch (error) {
    intake.discard();
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refusal(400, "request body is not valid JSON");
  }
  const { failures, taken } = intake;
  const arrived = intake.commit();
  for (const { message } of failures) call.outcome.refuse(message);
  joinIdentities(call.store, call.project, taken, "import");
  if (!isStrict) return lenientAnswer(payload, arrived, failures.length);
  if (failures.length === 0) return jsonAnswer({ code: 200, num_records_imported: arrived, status: "OK" });
  // Valid events are in, although the status says 400.
  throw new Refusal(400, INVALID, { fields: { failed_records: failures, num_records_imported: arrived } });
}

/** Parts the events that can be stored from those that cannot. */
class ImportIntake implements RecordTaker {
  count = 0;
  /** Whether there are events that join ids, of which a simplified project takes none. */
  hasForbidden = false;
  failures: Failure[] = [];
  /** Stored events that may join ids. */
  taken: SentEvent[] = [];
  readonly #events: EventIntake;
  readonly #intake: Intake;
  readonly #isSimplified: boolean;

  constructor(call: SandboxCall, private readonly payload: Payload, private readonly isStrict: boolean) {
    this.#events = new EventIntake(call, payload, MOST_EVENTS);
    this.#isSimplified = call.project.identity === "simplified";
    this.#intake = {
      project: call.project,
      nowMs: call.nowMs,
      endpoint: "import",
      addServerProperties: call.services.settings.addServerProperties,
      clampsFuture: !isStrict,
      senderId: hashOf(call.remoteAddress),
      rules: ingestionRules(call.store, call.project, call.nowMs),
      plan: call.services.settings.trackingPlan,
    };
  }

  scan(bytes: Uint8Array, start: number): number {
    return this.#events.scan(bytes, start);
  }

  scanned(bytes: Uint8Array, start: number, end: number): void {
    const ordinary = this.#events.ordinary(bytes, start, end, this.#intake);
    const timeMs = ordinary?.hasInsertId ? ordinary.timeMs : NaN;
    const isGood = timeMs >= FIRST_MS && timeMs <= this.#intake.nowMs && !this.payload.hasBadBytes;
    if (!isGood) return this.text(decoder.decode(bytes.subarray(start, end)));
    if (++this.count <= MOST_EVENTS) this.#events.addScanned(timeMs, this.#intake);
  }

  text(text: string): void {
    const event = sentEvent(text);
    const index = this.count++;
    if (index >= MOST_EVENTS) return;
    const { nowMs } = this.#intake;
    const isSimplified = this.#isSimplified;
    if (this.isStrict && isSimplified && IDENTITY_EVENT_NAMES.has(event.event)) this.hasForbidden = true;
    const breach =
      (this.isStrict
        ? breachOf(event, { nowMs, isSimplified, hasBadBytes: this.payload.hasBadBytes })
        : lenientBreach(event)) ?? planBreach(event, this.#intake.plan);
    if (breach !== undefined) {
      this.failures.push({ index, insert_id: String(event.properties?.$insert_id ?? ""), ...breach });
    } else if (!event.properties!.$ignore) {
      this.#events.add(event, this.#intake);
      this.taken.push(event);
    }
  }

  startOver(): void {
    this.discard();
    this.count = 0;
    this.hasForbidden = false;
    this.failures = [];
    this.taken = [];
  }

  discard(): void {
    this.#events.discard();
  }

  /** How many have been stored. */
  commit(): number {
    return this.#events.commit();
  }
}

function planBreach(event: SentEvent, plan: TrackingPlan | undefined): { field: string; message: string } | undefined {
  const message = planRefusal(event, plan);
  return message === undefined ? undefined : { field: "event", message };
}

/** Without `strict`, whatever can be stored is. */
function lenientBreach({ event, properties }: SentEvent): { field: string; message: string } | undefined {
  const isStorable = typeof event === "string" && event !== "" && properties !== undefined;
  return isStorable ? undefined : { field: "event", message: "'event' must not be missing or blank" };
}

/** The rows of such a batch are refused together, and reported in plain text. */
function identityRefusal(): Refusal {
  const text = "identity events are not allowed when project is using simplified identity management";
  return new Refusal(400, INVALID, { fields: { failed_records: [text], num_records_imported: 0 } });
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
