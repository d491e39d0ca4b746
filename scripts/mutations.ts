/** Lines to break, and the tests that have to notice; `scripts/mutate.ts` does it. */

import { join } from "node:path/posix";

/** One way of being wrong. */
export interface Mutation {
  file: string;
  /** A piece of the file that is in it exactly once. Short, so that it lives through changes around it. */
  text: string;
  /** What stands there instead. */
  becomes: string;
  /** Files or folders of tests, one of which has to fail. */
  tests: readonly string[];
}

/** All mutations, by the room that they are in. */
export const MUTATIONS: readonly Mutation[] = [
  ...room("client", [
    ["attempts.ts", "!history.repeatable && !rule.isUnexecuted", "false", "attempts_test.ts"],
    ["attempts.ts", "count >= attempts", "count > attempts", "attempts_test.ts"],
    ["attempts.ts", "growth ** (count - 1)", "growth ** count", "attempts_test.ts"],
    ["retry.ts", "&& cause.sent === sent", "", "retry_test.ts"],
    ["redact.ts", "secret.length >= LEAST_UNMISTAKABLE && ", "false && ", "redact_test.ts"],
    ["redirects.ts", 'url.username = url.password = "";', "", "redirects_test.ts"],
    ["redirects.ts", "url.origin !== exchange.url.origin &&", "false &&", "redirects_test.ts"],
    ["redirects.ts", "answer.status === 303", "answer.status === 302", "redirects_test.ts"],
    ["errors.ts", "405) && !body.isMixpanels", "405)", "errors_test.ts"],
    ["errors.ts", "importedCount !== undefined || (failedRecords", "(failedRecords", "errors_test.ts"],
    ["pacing/ledger.ts", "freeAt > now)", "freeAt > now + 1000)", "pacing/ledger_test.ts"],
    ["pacing/ledger.ts", "endLease(lease, counted)", "endLease(lease, true)", "pacing/ledger_test.ts"],
    ["pacing/ledger.ts", "status === 429 ? parse", "status === 503 ? parse", "pacing/ledger_test.ts"],
  ]),
  ...room("cli", [
    ["storage_at.ts", "if (secret) rememberSecret(env[name])", "", "transport_test.ts"],
    ["storage_at.ts", "onSecret: rememberSecret,", "", "transport_test.ts"],
  ]),
  ...room("jobs/import", [
    ["checkpoint.ts", "mark.head === before.head", "true", "checkpoint_test.ts"],
    ["checkpoint.ts", "await sync();", "", "checkpoint_test.ts"],
    ["deliver.ts", "while (this.#units[0]?.isAnswered)", "while (this.#units.length > 0)", ""],
    ["resend.ts", ", isLeast: true", "", "resend_test.ts"],
  ]),
  ...room("jobs/export", [
    ["to_folder.ts", "before.crc32 !== entry.crc32", "before.bytes !== entry.bytes", "to_folder_test.ts"],
    ["days.ts", "one > other ? one", "one < other ? one", "to_folder_test.ts"],
    ["to_folder.ts", "&& before.crc32 === crc32", "", "to_folder_test.ts"],
    ["spool.ts", "sum.hex() === slice.crc32", "true", "spool_test.ts"],
  ]),
  ...room("sandbox", [
    ["quotas.ts", "if (isReleased) return;", "", "quotas_test.ts"],
    ["quotas.ts", "left > 0 && !isCrowded", "left >= 0 && !isCrowded", "quotas_test.ts"],
  ]),
  ...room("storage", [
    ["objects/store_client.ts", "&& status !== 501", "", "contract_test.ts"],
  ]),
  ...room("records", [
    ["map/local_clock.ts", "{ ms: before, change", "{ ms: after, change", "map/map_time_test.ts"],
    ["map/local_clock.ts", "[before, after].filter", "[after, before].filter", "map/map_time_test.ts"],
    ["map/local_clock.ts", "return localMs - offset.ms", "return localMs + offset.ms", "map/map_time_test.ts"],
    ["check/ready_event.ts", "length > LIMITS.insertIdCharacters", "length > 64", "check"],
    ["check/event_rules.ts", "MAX_AHEAD_SECONDS = 3600", "MAX_AHEAD_SECONDS = 36_000", "check"],
    ["check/event_rules.ts", "PLACEHOLDER_IDS.has(text.toLowerCase())", "PLACEHOLDER_IDS.has(text)", "check"],
  ]),
  ...room("streams", [
    ["json/json_spans.ts", "if (isProperties) this.#hasPropertiesKey = true;", "", "json/json_spans_test.ts"],
    ["csv/csv.ts", `'"' + (text.includes`, `"" + (text.includes`, "csv/csv_test.ts"],
    ["csv/delimited_rows.ts", "quote >= 0 && quote < at", "quote >= 0 && false", "csv/delimited_rows_test.ts"],
    ["lines.ts", "start < chunk.length", "start + 1 < chunk.length", "lines_test.ts"],
    ["lines.ts", "if (heldBytes > 0) yield", "if (heldBytes > 1) yield", "lines_test.ts"],
  ]),
  ...room("runtime/compression", [
    ["inflate.ts", "[this.#at++] !== 0) throw", "[this.#at++] === 1) throw", "inflate_test.ts"],
  ]),
  ...room("expressions", [
    ["operators.ts", "value === undefined ? true :", "", "evaluate_test.ts"],
    ["operators.ts", "Number.isFinite(result) ? result : undefined", "result", "evaluate_test.ts"],
    ["evaluate.ts", "evaluate(scope) === true", "evaluate(scope) !== false", "evaluate_test.ts"],
  ]),
  ...room("analytics", [
    ["funnel_attempts.ts", "orders[position] <= order", "orders[position] < order", "funnel_test.ts"],
    ["funnel_attempts.ts", "- startMs > windowMs", "- startMs >= windowMs", "funnel_test.ts"],
    ["retention.ts", ".order === birth.order", ".timeMs === birth.timeMs", "retention_test.ts"],
    ["retention.ts", "unbounded ? lastInterval + 1", "unbounded ? 0", "retention_test.ts"],
    ["segmentation.ts", "index < 0 ||", "", "series_test.ts"],
  ]),
  ...room("output", [
    ["clean.ts", "\\x1f\\x7f-\\x9f\\u00ad", "\\x1f\\x7f\\u00ad", "clean_test.ts"],
    ["clean.ts", ".replace(INVISIBLE, unicodeEscape)", "", "clean_test.ts"],
    ["table.ts", "rigid: isNumeric || isPicture || isWhole", "rigid: false", "table_test.ts"],
  ]),
  ...room("settings", [
    ["file.ts", "{ mode: 0o600 }", "{}", "file_test.ts"],
    ["file.ts", "0o022", "0o002", "file_test.ts"],
  ]),
];

/** A room's mutations: what is changed in which file, and what in the room's folder of tests has to notice. */
function room(
  name: string,
  changes: readonly (readonly [file: string, text: string, becomes: string, test: string])[],
): Mutation[] {
  return changes.map(([file, text, becomes, test]) => (
    { file: `src/${name}/${file}`, text, becomes, tests: [join("tests", name, test)] }
  ));
}
