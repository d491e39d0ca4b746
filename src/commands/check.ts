/** `mp check`: a plugin for Nagios and everything that reads exit codes. */
import { z } from "zod";
import { me } from "../api/app.ts";
import { funnel } from "../api/funnels.ts";
import { askInsights, insights } from "../api/insights.ts";
import { text } from "../api/params.ts";
import { events, segmentation } from "../api/query.ts";
import { command } from "../cli/command.ts";
import type { Context } from "../cli/context.ts";
import { isDryRunEnd } from "../cli/dry_run.ts";
import { askedFor } from "../cli/global_words.ts";
import { parseCommand } from "../cli/parse.ts";
import { asMpError, reportError } from "../cli/report_error.ts";
import { createContext } from "../cli/run_command.ts";
import { ClosedPipeError, inputError, MpError } from "../errors.ts";
import { jsonResult } from "../output/print.ts";
import { definedFields } from "../streams/json/defined_fields.ts";
import { stringifyJson } from "../streams/json/json.ts";
import { type FileCheck, readCheckFile } from "./check/shared/check_file.ts";
import { type Look, look } from "./check/shared/look.ts";
import { CHECK, type CheckInput, type CheckSpec, checkSpecOf, MAX_AGE } from "./check/shared/spec.ts";
import { factsOf, lineOf, pageOf, STATE_CODES, unknownVerdict, type Verdict, worstOf } from "./check/shared/verdict.ts";

const input = z.object({
  ...CHECK,
  ...MAX_AGE,
  file: text("Run the checks from a file in TOML, each with these flags as its keys", { placeholder: "FILE" })
    .optional(),
});

const check = command({
  description: `Asks for one number and prints one line, with performance data as Nagios reads it. The exit code is
Nagios's, and that of no other command: 0 OK, 1 WARNING, 2 CRITICAL, and 3 UNKNOWN for whatever fails in mp itself or on
the way to Mixpanel, wrong flags included. Details of what failed are on standard error as well.

The number is a count of events (all of them, with --math unique the users, with --math total:amount a property's sum, or
a --formula), the conversion of a --funnel in percent, a number of a saved --report, or with --lag the time since the
newest event. A single event, and its users, are asked for by GET /segmentation; what only reports can say goes to POST
/insights, which Mixpanel does not publish. Each number is one of the project's 60 queries an hour: the shared ledger is
asked first, and with --max-age the number of the last run is taken while it is young enough. With --source
files or a table of an engine are asked, without an account, a network or a quota.

Thresholds are comparisons ('<100', '>=5%', '>2h') or Nagios's own ranges ('100:', '@10:20'). Days are those of the
project's time zone, and today is not over: '--from yesterday --to yesterday' is a whole day, and --drop takes whole days
alone. --lag is exact to a minute, over spans of more than two days to an hour.

--notify sends a message when the state becomes WARNING, CRITICAL or OK again, and remembers what it has told.`,
  args: ["event"],
  dateRange: true,
  operations: [segmentation, events, askInsights, funnel, insights, me],
  examples: [
    {
      text: "A warning below 10 purchases in the last 30 days, critical below 2",
      run: "mp check Purchase --last 30d --warn '<10' --crit '<2'",
    },
    {
      text: "Critical when a week had 90% fewer than the week before",
      run: "mp check Purchase --from 7d --to yesterday --drop 90% --against previous",
    },
    { text: "Critical when nobody has looked at a page for a day", run: "mp check 'Page View' --absent-for 1d" },
    {
      text: "The conversion of two steps, as JSON",
      run: "mp check --funnel 'View Product' --funnel Purchase --last 30d --crit '<0.5%' -f json",
    },
    {
      text: "A number of a saved report, at most ten minutes old",
      run: "mp check --report 9001 --series 'Purchase [Total Events]' --point sum --max-age 10m",
    },
    {
      text: "Of exported files, without an account",
      run: "mp check 'Sign Up' --last 30d --warn '<1' --source events.jsonl",
    },
    { text: "Several checks, the worst of which decides", run: "mp check --file checks.toml" },
  ],
  input,
  async run(context, { file, ...own }, typedDays): Promise<number> {
    if (file === undefined) {
      const seen = await look(context, checkSpecOf(context, own, typedDays));
      return await finish(context, [seen.verdict], [seen], (verdicts) => lineOf(verdicts[0]!));
    }
    refuseBeside(own);
    const checks = await checksOf(context, await readCheckFile(file, context.stdin), own);
    const verdicts: Verdict[] = [];
    const looks: Look[] = [];
    for (const one of checks) {
      const seen = await lookOrFail(one);
      if (seen === "shown") continue;
      verdicts.push("verdict" in seen ? seen.verdict : seen);
      if ("verdict" in seen) looks.push(seen);
    }
    return context.globals.dryRun ? 0 : await finish(context, verdicts, looks, pageOf);
  },
  async failed(error, argv, world) {
    const verdict = unknownVerdict(undefined, asMpError(error, world));
    const line = askedFor(argv).format === "json" ? `${stringifyJson(factsOf(verdict))}\n` : lineOf(verdict);
    // expected: any fault of standard output, since the exit code says it too
    await world.stdout.write(line).catch(() => {});
    await reportError(error, argv, world);
    return STATE_CODES.UNKNOWN;
  },
});

export default check;

/** Prints, and tells others when that is done: the line is what a monitor waits for. */
async function finish(
  context: Context,
  verdicts: readonly Verdict[],
  looks: readonly Look[],
  page: (verdicts: readonly Verdict[]) => string,
): Promise<number> {
  const state = worstOf(verdicts);
  const { format, jq, output } = context.globals;
  try {
    if (format === undefined && jq === undefined && output === undefined) await context.stdout.write(page(verdicts));
    else {
      const rows = verdicts.map((one) => definedFields(factsOf(one)));
      const [only] = rows;
      const data = page === pageOf ? { state, code: STATE_CODES[state], checks: rows } : only;
      await context.print(jsonResult(data, { rows: rows.map(flat) }));
    }
  } catch (error) {
    // expected: nobody reads the line, and the exit code says it too
    if (!(error instanceof ClosedPipeError)) throw error;
  }
  for (const { settle } of looks) await settle();
  return STATE_CODES[state];
}

/** A row of a table has no objects. */
const flat = ({ days: _days, before_days: _before, error: _error, ...row }: Record<string, unknown>) => row;

/** A check of a file has its question there; who is told, and how old a number may be, can be said of all of them. */
function refuseBeside({ notify: _notify, max_age: _age, ...own }: Partial<CheckInput>): void {
  const other = Object.entries(own).find(([, value]) => value !== undefined && value !== false);
  if (other === undefined) return;
  throw inputError(
    `Cannot use ${
      other[0] === "event" ? "<event>" : `--${other[0].replace(/_date$/, "").replaceAll("_", "-")}`
    } with --file`,
    "write it into the file, as a key of its check",
    "bad_flags",
  );
}

interface OneCheck {
  title: string;
  context: Context;
  spec: CheckSpec;
}

/** All of them, each with its own project: what is wrong with any is found before the first is asked. */
async function checksOf(
  context: Context,
  listed: readonly FileCheck[],
  { notify, max_age }: Pick<CheckInput, "notify" | "max_age">,
): Promise<OneCheck[]> {
  const checks: OneCheck[] = [];
  for (const { title, argv } of listed) {
    try {
      const { globals, input, typedDays } = await parseCommand("check", check, argv, {
        nowMs: context.clock.now(),
        readText: () => Promise.reject(inputError("Cannot read another file from a file of checks")),
      });
      const { account, project, workspace, region, timeoutMs, secretIn, pacing } = globals;
      const own = createContext({
        ...context.globals,
        ...definedFields({ account, project, workspace, region, timeoutMs, secretIn }),
        pacing: pacing && context.globals.pacing,
      }, context);
      const given = input as CheckInput;
      const spec = checkSpecOf(
        own,
        { ...given, notify: given.notify ?? notify, max_age: given.max_age ?? max_age },
        typedDays,
      );
      const twin = checks.find((one) => one.spec.label === spec.label);
      if (twin !== undefined) {
        throw inputError(
          `Cannot use two checks of one name: ${twin.title} is one too`,
          "give it a name of its own",
          "bad_checks",
        );
      }
      checks.push({ title, context: own, spec });
    } catch (error) {
      if (!(error instanceof MpError)) throw error;
      throw new MpError(`${error.message} (check ${title})`, { ...error, cause: error });
    }
  }
  return checks;
}

/** What one check has found. What keeps its number from being known ends no other check. */
async function lookOrFail({ context, spec }: OneCheck): Promise<Look | Verdict | "shown"> {
  try {
    return await look(context, spec);
  } catch (error) {
    if (isDryRunEnd(error)) return "shown";
    if (context.signal.aborted || !(error instanceof MpError)) throw error;
    return unknownVerdict(spec.name, error);
  }
}
