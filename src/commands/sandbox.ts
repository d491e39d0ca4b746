import { z } from "zod";
import { choice, count, repeatedTexts, text } from "../api/params.ts";
import { storageAt } from "../cli/storage_at.ts";
import { command } from "../cli/command.ts";
import type { Context } from "../cli/context.ts";
import { inputError } from "../errors.ts";
import { eventKind } from "../jobs/plan/kinds/schemas.ts";
import { readPlan } from "../jobs/plan/plan_folder.ts";
import { trackingRules } from "../jobs/plan/tracking_rules.ts";
import { formatDuration, formatNumber } from "../output/format.ts";
import { shellWord } from "../runtime/shell_word.ts";
import { SANDBOX, seedDefaults } from "../sandbox/defaults.ts";
import { loadDemo } from "../sandbox/load_demo.ts";
import type { TrackingPlan } from "../sandbox/ingestion/tracking_plan.ts";
import { PUBLISHED_QUOTAS } from "../sandbox/quotas.ts";
import { DEFAULT_SETTINGS } from "../sandbox/settings.ts";
import { startSandbox } from "../sandbox/start.ts";
import { openStore } from "../sandbox/store/store.ts";
import { SCHEMES } from "../storage/registry.ts";
import { announce, waysToUse } from "./sandbox/shared/announce.ts";
import { refuseAlone, SOURCE_FLAGS } from "./query/shared/source_flags.ts";
import { portError } from "./sandbox/shared/port_error.ts";
import { logRequests } from "./sandbox/shared/request_log.ts";
import { sandboxEnvironment } from "./sandbox/shared/sandbox_environment.ts";
import { openSecureWays, requirePorts, secureLines, type SecureWays } from "./sandbox/shared/secure_ways.ts";

export default command({
  description:
    `Serves an emulator of Mixpanel on this machine, until Ctrl-C. What is imported can be exported and queried;
reports are computed from the stored events. 'mp -a sandbox …' asks it while it runs; an SDK takes the address as its
host and ${SANDBOX.token} as its token. In a browser the address shows requests, events and profiles as they come, and
the settings for each SDK. In a pipe it prints variables that point mp at it. Only this machine can reach it; pages of
its own (http://localhost:3000) may send events, those of other sites only with --allow-origin. With --proxy a client
that is not changed at all speaks with it in place of Mixpanel, by https; it prints what to set for that.`,
  examples: [
    { text: "With two months of a coffee shop's events", run: "mp sandbox --demo" },
    { text: "See what an SDK sends, and what is refused", run: "mp sandbox --log" },
    { text: "Test a program as it is: it thinks that it speaks with Mixpanel", run: "mp sandbox --proxy" },
    {
      text: "Serve exported events to a notebook, a BI tool or another client",
      run: "mp sandbox --source events.jsonl",
    },
    { text: "Refuse what is not in the tracking plan", run: "mp sandbox --plan plan/ --outside-plan refuse" },
    { text: "On a fixed port, with its data in a file", run: "mp sandbox --port 8787 --database sandbox.db" },
  ],
  input: z.object({
    demo: z.boolean().default(false).meta({ description: "Load the demo's data: about 200,000 events over 60 days" }),
    ...SOURCE_FLAGS,
    source: repeatedTexts(
      `Load these files first: a folder, file, pattern, or ${SCHEMES}bucket/prefix; --tz is the project's zone`,
      { placeholder: "PATH" },
    ).optional(),
    log: z.boolean().default(false).meta({
      description: "Write a line for each request to standard error: what it did, what was refused and why",
    }),
    print_env: z.boolean().default(false).meta({
      description: "Print the variables that point mp at it, for eval; without a terminal it prints them anyway",
    }),
    port: count("Port; 0 lets the system choose", { max: 65_535 }).default(8787),
    tls: z.boolean().default(false).meta({
      description: "Serve https too, on the next port: its authority is made once, in the state folder",
    }),
    proxy: z.boolean().default(false).meta({
      description:
        "Be an HTTPS_PROXY for Mixpanel's hosts too: on the second port after its own, and for no other host",
    }),
    database: text("Keep the data in this file; default: in memory", { placeholder: "FILE" }).optional(),
    days: count("Days of demo data", { min: 1, max: 1000 }).default(60),
    events: count("About how many demo events", { min: 1, max: 20_000_000 }).default(200_000),
    max_events: count("Refuse events when there are so many in memory, about 400 bytes each", { min: 1 })
      .default(DEFAULT_SETTINGS.mostEvents),
    strict_tokens: z.boolean().default(false).meta({
      description: "Refuse unknown project tokens, as Mixpanel does not",
    }),
    identity: choice(["original", "simplified", "legacy"], "How a new store's project joins ids").default("original"),
    allow_origin: repeatedTexts("Pages of this origin may send events too, such as https://shop.test", {
      placeholder: "ORIGIN",
    }).optional(),
    quotas: z.boolean().default(false).meta({ description: "Enforce Mixpanel's published rate limits" }),
    plan: text("Hold events against the plan in this folder, as 'mp plan export' writes it", {
      placeholder: "FOLDER",
    }).optional(),
    outside_plan: choice(["mark", "refuse"], "What becomes of events outside the plan: see $mp_outside_plan")
      .default("mark"),
    plan_lacks: z.array(z.enum(["query", "export", "metrics", "custom_properties"])).min(1).meta({
      encoding: "repeat",
      placeholder: "PRODUCT",
      description: "Answer as on a plan without query, export, metrics or custom_properties",
    }).optional(),
    history_days: count("Answer with 403 what begins earlier than so many days ago, as on smaller plans", { min: 0 })
      .optional(),
    hot_shard_events: count("Rename events of one id beyond so many a day, as Mixpanel does beyond 200,000", { min: 1 })
      .optional(),
    server_properties: z.boolean().default(false).meta({
      description: "Add what Mixpanel adds to events, such as mp_processing_time_ms",
    }),
  }),
  async run(context, input) {
    const trackingPlan = await trackingPlanOf(context, input);
    const { demo, port, database, days, events, identity } = input;
    const wanted = { tls: input.tls, proxy: input.proxy, port };
    requirePorts(wanted);
    const store = openStore(database ?? ":memory:");
    try {
      seedDefaults(store, { identity, timeZone: input.tz });
      const { source, tz, preset, map } = input;
      if (source === undefined) refuseAlone({ tz, preset, map });
      else if (store.events.count(SANDBOX.projectId) > 0) {
        await context.note(`Not loaded: ${database} has events already`);
      } else await (await import("./sandbox/shared/load_source.ts")).loadSource(context, store, { ...input, source });
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
        mostEvents: input.max_events,
        allowOrigins: (input.allow_origin ?? []).map(originOf),
        strictTokens: input.strict_tokens,
        addServerProperties: input.server_properties,
        planLacks: input.plan_lacks ?? [],
        historyDays: input.history_days,
        hotShardEvents: input.hot_shard_events,
        quotas: input.quotas ? PUBLISHED_QUOTAS : {},
        trackingPlan,
      };
      const served = serve({ port, store, clock: context.clock, settings });
      let secure: SecureWays | undefined;
      try {
        if (input.log) logRequests(context, served.sandbox.feed);
        secure = await openSecureWays(context, served, wanted);
        const { isAccount, end } = await announce(context, served.url);
        try {
          await sayHow(context, [...waysToUse(served.url, isAccount), ...secureLines(secure)]);
          if (input.print_env || !isAccount || !context.stdout.isTerminal) {
            await printVariables(context, sandboxEnvironment(served.url, secure));
          }
          await context.note(`Serving on ${served.url}; Ctrl-C ends it`);
          await untilAborted(context.signal);
        } finally {
          await end();
        }
      } finally {
        await Promise.all([served.finish(), secure?.finish()]);
      }
    } finally {
      store.close();
    }
  },
});

/** The events of a folder's plan, as what the emulator asks. */
async function trackingPlanOf(
  context: Context,
  { plan, outside_plan }: { plan?: string; outside_plan: "mark" | "refuse" },
): Promise<TrackingPlan | undefined> {
  if (plan === undefined && outside_plan === "refuse") {
    throw inputError(
      "Cannot refuse events outside the plan: there is no plan",
      "add --plan FOLDER; 'mp plan export' writes one",
      "bad_flags",
    );
  }
  if (plan === undefined) return undefined;
  const definitions = (await readPlan(await storageAt(context, plan), [eventKind])).map(({ definition }) => definition);
  const violations = trackingRules(definitions);
  return {
    problemsOf: (event, properties) =>
      violations({ event, properties }).map(({ property = `"${event}"`, problem }) => `${property} ${problem}`),
    refuses: outside_plan === "refuse",
  };
}

/** What a sandbox takes for a token is no secret, and is shown whole. */
async function sayHow({ globals, stderr }: Context, lines: readonly string[]): Promise<void> {
  // expected: any fault of standard error, since the sandbox serves when nobody reads how to use it
  if (!globals.quiet) await stderr.write(lines.map((line) => `${line}\n`).join("")).catch(() => {});
}

/** In the form that a shell's `eval` takes. */
async function printVariables({ stdout }: Context, variables: Record<string, string>): Promise<void> {
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${shellWord(value)}\n`);
  await stdout.write(lines.join(""));
}

/** An origin as browsers send it. */
function originOf(text: string): string {
  if (text === "*" || text === "null") return text;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === "/" && url.search === "") {
    return url.origin;
  }
  throw inputError(
    `--allow-origin takes an origin, not ${JSON.stringify(text)}`,
    "write scheme, host and port alone: https://shop.test or http://192.168.1.5:3000",
    "bad_origin",
  );
}

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
    throw portError(`port ${options.port}`, cause);
  }
}
