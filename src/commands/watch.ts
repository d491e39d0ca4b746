/** `mp watch`: a check, again and again. */
import { z } from "zod";
import { count } from "../api/params.ts";
import { command } from "../cli/command.ts";
import type { Context } from "../cli/context.ts";
import { isDryRunEnd } from "../cli/dry_run.ts";
import { QUOTAS } from "../client/pacing/quotas.ts";
import { duration } from "../cli/durations.ts";
import { inputError, MpError } from "../errors.ts";
import { escapeJsonForTerminal } from "../output/clean.ts";
import { createStyle, type Style, wantsColour } from "../output/colour.ts";
import { formatCount, formatDuration, formatNumber } from "../output/format.ts";
import { stringifyJson } from "../streams/json/json.ts";
import check from "./check.ts";
import { look } from "./check/shared/look.ts";
import { CHECK, type CheckInput, type CheckSpec, checkSpecOf } from "./check/shared/spec.ts";
import { type CheckState, factsOf, lineOf, unknownVerdict, type Verdict } from "./check/shared/verdict.ts";

const DEFAULT_INTERVAL_MS = 5 * 60_000;
const LEAST_INTERVAL_MS = 10_000;
const HOUR_MS = 3_600_000;

export default command({
  output: "own",
  description: `Takes what 'mp check' takes, and asks again and again. A terminal gets a line when the number or the
state has changed, a pipe one for each time, and -f json an object for each time. --notify sends a message when the state
changes. Each number is one of the project's 60 queries an hour, which --every must leave room for; with
--source there is none, and the files are read each time. A failure after the first time is shown as UNKNOWN and does
not end it; Ctrl-C does, with exit code 130. The exit codes are those of all commands, not those of 'mp check'.`,
  args: ["event"],
  dateRange: true,
  operations: check.operations,
  examples: [
    { text: "Today's purchases, every five minutes", run: "mp watch Purchase --last 1d --every 5m --times 1" },
    {
      text: "How long ago the newest sign-up was, as JSON",
      run: "mp watch 'Sign Up' --lag --warn '>2h' --every 10m --times 1 -f json",
    },
  ],
  input: z.object({
    ...CHECK,
    every: duration("How often to ask (default 5m)").refine(
      (milliseconds) => milliseconds >= LEAST_INTERVAL_MS,
      { error: () => "10s is the least" },
    ).optional(),
    times: count("End after asking so many times", { min: 1 }).optional(),
  }),
  async run(context, { every = DEFAULT_INTERVAL_MS, times = Infinity, ...own }, typedDays) {
    const show = shownBy(context);
    const first = checkSpecOf(context, own, typedDays);
    await context.note(`Asking every ${formatDuration(every)}${quotaWords(first, every)}; Ctrl-C ends it`);
    let before: Verdict | undefined;
    for (let time = 1; time <= times; time++) {
      const verdict = await lookAgain(context, own, typedDays, time === 1);
      await show(verdict, before);
      before = verdict;
      if (time < times) await context.clock.sleep(every, context.signal);
    }
  },
});

/** The first failure is probably a wrong flag or setting; a later one may pass. Days move on with the clock. */
async function lookAgain(
  context: Context,
  input: CheckInput,
  typedDays: string | undefined,
  isFirst: boolean,
): Promise<Verdict> {
  const spec = checkSpecOf(context, input, typedDays);
  try {
    // What was read is told once: a terminal gets a line when something has changed.
    const { verdict, settle } = await look(context, spec, { isTold: !isFirst });
    await settle();
    return verdict;
  } catch (error) {
    if (isFirst || isDryRunEnd(error) || context.signal.aborted || !(error instanceof MpError)) throw error;
    return unknownVerdict(spec.name, error);
  }
}

/** The shared ledger refuses what the quota does not leave room for; files have no quota. */
function quotaWords({ drop, source }: CheckSpec, everyMs: number): string {
  if (source !== undefined) return "";
  const queries = Math.ceil(HOUR_MS / everyMs) * (drop === undefined ? 1 : 2);
  const most = QUOTAS.query.windows[0]!.limit;
  return `, which takes ${formatCount(queries, "query", "queries")} an hour` +
    (queries > most ? `, more than the ${most} that a project has` : ` of the project's ${most}`);
}

type Show = (verdict: Verdict, before: Verdict | undefined) => Promise<void>;

/** Writes verdicts in the form that was asked for, or that suits the reader. */
function shownBy({ globals, stdout, env, clock }: Context): Show {
  if (globals.jq !== undefined) {
    throw inputError(
      "Cannot filter a watch with --jq: it has no end",
      "use a pipe: mp watch … -f json | jq -c PROGRAM",
    );
  }
  if (globals.output !== undefined && globals.output !== "-") {
    throw inputError("Cannot write a watch to a file with --output: it has no end", "use mp watch … > FILE");
  }
  const { format } = globals;
  const time = () => new Date(clock.now()).toISOString();
  if (format === "json" || format === "jsonl") {
    return (verdict) =>
      stdout.write(`${escapeJsonForTerminal(stringifyJson({ time: time(), ...factsOf(verdict) }))}\n`);
  }
  if (format !== undefined) {
    throw inputError(`Cannot show a watch as ${format}: its lines come one by one`, "use -f json, or leave it out");
  }
  const style = createStyle(wantsColour({ isTerminal: stdout.isTerminal, environment: env, refused: !globals.color }));
  return async (verdict, before) => {
    const isNews = before === undefined || before.state !== verdict.state || before.facts.value !== verdict.facts.value;
    if (stdout.isTerminal && !isNews) return;
    const line = lineOf({ ...verdict, performance: undefined }).trimEnd();
    const at = stdout.isTerminal ? time().slice(11, 19) : `${time().slice(0, 19)}Z`;
    const state = styled(style, verdict.state);
    await stdout.write(
      `${style.dim(at)} ${state}${line.slice(verdict.state.length)}${differenceOf(verdict, before)}\n`,
    );
  };
}

function styled(style: Style, state: CheckState): string {
  const dress = { OK: style.green, WARNING: style.yellow, CRITICAL: style.red, UNKNOWN: style.magenta }[state];
  return dress(state);
}

function differenceOf({ facts: { value } }: Verdict, before: Verdict | undefined): string {
  const last = before?.facts.value;
  if (typeof value !== "number" || typeof last !== "number" || value === last) return "";
  return ` [${value > last ? "+" : ""}${formatNumber(value - last, 2)}]`;
}
