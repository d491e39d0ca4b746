/** Sending events: `/track` for what happens now, `/import` for what has happened. */
import { z } from "zod";
import type { Client } from "../client/types.ts";
import { call, type CallOptions, type CallResult } from "./call.ts";
import { asBase64Form, type Operation, operation, post, type RecordEncoding } from "./operation.ts";
import { bit, text } from "./params.ts";
import { isTaken } from "./tracker_answer.ts";

/** Most events in one request, of either endpoint. */
export const MAX_EVENTS_PER_REQUEST = 2000;

/** Most bytes of events in one import, uncompressed: the published 10 MB, less a margin. */
export const MAX_IMPORT_BYTES = 9_500_000;

export const trackEvents = operation({
  id: "ingestion.track",
  summary: "send events as they happen",
  routes: [post("ingestion", "/track")],
  auth: [],
  token: "payload",
  body: { kind: "json", of: "events" },
  inQuery: ["verbose_answer", "ip", "strict", "test", "img", "callback", "redirect"],
  // With `img` or `callback` the answer is a picture or a script, and without `verbose` a bare 1.
  answer: "text",
  redirect: "redirect",
  isDone: isTaken,
  params: z.object({
    events: z.array(z.unknown()).min(1).max(MAX_EVENTS_PER_REQUEST),
    verbose_answer: bit("Answer with the reason of a refusal", { wire: "verbose" }).default(true),
    ip: bit("Use the sender's IP address as the user's location").default(false),
    strict: bit("Answer per record").optional(),
    test: bit("Send to a queue that is looked at at once").optional(),
    img: bit("Answer with a picture of one pixel").optional(),
    callback: text("Answer with a call of this script function", { placeholder: "NAME" }).optional(),
    redirect: text("Answer with a redirect to this address", { placeholder: "URL" }).optional(),
  }),
  result: z.string(),
});

const importAnswer = z.looseObject({
  code: z.number().optional(),
  num_records_imported: z.number().optional(),
  status: z.union([z.string(), z.number()]).optional(),
  error: z.string().nullish(),
});

export const importEvents = operation({
  id: "ingestion.import",
  summary: "import historical events",
  routes: [post("ingestion", "/import")],
  auth: ["service_account", "oauth", "project_secret", "project_token"],
  projectIn: "query",
  body: { kind: "ndjson", of: "events", gzip: true },
  inQuery: ["strict", "verbose_answer"],
  // Every record has an `$insert_id`, so that a second copy counts once.
  repeatable: true,
  params: z.object({
    /** Records, or lines that are JSON already and are sent as they are. */
    events: z.array(z.unknown()).min(1).max(MAX_EVENTS_PER_REQUEST),
    strict: bit("Check every record and answer which are refused").default(true),
    verbose_answer: bit("Without strict: answer how many were taken, instead of a bare 1", { wire: "verbose" })
      .optional(),
  }),
  // Without strict it may be a bare 1.
  result: z.union([importAnswer, z.literal(1).transform((status): z.output<typeof importAnswer> => ({ status }))]),
});

const lineBytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const importLines = { ...importEvents, params: importEvents.params.extend({ events: lineBytes }) };

export interface ImportLinesOptions extends CallOptions {
  /** How the request carries the events. Default `json`: as lines. */
  encoding?: RecordEncoding;
  /** Whether the server checks every record. Default true. */
  strict?: boolean;
}

/**
 * Imports events that are written already, one on each line, in one request. They are sent as they are.
 *
 * @throws RejectedRecordsError when the server refuses some of them.
 */
export function importEventLines(client: Client, lines: Uint8Array, options: ImportLinesOptions = {}) {
  const { encoding, strict, ...callOptions } = options;
  const verbose_answer = strict === false ? true : undefined;
  const declared = encoding === "form" ? asBase64Form(importLines as unknown as Operation) : importLines;
  return call(client, declared as typeof importLines, { events: lines, strict, verbose_answer }, callOptions);
}

/** An event as `/track` takes it; the token is added when it is sent. */
export interface TrackedEvent {
  event: string;
  properties: Record<string, unknown>;
}

/** What a request to `/track` has besides its events. */
export type TrackControls = Partial<Omit<z.input<typeof trackEvents.params>, "events">>;

export interface TrackOptions extends CallOptions, TrackControls {
  /** How the request carries the events. Default `json`. */
  encoding?: RecordEncoding;
}

/** Whether the answer is JSON, and not what a browser wants in its place. */
export function isPlainAnswer({ verbose_answer = true, img, callback, redirect }: TrackControls): boolean {
  return verbose_answer && !img && callback === undefined && redirect === undefined;
}

/**
 * Sends events in one request, each with the project's token unless it names one. Returns the server's answer.
 *
 * @throws MpError (auth) without a project token, (input) with the server's reason when it refuses the events.
 */
export async function track(
  client: Client,
  events: readonly TrackedEvent[],
  options: TrackOptions = {},
): Promise<CallResult<string>> {
  const { encoding, verbose_answer, ip, strict, test, img, callback, redirect, adjust, ...callOptions } = options;
  const controls = { verbose_answer, ip, strict, test, img, callback, redirect };
  const declared = encoding === "form" ? asBase64Form(trackEvents as unknown as Operation) : trackEvents;
  const answer = isPlainAnswer(controls) ? "json" : "text";
  const operation = { ...declared as typeof trackEvents, answer } as const;
  // A second copy counts once where both are the same moment's, and have one `$insert_id`.
  const repeatable = events.every(({ properties: { time, $insert_id: id } }) => time !== undefined && id !== undefined);
  return await call(client, operation, { events: [...events], ...controls }, {
    ...callOptions,
    adjust: { repeatable, ...adjust },
  });
}
