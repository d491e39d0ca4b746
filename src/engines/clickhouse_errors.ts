/** What ClickHouse's errors mean. */
import { oneLine } from "../client/wording.ts";
import { type ErrorCategory, MpError } from "../errors.ts";
import type { EngineAnswer } from "./engine_client.ts";

/** Codes that are told in words of our own, from ClickHouse's list of error codes. */
export const CLICKHOUSE_CODES = {
  unknownTable: 60,
  unknownDatabase: 81,
  unknownSetting: 115,
  timedOut: 159,
  readonly: 164,
  unknownUser: 192,
  wrongPassword: 193,
  requiredPassword: 194,
  accessDenied: 497,
  authenticationFailed: 516,
} as const;

const CODES = CLICKHOUSE_CODES;
const REFUSED_LOGINS: readonly number[] = [
  CODES.unknownUser,
  CODES.wrongPassword,
  CODES.requiredPassword,
  CODES.authenticationFailed,
];

const LOGIN_HINT = "set MP_CLICKHOUSE_USER and MP_CLICKHOUSE_PASSWORD";

/** `Code: 60. DB::Exception: Table default.x does not exist. (UNKNOWN_TABLE) (version 24.3.1)` */
const BEGIN = /^Code: (\d+)[.,] */,
  END =
    /(?: *\((?:version [^()]*(?:\([^()]*\))?|[A-Z][A-Z0-9_]+)\)|,? *e\.what\(\) = DB::Exception| *Stack trace:.*)+\s*$/s;

/** The error in an answer; undefined where it has none of ClickHouse's. */
export function clickHouseRefusal(action: string, { status, headers, text }: EngineAnswer): MpError | undefined {
  const [begin = "", number] = BEGIN.exec(text) ?? [];
  const code = Number(number ?? headers.get("x-clickhouse-exception-code") ?? NaN);
  if (Number.isNaN(code)) return undefined;
  const said = text.slice(begin.length).replace(END, "").replace(/^(?:e\.displayText\(\) = )?(?:DB::Exception: )+/, "");
  const message = oneLine(said);
  const [category, state, hint] = kindOf(code, status);
  return new MpError(`Cannot ${action}: ${state}${message === "" ? "" : ` (${code}: ${message})`}`, {
    category,
    code: `clickhouse_${code}`,
    hint,
    status,
    serverMessage: message,
  });
}

function kindOf(code: number, status: number): [category: ErrorCategory, state: string, hint?: string] {
  if (code === CODES.unknownTable) return ["not_found", "there is no such table"];
  if (code === CODES.unknownDatabase) return ["not_found", "there is no such database"];
  if (REFUSED_LOGINS.includes(code)) return ["auth", "ClickHouse does not accept the user or password", LOGIN_HINT];
  if (code === CODES.accessDenied) return ["auth", "the user may not do that", LOGIN_HINT];
  if (code === CODES.timedOut) return ["failure", "it took longer than ClickHouse allows"];
  return [status === 503 ? "server" : "failure", "ClickHouse refuses it"];
}
