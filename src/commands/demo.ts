import { z } from "zod";
import { command } from "../cli/command.ts";
import type { Context } from "../cli/context.ts";
import { MpError } from "../errors.ts";
import { createStyle, wantsColour } from "../output/colour.ts";
import { formatDuration, formatNumber } from "../output/format.ts";
import { join, makeTemporaryFolder, removeFile, writeFileAtomically } from "../runtime/files/files.ts";
import { runSelf } from "../runtime/self.ts";
import { shellWord } from "../runtime/shell_word.ts";
import { SANDBOX, seedDefaults } from "../sandbox/defaults.ts";
import { historicalLines } from "../sandbox/demo/history.ts";
import { loadDemo } from "../sandbox/load_demo.ts";
import { startSandbox } from "../sandbox/start.ts";
import { openStore, type Store } from "../sandbox/store/store.ts";
import { sandboxEnvironment } from "./sandbox/shared/sandbox_environment.ts";
import { isoDay } from "../streams/iso_time.ts";

interface Step {
  text: string;
  args: string[];
}

export default command({
  description:
    `Starts a sandbox with two months of a coffee shop's events, and does the main job in it with real commands over
HTTP: each is shown before it runs. Nothing leaves this machine, and nothing stays on it.`,
  globals: "none",
  examples: [{ text: "A tour of half a minute", run: "mp demo" }],
  input: z.object({}),
  async run(context) {
    const folder = await makeTemporaryFolder("mp-demo-");
    const store = openStore(":memory:");
    try {
      const nowMs = context.clock.now();
      seedDefaults(store);
      await say(context, `Starting a sandbox with the events of a coffee shop …`);
      const loaded = loadDemo(store, { projectId: SANDBOX.projectId, nowMs });
      const served = startSandbox({ store, clock: context.clock });
      const time = formatDuration(context.clock.now() - nowMs);
      await say(
        context,
        `${formatNumber(loaded.events)} events of ${
          formatNumber(loaded.profiles)
        } customers are served on ${served.url} (${time})`,
      );
      const history = [...historicalLines({ endDay: loaded.lastDay })].join("");
      await writeFileAtomically(join(folder, "history.jsonl"), history);
      try {
        for (const step of tour(store, nowMs)) await show(context, step, { url: served.url, folder });
      } finally {
        await served.stop();
      }
    } finally {
      store.close();
      await removeFile(folder);
    }
    await say(
      context,
      [
        "",
        "That was the real thing, against a sandbox. For your own project, set three variables and type the same commands:",
        "  export MP_USERNAME=… MP_SECRET=… MP_PROJECT_ID=…    or let 'mp login' store them",
        "To play on: mp sandbox --demo",
      ].join("\n"),
    );
  },
});

/** The month that ended last, a customer who bought something, and a chart to end with. */
function tour(store: Store, nowMs: number): Step[] {
  const day = (offset: number) => isoDay(nowMs - offset * 86_400_000);
  const customer = store.profiles.all(SANDBOX.projectId).find(({ properties }) => Number(properties.purchases) >= 3);
  if (customer === undefined) throw new Error("The demo's data has no customer with three purchases");
  return [
    { text: "Import a file of historical events", args: ["import", "history.jsonl"] },
    {
      text: "Export a month of raw events to a file",
      args: ["export", "events", "--from", day(30), "--to", day(1), "-o", "month.jsonl"],
    },
    { text: "Look a customer up", args: ["profiles", "get", customer.distinctId, "-f", "table"] },
    {
      text: "Ask how sign-ups grow on each platform, as a chart",
      args: [
        ...["query", "segmentation", "Sign Up", "--from", "59d", "--to", "yesterday"],
        ...["--on", 'properties["platform"]', "-f", "chart"],
      ],
    },
  ];
}

async function show(context: Context, step: Step, place: { url: string; folder: string }): Promise<void> {
  const style = createStyle(wantsColour({
    isTerminal: context.stdout.isTerminal,
    environment: context.env,
    refused: !context.globals.color,
  }));
  await say(context, `\n${style.dim(`# ${step.text}`)}\n${style.bold(`$ mp ${step.args.map(shellWord).join(" ")}`)}`);
  const own = Object.entries(context.env).filter(([name]) => !name.startsWith("MP_") && !/_proxy$/i.test(name));
  const env = {
    ...Object.fromEntries(own),
    ...sandboxEnvironment(place.url),
    MP_CONFIG_PATH: join(place.folder, "config.toml"),
    XDG_STATE_HOME: place.folder,
  };
  const code = await runSelf(step.args, { env, cwd: place.folder, signal: context.signal });
  context.signal.throwIfAborted();
  if (code === 0) return;
  throw new MpError(`The demo's command 'mp ${step.args.join(" ")}' ended with exit code ${code}`, {
    category: "failure",
    code: "demo_failed",
  });
}

async function say(context: Context, text: string): Promise<void> {
  await context.stdout.write(text + "\n");
}
