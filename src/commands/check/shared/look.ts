/** One look at what a check asks: its number, what that means, and who is told. */
import type { Context } from "../../../cli/context.ts";
import { withSource } from "../../query/shared/from_files.ts";
import { type KeptCheck, questionHash, readKept, writeKept } from "./kept_check.ts";
import { askNumber } from "./ask_number.ts";
import { notify } from "./notify.ts";
import type { CheckSpec } from "./spec.ts";
import { type CheckFinding, type Verdict, verdictOf } from "./verdict.ts";

/** A verdict, and what is to be done once it has been printed. */
export interface Look {
  verdict: Verdict;
  /** Tells whoever wants to know of a change, and remembers it. Nothing that fails here changes the verdict. */
  settle(): Promise<void>;
}

/**
 * Asks, or takes the number of the last run where that is not too old.
 *
 * @param options.isTold whether notes have said of an earlier look what was read of files
 * @throws MpError for whatever kept the number from being known
 */
export async function look(
  context: Context,
  spec: CheckSpec,
  { isTold = false }: { isTold?: boolean } = {},
): Promise<Look> {
  const asking = isTold && spec.source !== undefined ? { ...context, note: async () => {} } : context;
  const remembers = (spec.notify !== undefined || spec.maxAgeMs !== undefined) && !context.globals.dryRun;
  if (!remembers) {
    return { verdict: verdictOf(spec, { ...await find(asking, spec), ageMs: 0 }), settle: async () => {} };
  }
  const [kept, question] = [await readKept(context, spec), await questionHash(context, spec)];
  const nowMs = context.clock.now();
  const ageMs = kept === undefined ? Infinity : nowMs - kept.askedMs;
  const isFresh = kept?.question === question && spec.maxAgeMs !== undefined && ageMs >= 0 && ageMs <= spec.maxAgeMs;
  const finding = isFresh ? kept!.finding : await find(asking, spec);
  const verdict = verdictOf(spec, { ...finding, ageMs: isFresh ? ageMs : 0 });
  return {
    verdict,
    async settle() {
      const notified = await told(context, spec, verdict, kept?.notified);
      await writeKept(context, spec, { question, askedMs: isFresh ? kept!.askedMs : nowMs, finding, notified });
    },
  };
}

type Found = Pick<CheckFinding, "measured" | "before">;

/** Files are opened again each time: those of a lake change between two looks. */
async function find(context: Context, spec: CheckSpec): Promise<Found> {
  const ask = async (asking: Context): Promise<Found> => {
    const measured = await askNumber(asking, spec.question, { horizonMs: spec.horizonMs });
    if (spec.drop === undefined) return { measured };
    return { measured, before: (await askNumber(asking, spec.question, { days: spec.drop.against })).value };
  };
  return spec.source === undefined ? await ask(context) : await withSource(context, spec.source, ask);
}

/** Which state the address knows of from now on. That all is well is no news at first. */
async function told(
  context: Context,
  { notify: wanted }: CheckSpec,
  verdict: Verdict,
  before: KeptCheck["notified"],
): Promise<KeptCheck["notified"]> {
  const { state } = verdict;
  if (wanted === undefined || state === "UNKNOWN" || state === (before ?? "OK")) return before;
  const problem = await notify(context, wanted.address, verdict);
  if (problem === undefined) return state;
  await context.note(`Cannot notify ${wanted.variable}: ${problem}; the next run tries again`);
  return before;
}
