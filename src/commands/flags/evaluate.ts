import { z } from "zod";
import { call } from "../../api/call.ts";
import {
  evaluateFlags,
  type EvaluationContext,
  evaluationContext,
  getFlagDefinitions,
} from "../../api/flag_evaluation.ts";
import { text } from "../../api/params.ts";
import { checkAgainst } from "../../api/request.ts";
import { readAssignments } from "../../cli/assignments.ts";
import { command } from "../../cli/command.ts";
import { printsServerText } from "../../cli/format_choice.ts";
import { ifUnderstood } from "../../cli/operation_command.ts";
import { jsonResult } from "../../output/print.ts";
import type { Context } from "../../cli/context.ts";
import { inputError, MpError } from "../../errors.ts";
import type { Decision } from "../../jobs/local_flags/decide.ts";
import type { Row } from "../../output/row.ts";
import { readNamedFile } from "../../cli/named_file.ts";
import { parseJson } from "../../streams/json/json.ts";
import { nearest } from "../../streams/nearest.ts";
import { answerOf, decideAll, readDefinitions } from "./shared/local.ts";

const input = z.object({
  distinct_id: text("The user's id", { placeholder: "ID" }),
  flag: text("Only this flag, by its key", { placeholder: "KEY" }).optional(),
  device_id: text("The device, for flags that stick to devices", { placeholder: "ID" }).optional(),
  property: z.array(z.string()).optional().meta({
    placeholder: "NAME=TEXT",
    description: "A custom property for runtime rules; NAME:=JSON for numbers and booleans",
  }),
  context: evaluationContext.partial().meta({
    input: "json",
    placeholder: "JSON",
    description: "More of the context, such as group keys",
  }).optional(),
  local: z.boolean().default(false).meta({ description: "Decide here, from the definitions" }),
  definitions: text("With --local: definitions from 'mp flags definitions -o FILE', in place of a download", {
    placeholder: "FILE",
  }).optional(),
  variant_order: z.enum(["key", "definition"]).default("key").meta({
    placeholder: "key|definition",
    description: "With --local: in which order shares follow each other; Node's SDK takes the definition's",
  }),
});
type Input = z.output<typeof input>;

export default command({
  summary: "show which variants a user gets, and why",
  description:
    `Mixpanel decides, and the definitions explain. With --local it is decided here, as the SDKs do: by the same hash
and rules, offline with --definitions. A flag that does not apply to a user has no variant: programs get their
fallback value.`,
  args: ["distinct_id", "flag"],
  examples: [
    { text: "Everything that a user gets", run: "mp flags evaluate customer-10001 -f table" },
    {
      text: "One flag, for a user of a plan",
      run: "mp flags evaluate customer-10001 barista-tools --property plan=Barista",
    },
    { text: "Decided here", run: "mp flags evaluate customer-10001 --local -f table" },
  ],
  operations: [evaluateFlags, getFlagDefinitions],
  input,
  async run(context, input) {
    const asked = contextOf(input);
    if (input.definitions !== undefined && !input.local) {
      throw inputError("Cannot use --definitions without --local", "add --local", "missing_argument");
    }
    if (input.local) await evaluateHere(context, asked, input);
    else await evaluateThere(context, asked, input);
  },
});

async function evaluateHere(context: Context, asked: EvaluationContext, choice: Input): Promise<void> {
  const definitions = readDefinitions(
    choice.definitions === undefined
      ? (await call(await context.client(), getFlagDefinitions, {})).data
      : await readFile(choice.definitions),
  );
  const decisions = decideAll(definitions, asked, choice.variant_order);
  const own = choice.flag === undefined ? decisions : decisions.filter(({ flag }) => flag === choice.flag);
  if (own.length === 0 && choice.flag !== undefined) {
    throw unknownFlag(choice.flag, decisions.map(({ flag }) => flag));
  }
  const data = answerOf(definitions, own);
  await context.print(jsonResult(data, { rows: own.map(rowOf), columns: COLUMNS }));
}

async function evaluateThere(context: Context, asked: EvaluationContext, choice: Input): Promise<void> {
  const client = await context.client();
  const answer = await call(client, evaluateFlags, { context: asked });
  const isJson = printsServerText(context);
  if (isJson && choice.flag === undefined) return await context.print(answer);
  const result = await ifUnderstood(context, () => answer.result());
  if (result === undefined) return await context.print(answer);
  const variants: Record<string, unknown> = "flags" in result ? result.flags as Record<string, unknown> : result;
  const own = choice.flag === undefined
    ? variants
    : Object.fromEntries(Object.entries(variants).filter(([key]) => key === choice.flag));
  const data = { flags: own };
  if (isJson && Object.keys(own).length > 0) return await context.print(jsonResult(data));
  const reasons = await explain(context, asked, choice);
  const known = [...new Set([...reasons?.keys() ?? [], ...Object.keys(variants)])];
  const keys = known.filter((key) => choice.flag === undefined || key === choice.flag);
  if (keys.length === 0 && choice.flag !== undefined && reasons !== undefined) {
    const unknown = unknownFlag(choice.flag, known);
    if (!isJson) throw unknown;
    // Programs get what Mixpanel says of a flag that is off, too.
    await context.note(`${unknown.message}; ${unknown.hint}`);
  }
  if (isJson) return await context.print(jsonResult(data));
  await context.print(jsonResult(data, { rows: keys.map((key) => told(key, own[key], reasons)), columns: COLUMNS }));
}

/** Why each flag is decided as it is. Undefined where the definitions cannot be had, which is no failure. */
async function explain(
  context: Context,
  asked: EvaluationContext,
  { variant_order }: Input,
): Promise<Map<string, Decision> | undefined> {
  try {
    const answer = await call(await context.client(), getFlagDefinitions, {}, { once: true });
    const decisions = decideAll(readDefinitions(answer.data), asked, variant_order);
    return new Map(decisions.map((decision) => [decision.flag, decision]));
  } catch (error) {
    if (!(error instanceof MpError) || error.category === "interrupted") throw error;
    // expected: any fault of the second request, since what Mixpanel decided is known by then
    await context.note(`Nothing is known about why: ${error.message}`);
    return undefined;
  }
}

/** A row of what Mixpanel decided. Its reason is known where the definitions lead to the same variant. */
function told(flag: string, variant: unknown, reasons: Map<string, Decision> | undefined): Row {
  const decision = reasons?.get(flag);
  const { variant_key: key = variant, variant_value: value = variant } = (variant ?? {}) as Record<string, unknown>;
  return { flag, variant: key, value, why: decision === undefined ? "" : whyOf(decision, key) };
}

/** A reason that is cut explains nothing. */
const COLUMNS = ["flag", "variant", "value", { key: "why", isSentence: true }];

function whyOf({ variant, why }: Decision, key: unknown): string {
  return variant?.key === key ? why : "Mixpanel knows more than the definitions say: a cohort, or an earlier variant";
}

function rowOf({ flag, variant, why }: Decision): Row {
  return { flag, variant: variant?.key, value: variant?.value, why };
}

function contextOf({ distinct_id, device_id, property = [], context = {} }: Input): EvaluationContext {
  const custom = { ...context.custom_properties, ...readAssignments(property) };
  const whole: Record<string, unknown> = { ...context, distinct_id };
  if (device_id !== undefined) whole.device_id = device_id;
  if (Object.keys(custom).length > 0) whole.custom_properties = custom;
  return checkAgainst(z.object({ context: evaluationContext }), { context: whole }, "evaluate flags").context;
}

async function readFile(path: string): Promise<unknown> {
  const content = await readNamedFile(path);
  try {
    return parseJson(content);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw inputError(`Cannot read ${path}: it is not JSON`, "make it with 'mp flags definitions -o FILE'", "bad_json");
  }
}

function unknownFlag(flag: string, known: readonly string[]): MpError {
  const near = nearest(flag, known);
  return new MpError(`Cannot find a flag ${JSON.stringify(flag)}: no enabled flag has this key`, {
    category: "not_found",
    hint: near === undefined ? "'mp flags list' shows all" : `did you mean ${near}? 'mp flags list' shows all`,
  });
}
