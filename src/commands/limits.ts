import { z } from "zod";
import { command } from "../cli/command.ts";
import { jsonResult } from "../output/print.ts";
import { ledgerPath } from "../cli/connect.ts";
import { openLedger } from "../client/pacing/ledger.ts";

export default command({
  description:
    `Shows what this user's mp processes have used of each rate limit, as far as the shared ledger knows. What
other tools and people ask of the same project is not in it until the server says so. A server on this machine, such as
the sandbox, has no limits until it announces some, as 'mp sandbox --quotas' does with its first 429.`,
  examples: [
    { text: "What is left of the hour's queries", run: "mp limits" },
    { text: "Forget what was counted", run: "mp limits --reset" },
  ],
  input: z.object({
    reset: z.boolean().default(false).meta({ description: "Forget everything that was counted" }),
  }),
  async run(context, { reset }) {
    const settings = await context.settings();
    const ledger = openLedger({ path: ledgerPath(settings.stateFolder), clock: context.clock });
    try {
      if (reset) {
        await ledger.reset();
        return await context.note("Forgot all counted requests");
      }
      const entries = await ledger.snapshot();
      const rows = entries.flatMap((entry) =>
        entry.windows.map((window) => ({
          host: entry.host,
          project: entry.project,
          quota: entry.quota,
          used: window.used,
          limit: window.limit ?? "none",
          window: formatSpan(window.windowMs),
          running: entry.running,
          free_at: freeAt(Math.max(window.nextFreeAt ?? 0, entry.blockedUntil ?? 0), context.clock.now()),
        }))
      );
      if (rows.length === 0 && (context.globals.format ?? (context.stdout.isTerminal ? "table" : "json")) === "table") {
        return await context.note("No request has been counted yet");
      }
      await context.print(jsonResult(entries, { rows }));
    } finally {
      ledger.close();
    }
  },
});

/** When the next request may go out: the window has room, and the server has not asked to stay away. */
function freeAt(timeMs: number, nowMs: number): string {
  return timeMs <= nowMs ? "now" : new Date(timeMs).toISOString();
}

function formatSpan(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
