/** A question of `mp query` as a statement: the command's own input, and no answer. */
import { z } from "zod";
import { choice, text } from "../../../api/params.ts";
import { prepareRequest } from "../../../client/prepare.ts";
import type { Client, Connection } from "../../../client/types.ts";
import type { Command, Example } from "../../../cli/command.ts";
import type { Context } from "../../../cli/context.ts";
import { refuseReportFormat } from "../../../cli/format_choice.ts";
import { jsonResult } from "../../../output/print.ts";
import { type Asked, askedBy } from "../../../lake/needs.ts";
import { SANDBOX } from "../../../sandbox/defaults.ts";
import { DIALECTS } from "../../../sql/dialects/index.ts";
import { type EngineName, ENGINES } from "../../../sql/dialect.ts";
import { sqlQuestion } from "../../../sql/sql_question.ts";
import { zoneOfVariable } from "../../query/shared/from_files.ts";
import { SOURCE_FLAGS } from "../../query/shared/source_flags.ts";
import { tableOf } from "./lake_table.ts";

/** What means nothing to a statement, or is asked of Mixpanel before the question. */
const NOT_IN_SQL = [
  ...["source", "preset", "map", "link", "compare", "check_properties", "server_format", "print_params", "curve"],
  ...["bookmark_id", "workspace_id", "timezone", "metric", "cohort_size", "by_cohort", "cohort", "not_cohort"],
];

/** How a statement is written. */
const SQL_FLAGS = {
  engine: choice(
    [...ENGINES] as [EngineName, ...EngineName[]],
    `The engine whose SQL it is: ${ENGINES.slice(0, -1).join(", ")} or ${ENGINES.at(-1)}`,
  ).meta({ placeholder: "ENGINE" }),
  table: text("The table of events, with dots between the parts of its name; default events", { placeholder: "NAME" })
    .optional(),
  lake: text("Take the names and types of columns from this folder of Parquet; DuckDB reads it in place of a table", {
    placeholder: "PATH",
  }).optional(),
  tz: SOURCE_FLAGS.tz.meta({
    placeholder: "ZONE",
    description: "The project's time zone, by which days are cut; default MP_SOURCE_TZ or UTC",
  }),
};

interface SqlFlags {
  engine: EngineName;
  table?: string;
  lake?: string;
  tz?: string;
}

interface QuestionInSql {
  summary: string;
  examples: readonly Example[];
  /** Throws for input that makes several questions. */
  check?(input: Record<string, unknown>): void;
}

export function inSql(command: Command, { summary, examples, check }: QuestionInSql): Command {
  const { args, dateRange, input } = command;
  const own = Object.entries(input.shape).filter(([name]) => !NOT_IN_SQL.includes(name));
  return {
    summary,
    examples,
    args: args?.filter((name) => !NOT_IN_SQL.includes(name)),
    dateRange,
    description:
      `Prints one statement, which asks the engine's table of events what 'mp query' asks Mixpanel. Nothing is sent.
Its comment says what it does not look at. See 'mp help engines'.`,
    input: z.object({ ...Object.fromEntries(own), ...SQL_FLAGS }),
    async run(context, given, typedDays) {
      const { engine, table, lake, tz, ...asked } = given as SqlFlags & Record<string, unknown>;
      if (context.globals.format !== "json") refuseReportFormat(context, "a statement");
      check?.(asked);
      const dialect = DIALECTS[engine];
      const question = await caughtQuestion(context, (asking) => command.run(asking, asked, typedDays));
      const { statement } = sqlQuestion(question, {
        table: await tableOf(context, dialect, { table, lake }),
        dialect,
        timeZone: tz ?? zoneOfVariable(context) ?? "UTC",
        nowMs: context.clock.now(),
      });
      const isText = context.globals.format !== "json" && context.globals.jq === undefined;
      const { project_id: _, ...fields } = Object.fromEntries(question.fields);
      const data = { engine, question: { path: question.path, ...fields }, statement };
      await context.print(isText ? { text: statement, data, isText } : jsonResult(data));
    },
  };
}

/** Thrown in place of sending. */
class Caught extends Error {
  constructor(readonly question: Asked) {
    super("The question was written down, and not asked");
    this.name = "Caught";
  }
}

const CONNECTION: Connection = {
  region: "us",
  projectId: String(SANDBOX.projectId),
  credentials: { serviceAccount: { username: "nobody", secret: "" } },
  timeoutMs: 0,
  pacing: false,
  proxy: {},
};

/** The question that a command asks first. */
async function caughtQuestion(context: Context, ask: (context: Context) => Promise<unknown>): Promise<Asked> {
  const client: Client = {
    connection: CONNECTION,
    async send(request) {
      const { url, body, headers } = await prepareRequest(request, CONNECTION);
      throw new Caught(await askedBy(new Request(url, { method: request.method, body: body as BodyInit, headers })));
    },
  };
  try {
    await ask({
      ...context,
      env: { ...context.env, MP_SOURCE: undefined },
      client: () => Promise.resolve(client),
      known: () => Promise.resolve([]),
    });
  } catch (error) {
    for (let one = error; one instanceof Error; one = one.cause) if (one instanceof Caught) return one.question;
    throw error;
  }
  throw new Error("The command has asked nothing");
}
