/** `-o clickhouse://host/db.table`: an export into a table. */
import type { Context } from "../../../cli/context.ts";
import { transportFor } from "../../../cli/transport.ts";
import { rememberSecret } from "../../../client/redact.ts";
import { ClickHouseServer } from "../../../engines/clickhouse_server.ts";
import { type EngineAddress, engineAddress, isEngineAddress } from "../../../engines/engine_address.ts";
import { plainPasswordNote } from "../../../engines/plain_password.ts";
import { inputError } from "../../../errors.ts";
import type { OutputFormat } from "../../../jobs/export/output_format.ts";
import type { Split } from "../../../jobs/export/split.ts";
import { tableFolder } from "../../../jobs/export/to_clickhouse.ts";
import { VERSION } from "../../../version.ts";

/** Rows are written in pieces, and each is answered when it is there. */
const TIMEOUT_MS = 600_000;

export interface TableAddress {
  kind: "table";
  address: EngineAddress;
}

/** The table that an output names; undefined for files. */
export function tableAddress(output: string | undefined): TableAddress | undefined {
  if (output === undefined || !isEngineAddress(output)) return undefined;
  const address = engineAddress(output);
  if (address.engine === "clickhouse") return { kind: "table", address };
  throw inputError(
    `Cannot export to ${address.shown}: rows are loaded into ClickHouse alone`,
    "export to a folder with -f parquet: 'mp lake ddl' makes it a table of that engine",
    "bad_address",
  );
}

/** @throws MpError (input) for a file that holds no certificate */
export async function openTableTarget(
  context: Context,
  { address }: TableAddress,
  { split, output }: { split: Split; output: OutputFormat },
): Promise<ReturnType<typeof tableFolder>> {
  const { env, clock, globals, signal } = context;
  const note = plainPasswordNote(address, env);
  if (note !== undefined) await context.note(note);
  const timeoutMs = globals.timeoutMs ?? TIMEOUT_MS;
  const server = new ClickHouseServer(address, {
    env,
    clock,
    userAgent: `mp/${VERSION}`,
    transport: await transportFor(await context.settings(), timeoutMs),
    timeoutMs,
    onSecret: rememberSecret,
    verb: "export to",
  });
  return tableFolder({ server, address, split, output, signal, note: (line) => context.note(line) });
}
