/** What is done to records on their way from a source to the rules: mapping, and repairs. */
import { parseExactJson, stringifyJson } from "../../streams/json/json.ts";
import { type RecordCheck, RefusedRecord } from "./record_check.ts";
import type { RecordFixer } from "../map/fix_record.ts";
import { MapProblem } from "../map/map_problem.ts";
import type { RecordMapper } from "../map/map_record.ts";

export interface Preparation {
  /** To Mixpanel's layout. */
  map: RecordMapper;
  /**
   * Whether there is more to map than the layout. If not, lines in Mixpanel's own layout are sent as they are, without
   * being parsed.
   */
  changesAll: boolean;
  /** Repairs what the rules would reject. */
  fix?: RecordFixer;
}

const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A check that maps records before they are checked, and repairs those that are not taken as they are. */
export function preparedCheck(rules: RecordCheck, { map, changesAll, fix }: Preparation): RecordCheck {
  const fixes = new Map<string, number>();

  const mapped = (value: unknown, text: string | undefined, nowMs: number): Uint8Array | RefusedRecord => {
    const record = map(value);
    if (record instanceof MapProblem) {
      return new RefusedRecord(record.reason, record.field, text ?? stringifyJson(value), record.isSkipped);
    }
    const result = rules.value(record, nowMs);
    return result instanceof RefusedRecord ? repaired(result, record, nowMs) : result;
  };

  const repaired = (refused: RefusedRecord, record: unknown, nowMs: number): Uint8Array | RefusedRecord => {
    const outcome = fix?.(record);
    if (outcome === undefined || outcome.fixes.length === 0) return refused;
    const result = rules.value(outcome.record, nowMs);
    if (result instanceof RefusedRecord) return refused;
    for (const kind of outcome.fixes) fixes.set(kind, (fixes.get(kind) ?? 0) + 1);
    return result;
  };

  return {
    fixes,
    // Most lines keep all rules.
    ready: changesAll ? undefined : rules.ready,
    line(line, nowMs) {
      const asItIs = changesAll ? undefined : rules.line(line, nowMs);
      if (asItIs instanceof Uint8Array || (asItIs === undefined && !changesAll)) return asItIs;
      const parsed = parseLine(line);
      // What is no JSON or no text is told of by the rules.
      if (parsed === undefined) return asItIs ?? rules.line(line, nowMs);
      const { value, text } = parsed;
      return asItIs === undefined || isFlat(value) ? mapped(value, text, nowMs) : repaired(asItIs, value, nowMs);
    },
    value: (value, nowMs) => mapped(value, undefined, nowMs),
  };
}

function parseLine(line: Uint8Array): { value: unknown; text: string } | undefined {
  try {
    const text = strictDecoder.decode(line).trim();
    return { value: parseExactJson(text), text };
  } catch {
    return undefined;
  }
}

/** An event whose properties stand beside its name, as a row of a table has them. */
function isFlat(value: unknown): boolean {
  return typeof value === "object" && value !== null && "event" in value && !("properties" in value);
}
