/** `--source clickhouse://…`: a question as a statement that an engine runs, whose rows become the API's answer. */
import type { Context } from "../../../cli/context.ts";
import { transportFor } from "../../../cli/transport.ts";
import { rememberSecret } from "../../../client/redact.ts";
import { type EngineAddress, engineAddress } from "../../../engines/engine_address.ts";
import type { Engine } from "../../../engines/engine.ts";
import { openEngine } from "../../../engines/open_engine.ts";
import { plainPasswordNote } from "../../../engines/plain_password.ts";
import { inputError } from "../../../errors.ts";
import { askedBy } from "../../../lake/needs.ts";
import { cleanForTerminal } from "../../../output/clean.ts";
import { formatCount, formatDuration } from "../../../output/format.ts";
import type { SqlRow } from "../../../sql/asking.ts";
import type { Dialect } from "../../../sql/dialect.ts";
import { DIALECTS } from "../../../sql/dialects/index.ts";
import { sqlQuestion } from "../../../sql/sql_question.ts";
import type { SqlTable } from "../../../sql/sql_table.ts";
import { stringifyJson } from "../../../streams/json/json.ts";
import { VERSION } from "../../../version.ts";
import { answeringClient } from "./answering_client.ts";
import { tableOfEngine } from "./engine_table.ts";
import type { WantedSource } from "./source_flags.ts";

/** A statement runs as long as an engine needs for a large table. */
const TIMEOUT_MS = 600_000;

/** Runs `ask` with a context whose client answers from a table in an engine. */
export async function withEngine<T>(
  context: Context,
  { paths, tz = "UTC", preset, map }: WantedSource,
  ask: (context: Context) => Promise<T>,
): Promise<T> {
  const address = addressOf(paths);
  for (const [name, value] of Object.entries({ preset, map })) {
    if (value !== undefined) {
      throw inputError(
        `Cannot use --${name} with ${address.shown}: it says how files are read`,
        "a view in the engine can rename columns",
        "bad_flags",
      );
    }
  }
  if (context.globals.dryRun) {
    throw inputError(
      "Cannot use --dry-run with --source: nothing is sent to Mixpanel",
      "'mp sql' prints the statement of a question",
      "bad_flags",
    );
  }
  let opened: Promise<Asking> | undefined;
  const source = () => opened ??= open(context, address);
  const client = answeringClient(context, address.shown, async (request) => {
    const asked = await askedBy(request);
    const { engine, table, dialect } = await source();
    const { statement, answer } = sqlQuestion(asked, { table, dialect, timeZone: tz, nowMs: context.clock.now() });
    if (context.globals.verbose) await context.note(cleanForTerminal(statement.trimEnd()));
    const startedMs = performance.now();
    const rows = await engine.rows(statement, context.signal) as SqlRow[];
    const time = formatDuration(performance.now() - startedMs);
    await context.note(`Asked ${address.shown} in ${time}: ${formatCount(rows.length, "row")}`);
    for (const remark of remarksOf(statement)) await context.note(`  ${cleanForTerminal(remark)}`);
    return new Response(stringifyJson(answer(rows)), { headers: { "content-type": "application/json" } });
  });
  return await ask({
    ...context,
    client: () => Promise.resolve(client),
    async known({ kind }) {
      // All events of a table would have to be read for their names.
      return kind === "properties" ? [...(await source()).table.columns!.keys()] : [];
    },
  });
}

/** What the statement does not look at: the sentences of its comment, which begins with the question. */
function remarksOf(statement: string): string[] {
  const [comment = ""] = /^(?:-- .*\n)*/.exec(statement) ?? [];
  return comment.split("\n").filter((line) => line.endsWith(".")).map((line) => line.replace(/^-- /, ""));
}

function addressOf(paths: readonly string[]): EngineAddress {
  const [path = "", ...others] = paths;
  if (others.length === 0) return engineAddress(path);
  throw inputError(
    "Cannot ask several sources of which one is an engine: a statement is for one table",
    "name one --source; a view in the engine can join tables",
    "bad_flags",
  );
}

interface Asking {
  engine: Engine;
  dialect: Dialect;
  table: SqlTable;
}

async function open(context: Context, address: EngineAddress): Promise<Asking> {
  const { env, clock, globals, signal } = context;
  const dialect = DIALECTS[address.engine];
  const from = address.table.map((part) => dialect.identifier(part)).join(".");
  const engine = await openEngine(address, {
    table: from,
    env,
    clock,
    userAgent: `mp/${VERSION}`,
    transport: async () => await transportFor(await context.settings(), globals.timeoutMs ?? TIMEOUT_MS),
    timeoutMs: globals.timeoutMs ?? TIMEOUT_MS,
    onSecret: rememberSecret,
  });
  const note = plainPasswordNote(address, env);
  if (note !== undefined) await context.note(note);
  const columns = await engine.columns(signal);
  const lastTime = async (column: string) => {
    const [[last] = []] = await engine.rows(`SELECT max(${dialect.identifier(column)}) FROM ${from}`, signal);
    return Number(last ?? 0);
  };
  return { engine, dialect, table: await tableOfEngine({ shown: address.shown, from, columns, lastTime }) };
}
