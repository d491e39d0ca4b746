import { z } from "zod";
import { choice, count, text } from "../api/params.ts";
import { command } from "../cli/command.ts";
import { inputError } from "../errors.ts";
import { formatDuration, formatNumber } from "../output/format.ts";
import { SANDBOX, seedDefaults } from "../sandbox/defaults.ts";
import { loadDemo } from "../sandbox/load_demo.ts";
import { PUBLISHED_QUOTAS } from "../sandbox/quotas.ts";
import { startSandbox } from "../sandbox/start.ts";
import { openStore } from "../sandbox/store/store.ts";
import { sandboxEnvironment } from "./sandbox/shared/sandbox_environment.ts";

export default command({
  description:
    `Serves an emulator of Mixpanel on this machine, until Ctrl-C. What is imported can be exported and queried;
reports are computed from the stored events. It prints the variables that point mp at it; an SDK takes the
address as its host and ${SANDBOX.token} as its token. Only this machine can reach it.`,
  examples: [
    { text: "With two months of a coffee shop's events", run: "mp sandbox --demo" },
    { text: "On a fixed port, with its data in a file", run: "mp sandbox --port 8787 --database sandbox.db" },
  ],
  input: z.object({
    demo: z.boolean().default(false).meta({ description: "Load the demo's data: about 200,000 events over 60 days" }),
    port: count("Port; 0 lets the system choose", { max: 65_535 }).default(8787),
    database: text("Keep the data in this file; default: in memory", { placeholder: "FILE" }).optional(),
    days: count("Days of demo data", { min: 1, max: 1000 }).default(60),
    events: count("About how many demo events", { min: 1, max: 20_000_000 }).default(200_000),
    strict_tokens: z.boolean().default(false).meta({
      description: "Refuse unknown project tokens, as Mixpanel does not",
    }),
    identity: choice(["original", "simplified", "legacy"], "How a new store's project joins ids").default("original"),
    quotas: z.boolean().default(false).meta({ description: "Enforce Mixpanel's published rate limits" }),
    server_properties: z.boolean().default(false).meta({
      description: "Add what Mixpanel adds to events, such as mp_processing_time_ms",
    }),
  }),
  async run(context, input) {
    const { demo, port, database, days, events, identity } = input;
    const store = openStore(database ?? ":memory:");
    try {
      seedDefaults(store, { identity });
      if (demo && store.events.count(SANDBOX.projectId) === 0) {
        const startedMs = context.clock.now();
        const loaded = loadDemo(store, { projectId: SANDBOX.projectId, nowMs: startedMs, days, events });
        const time = formatDuration(context.clock.now() - startedMs);
        await context.note(
          `Loaded ${formatNumber(loaded.events)} events and ${formatNumber(loaded.profiles)} profiles ` +
            `(${loaded.firstDay} to ${loaded.lastDay}) in ${time}`,
        );
      }
      const settings = {
        strictTokens: input.strict_tokens,
        addServerProperties: input.server_properties,
        quotas: input.quotas ? PUBLISHED_QUOTAS : {},
      };
      const served = serve({ port, store, clock: context.clock, settings });
      try {
        const lines = Object.entries(sandboxEnvironment(served.url)).map(([name, value]) =>
          `export ${name}=${value}\n`
        );
        await context.stdout.write(lines.join(""));
        await context.note(`Serving on ${served.url}; Ctrl-C ends it`);
        await untilAborted(context.signal);
      } finally {
        await served.stop();
      }
    } finally {
      store.close();
    }
  },
});

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function serve(options: Parameters<typeof startSandbox>[0]) {
  try {
    return startSandbox(options);
  } catch (cause) {
    throw inputError(
      `Cannot serve on port ${options.port}: ${(cause as Error).message}`,
      "choose another: mp sandbox --port 0 lets the system choose",
      "port_in_use",
    );
  }
}
