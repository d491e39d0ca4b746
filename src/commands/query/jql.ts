import { z } from "zod";
import { call } from "../../api/call.ts";
import { jql } from "../../api/jql.ts";
import { jsonText, text } from "../../api/params.ts";
import { fromDate, toDate } from "../../api/query_params.ts";
import { readAssignments } from "../../cli/assignments.ts";
import { command } from "../../cli/command.ts";
import type { Context } from "../../cli/context.ts";
import { printsServerText } from "../../cli/format_choice.ts";
import { tellGap } from "../../cli/list_gap.ts";
import { dataView } from "../../cli/scope.ts";
import { ifUnderstood } from "../../cli/operation_command.ts";
import { inputError } from "../../errors.ts";
import type { Row } from "../../output/row.ts";
import { readNamedText } from "../../cli/named_file.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { onlyMixpanel } from "./shared/from_files.ts";

export default onlyMixpanel(
  command({
    description:
      `Sends a script with a function main() to Mixpanel and prints what it returns. Parameters are the script's global
params: --param NAME=TEXT, NAME:=JSON for numbers and lists, or all of them as --params '{…}'.`,
    args: ["file"],
    dateRange: true,
    examples: [
      {
        text: "Events of the last week by country",
        run: `mp query jql --last 7d --code 'function main() {
  return Events(params)
    .groupBy(["properties.mp_country_code"], mixpanel.reducer.count())
}'`,
      },
      {
        text: "Profiles by plan, as CSV",
        run: `echo 'function main() {
  return People().groupBy(["properties.plan"], mixpanel.reducer.count())
}' | mp query jql - -f csv`,
      },
    ],
    operations: [jql],
    input: z.object({
      file: text("A file with the script; - reads standard input").optional(),
      code: text("The script itself, in place of a file", { placeholder: "SCRIPT", short: "e" }).optional(),
      param: z.array(z.string()).optional().meta({
        placeholder: "NAME=TEXT",
        description: "A parameter of the script, or NAME:=JSON",
      }),
      params: jsonText(z.record(z.string(), z.unknown()), "All parameters as a JSON object, or @FILE", {
        input: "json",
      })
        .optional(),
      from_date: fromDate.optional(),
      to_date: toDate.optional(),
    }),
    async run(context, { file, code, param = [], params, from_date, to_date }) {
      const script = await readScript(context, file, code);
      const range = from_date === undefined ? {} : { from_date, to_date };
      const given = { ...range, ...params, ...readAssignments(param) };
      const client = await context.client();
      const answer = await call(client, jql, {
        script,
        params: Object.keys(given).length === 0 ? undefined : given,
        ...dataView(client),
      }, { partial: true });
      const rows = printsServerText(context)
        ? undefined
        : await ifUnderstood(context, () => answer.result().map(rowOf));
      await context.print({ text: answer.text, data: answer.data, rows });
      return await tellGap(context, answer);
    },
  }),
  "a JQL script runs in Mixpanel alone",
);

async function readScript(context: Context, file: string | undefined, code: string | undefined): Promise<string> {
  if ((file === undefined) === (code === undefined)) {
    throw inputError(
      file === undefined ? "Cannot run query jql: there is no script" : "Cannot run a file and --code together",
      "name a file with a function main(), or give the script with --code",
      "missing_argument",
    );
  }
  const script = code ?? await readNamedText(file!, context.stdin);
  if (/\bmain\b/.test(script)) return script;
  throw inputError(
    "Cannot run the script: it has no function main()",
    `function main() { return Events({ from_date: "2026-11-01", to_date: "2026-11-07" }) }`,
    "bad_script",
  );
}

/** An item as a row: group keys get columns of their own, and so do the fields of a value. */
function rowOf(item: unknown): Row {
  if (Array.isArray(item)) return Object.fromEntries(item.map((value, index) => [`value_${index + 1}`, value]));
  if (!isObject(item)) return { value: item };
  const { key, value, ...rest } = item;
  if (!Array.isArray(key)) return item;
  const keys = Object.fromEntries(key.map((part, index) => [`key_${index + 1}`, part]));
  if (Array.isArray(value)) return { ...keys, ...Object.fromEntries(value.map((one, at) => [`value_${at + 1}`, one])) };
  return { ...keys, ...(isObject(value) ? value : { value }), ...rest };
}
