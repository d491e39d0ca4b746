/** `/api/2.0/nessie/pipeline/…`: scheduled exports. They move through their states, and export nothing. */
import { isoDay, isoSeconds } from "../../streams/iso_time.ts";
import type { Stored } from "../app/collection.ts";
import { projectReader } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { pipelinesSurface } from "../surfaces.ts";
import { createPipeline } from "./create.ts";
import { isPaused, PIPELINE, type Pipeline, type PipelineTask, tasksOf } from "./pipelines.ts";

const read = { methods: ["GET"], surface: pipelinesSurface, access: projectReader } as const;
const write = { methods: ["POST"], surface: pipelinesSurface, access: projectReader } as const;

export const pipelineEndpoints: SandboxEndpoint[] = [
  { ...read, path: "/jobs", respond: jobs },
  { ...read, path: "/status", respond: status },
  { ...read, path: "/timeline", respond: timeline },
  { ...write, path: "/create", respond: createPipeline },
  { ...write, path: "/edit", respond: edit },
  { ...write, path: "/cancel", respond: cancel },
  { ...write, path: "/pause", respond: pause },
  { ...write, path: "/resume", respond: resume },
];

function jobs(call: SandboxCall): Response {
  const listed = allOf(call).filter(({ body }) => body.canceledMs === undefined).map(({ body }) => {
    const done = tasksOf(body, call.nowMs).filter(({ runMs }) => runMs <= call.nowMs);
    const last = done[done.length - 1];
    return {
      name: body.name,
      Dispatcher: last === undefined || last.day < isoDay(call.nowMs - 86_400_000) ? "backfill" : "live",
      last_dispatched: last === undefined ? "" : `${spacedTime(last.runMs)} UTC`,
      frequency: body.frequency,
      sync_enabled: String(body.settings.schema_type !== undefined && body.settings.schema_type !== null),
    };
  });
  return jsonAnswer({ [call.project.id]: listed });
}

async function edit(call: SandboxCall): Promise<Response> {
  const fields = await call.fields();
  const { id, body } = await named(call);
  const settings = { ...body.settings };
  const events = fields.all("events");
  if (events.length > 0) settings.events = events;
  for (const name of ["where", "glue_database", "glue_role", "glue_table_prefix"]) {
    settings[name] = fields.text(name) ?? settings[name];
  }
  return save(call, id, { ...body, settings });
}

async function cancel(call: SandboxCall): Promise<Response> {
  const { id, body } = await named(call);
  return save(call, id, { ...body, canceledMs: call.nowMs });
}

async function pause(call: SandboxCall): Promise<Response> {
  const { id, body } = await named(call);
  if (isPaused(body)) return nothing();
  return save(call, id, { ...body, pauses: [...body.pauses, { fromMs: call.nowMs }] });
}

async function resume(call: SandboxCall): Promise<Response> {
  const { id, body } = await named(call);
  if (!isPaused(body)) return nothing();
  const pauses = body.pauses.map((one) => ({ ...one, toMs: one.toMs ?? call.nowMs }));
  return save(call, id, { ...body, pauses });
}

const FILTERS = ["pending", "running", "retried", "failed", "canceled", "timed_out"];

async function status(call: SandboxCall): Promise<Response> {
  const fields = await call.fields();
  const { body } = await named(call, true);
  const wanted = fields.all("status").flatMap((text) => text.split(","));
  const unknown = wanted.find((one) => !FILTERS.includes(one));
  if (unknown !== undefined) throw new Refusal(400, `Invalid parameter status: '${unknown}'`);
  const byState: Record<string, unknown[]> = wanted.length > 0
    ? Object.fromEntries(wanted.map((one) => [one, []]))
    : { canceled: [], retried: [], succeeded: [] };
  for (const task of tasksOf(body, call.nowMs)) {
    if (wanted.length > 0 && !wanted.includes(task.state)) continue;
    (byState[task.state] ??= []).push(describe(call, body, task));
  }
  if (fields.text("summary") !== "true") return jsonAnswer(byState);
  return jsonAnswer(Object.fromEntries(Object.entries(byState).map(([state, tasks]) => [state, tasks.length])));
}

async function timeline(call: SandboxCall): Promise<Response> {
  const name = (await call.fields()).text("name");
  const chosen = name === undefined ? allOf(call).map(({ body }) => body) : [(await named(call, true)).body];
  const syncs = new Map<string, string[]>();
  for (const pipeline of chosen) {
    for (const { day, state, endMs } of tasksOf(pipeline, call.nowMs)) {
      if (state !== "canceled") {
        syncs.set(day, [...syncs.get(day) ?? [], ...state === "succeeded" ? [goTime(endMs)] : []]);
      }
    }
  }
  const days = [...syncs].sort(([a], [b]) => a < b ? -1 : 1);
  return jsonAnswer({
    day_syncs: days.map(([date, sync_times]) => ({
      date,
      sync_times,
      status: sync_times.length > 0 ? "synced" : "pending",
    })),
  });
}

function describe(
  call: SandboxCall,
  { name }: Pipeline,
  { day, state, runMs, endMs }: PipelineTask,
): Record<string, unknown> {
  const isOver = state === "succeeded";
  return {
    project_id: call.project.id,
    name,
    state,
    last_finish: isOver ? isoSeconds(endMs) : "0001-01-01T00:00:00",
    run_at: Number.isFinite(runMs) ? isoSeconds(runMs) : "",
    from_date: `${day}T00:00:00`,
    to_date: `${day}T00:00:00`,
  };
}

function allOf(call: SandboxCall): Stored<Pipeline>[] {
  return call.store.savedObjects.list<Pipeline>(call.project.id, PIPELINE);
}

/** The latest pipeline of a name; one that was cancelled can only be looked at. */
async function named(call: SandboxCall, alsoCanceled = false): Promise<Stored<Pipeline>> {
  const name = (await call.fields()).requiredText("name");
  const found = allOf(call).filter(({ body }) => body.name === name && (alsoCanceled || body.canceledMs === undefined));
  const last = found[found.length - 1];
  if (last === undefined) throw new Refusal(404, `pipeline ${name} not found`);
  return last;
}

function save(call: SandboxCall, id: number, pipeline: Pipeline): Response {
  call.store.savedObjects.put(call.project.id, PIPELINE, id, pipeline);
  return nothing();
}

/** Changes are answered with 200 and no body. */
function nothing(): Response {
  return new Response(null, { status: 200 });
}

/** `2026-08-01 13:00:00`. */
function spacedTime(timeMs: number): string {
  return isoSeconds(timeMs).replace("T", " ");
}

/** As Go prints a time. */
function goTime(timeMs: number): string {
  return `${spacedTime(timeMs)}.000000 +0000 UTC`;
}
