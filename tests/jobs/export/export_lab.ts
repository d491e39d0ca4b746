/** A server of raw exports that can go wrong, and the real client before it. Time passes only where the job sleeps. */
import { gzipSync } from "node:zlib";
import { createClient } from "../../../src/client/client.ts";
import type { Client } from "../../../src/client/types.ts";
import { addDays, type DayRange } from "../../../src/jobs/export/days.ts";
import { serve } from "../../../src/runtime/network/server.ts";
import { createTransport } from "../../../src/runtime/network/transport.ts";
import { type FakeClock, fakeClock } from "../../helpers/fake_clock.ts";

/** What a request gets instead of its events. */
export type Trouble =
  | { status: number; body?: unknown; headers?: Record<string, string> }
  /** After so many events: a last line that is none. */
  | { words: string; after: number }
  /** So many bytes of the compressed answer, and then a proper end. */
  | { cutTo: number }
  /** So many bytes, and then the connection breaks. */
  | { breakAfter: number }
  /** Other lines than usual. */
  | { lines: string };

export interface SeenExport extends DayRange {
  query: URLSearchParams;
}

export interface ExportLab {
  readonly client: Client;
  readonly clock: FakeClock;
  readonly requests: SeenExport[];
  /** Requests as `from..to`, in order. */
  asked(): string[];
  /** The lines that a day has. Default: two events. */
  linesOf: (day: string) => string;
  /** Decides for each request; the number says how often these days were asked for, from 1. */
  trouble: (request: SeenExport, times: number) => Trouble | undefined | Promise<Trouble | undefined>;
  /** All lines of a range. */
  expected(range: DayRange): string;
  stop(): Promise<void>;
}

export const NOW_MS = Date.UTC(2026, 10, 23, 12);

export function event(day: string, number: number, more = ""): string {
  const time = Date.parse(day) / 1000 + 3600 + number;
  return `{"event":"Kauf","properties":{"time":${time},"distinct_id":"ü-${number}","$insert_id":"${day}-${number}"${more}}}\n`;
}

export function openExportLab(clock = fakeClock(NOW_MS)): ExportLab {
  const requests: SeenExport[] = [];
  const server = serve(async (request) => {
    const query = new URL(request.url).searchParams;
    const seen: SeenExport = { from: query.get("from_date")!, to: query.get("to_date")!, query };
    requests.push(seen);
    const times = requests.filter(({ from, to }) => from === seen.from && to === seen.to).length;
    const trouble = await lab.trouble(seen, times);
    if (trouble !== undefined && "status" in trouble) {
      return Response.json(trouble.body ?? { error: "no" }, { status: trouble.status, headers: trouble.headers });
    }
    return answer(lab.expected(seen), trouble);
  }, { hostname: "127.0.0.1", port: 0 });
  const client = createClient({
    region: "us",
    baseUrl: `http://127.0.0.1:${server.port}`,
    projectId: "17",
    credentials: { serviceAccount: { username: "robot", secret: "s3cr3t-of-the-lab" } },
    timeoutMs: 5000,
    pacing: false,
    proxy: {},
  }, { transport: createTransport({ proxy: {} }), clock, userAgent: "mp-test" });
  const lab: ExportLab = {
    client,
    clock,
    requests,
    asked: () => requests.map(({ from, to }) => from === to ? from : `${from}..${to}`),
    linesOf: (day) => event(day, 1) + event(day, 2),
    trouble: () => undefined,
    expected({ from, to }) {
      let lines = "";
      for (let day = from; day <= to; day = addDays(day, 1)) lines += lab.linesOf(day);
      return lines;
    },
    stop: () => server.stop(),
  };
  return lab;
}

function answer(lines: string, trouble: Exclude<Trouble, { status: number }> | undefined): Response {
  const headers = { "content-encoding": "gzip", "content-type": "text/plain" };
  if (trouble === undefined) return new Response(gzipSync(lines), { headers });
  if ("lines" in trouble) return new Response(gzipSync(trouble.lines), { headers });
  if ("words" in trouble) {
    const kept = lines.split("\n").slice(0, trouble.after).map((line) => `${line}\n`).join("");
    return new Response(gzipSync(kept + trouble.words), { headers });
  }
  const bytes = gzipSync(lines);
  if ("cutTo" in trouble) return new Response(bytes.subarray(0, trouble.cutTo), { headers });
  // More is announced than comes.
  return new Response(
    new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytes.subarray(0, trouble.breakAfter)),
      async pull(controller) {
        // What was sent is to arrive first.
        await new Promise((resolve) => setTimeout(resolve, 20));
        controller.error(new Error("broken on purpose"));
      },
    }),
    { headers },
  );
}
