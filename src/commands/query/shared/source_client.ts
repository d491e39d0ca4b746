/** A client whose answers are computed from files: nothing is sent, and no account is needed. */
import type { Context } from "../../../cli/context.ts";
import { createClient } from "../../../client/client.ts";
import type { Client, Connection } from "../../../client/types.ts";
import { inputError, MpError } from "../../../errors.ts";
import { Lake, type Reading } from "../../../lake/lake.ts";
import { formatCount, formatDuration, formatNumber } from "../../../output/format.ts";
import { cleanLine } from "../../../output/clean.ts";
import { recipeOf } from "../../../records/map/map_flags.ts";
import type { TransportRequest } from "../../../runtime/network/wire.ts";
import type { TransportAnswer } from "../../../runtime/network/transport.ts";
import { watchedBody } from "../../../runtime/network/transport_body.ts";
import { SANDBOX } from "../../../sandbox/defaults.ts";
import { VERSION } from "../../../version.ts";
import type { SourceFlags } from "./source_flags.ts";
import { lakeFiles } from "./lake_files.ts";

export interface WantedFiles extends Omit<SourceFlags, "source"> {
  paths: readonly string[];
}

/** Runs `ask` with a context whose client answers from files. */
export async function withFiles<T>(
  context: Context,
  wanted: WantedFiles,
  ask: (context: Context) => Promise<T>,
): Promise<T> {
  if (context.globals.dryRun) {
    throw inputError("Cannot use --dry-run with --source: nothing is sent", "leave one of them out", "bad_flags");
  }
  let lake: Promise<Lake> | undefined;
  const opened = () => lake ??= open(context, wanted);
  const client = clientOf(context, wanted, opened);
  try {
    return await ask({
      ...context,
      client: () => Promise.resolve(client),
      async known({ kind }) {
        const { events, properties } = (await opened()).names;
        return kind === "events" ? events : kind === "properties" ? properties : [];
      },
    });
  } finally {
    (await lake)?.close();
  }
}

async function open(context: Context, { paths, tz = "UTC", preset, map }: WantedFiles): Promise<Lake> {
  const layout = { recipe: recipeOf({ kind: "events", preset, map }) };
  const name = nameOf({ paths });
  const { clock, signal } = context;
  return new Lake({
    name,
    ...await lakeFiles(context, paths),
    layout,
    timeZone: tz,
    clock,
    signal,
    onRead: (reading) => tell(context, name, reading),
  });
}

const nameOf = ({ paths }: WantedFiles): string => paths.map(cleanLine).join(", ");

async function tell(context: Context, name: string, reading: Reading): Promise<void> {
  const { read, within, days, files, allFiles, identities, refused, firstRefusal, milliseconds } = reading;
  const time = formatDuration(milliseconds);
  const found = days === undefined
    ? `none of ${formatCount(read, "event")} is of these days`
    : `${formatCount(within, "event")} of ${formatCount(days.count, "day")} (${days.first} to ${days.last})`;
  const some = files < allFiles ? ` from ${formatNumber(files)} of ${formatNumber(allFiles)} files` : "";
  await context.note(`Read ${name} in ${time}: ${found}${some}`);
  if (identities > 0 && files < allFiles) {
    await context.note("  ids are joined by the events of these files alone; those of other days may join more");
  }
  if (refused > 0) {
    await context.note(`  ${formatNumber(refused)} records are no events and do not count; the first: ${firstRefusal}`);
  }
}

/** Where the emulator's handler is, as far as a request is concerned. */
const CONNECTION: Connection = {
  region: "us",
  baseUrl: "http://127.0.0.1",
  projectId: String(SANDBOX.projectId),
  credentials: { serviceAccount: { username: SANDBOX.username, secret: SANDBOX.serviceSecret } },
  timeoutMs: 500_000,
  pacing: false,
  proxy: {},
};

function clientOf(context: Context, wanted: WantedFiles, opened: () => Promise<Lake>): Client {
  const client = createClient(CONNECTION, {
    transport: async (request) => answerOf(await (await opened()).answer(requestOf(request)), context.clock.now),
    clock: context.clock,
    userAgent: `mp/${VERSION}`,
  });
  return {
    connection: CONNECTION,
    async send(request, own = {}) {
      try {
        return await client.send(request, { ...own, once: true, signal: own.signal ?? context.signal });
      } catch (error) {
        // The address of an error would be that of a server, and there is none.
        if (!(error instanceof MpError) || error.serverMessage === undefined) throw error;
        const { category, code, serverMessage } = error;
        throw new MpError(`Cannot ask ${nameOf(wanted)}: ${serverMessage}`, { category, code, cause: error });
      }
    },
  };
}

function requestOf({ method, url, headers, body }: TransportRequest): Request {
  return new Request(url, { method, headers, body: body as BodyInit | undefined });
}

function answerOf({ status, headers, body }: Response, now: () => number): TransportAnswer {
  const chunks = (body ?? new Blob([]).stream())[Symbol.asyncIterator]();
  return {
    status,
    headers,
    body: watchedBody(chunks, {
      controller: new AbortController(),
      idleTimeoutMs: CONNECTION.timeoutMs,
      now,
      isGzip: false,
      onEnd: () => {},
    }),
  };
}
