/** Reads the bodies that Mixpanel's servers send with an error: JSON of several families, plain text, HTML. */
import { oneLine } from "./wording.ts";
import { isObject } from "../streams/json/is_object.ts";

export interface ErrorBody {
  /** The server's words, on one line. */
  message?: string;
  /** Whether the body is one of Mixpanel's own error objects: the endpoint exists, and says no. */
  isMixpanels: boolean;
  requestId?: string;
  /** The server's own short name of the error: `INVALID_PARAM`. */
  errorCode?: string;
  /** The parameter that the server complains of. */
  parameter?: string;
  /** Of a strict import: the refused records, as the server describes them (objects, or texts). */
  failedRecords?: readonly unknown[];
  importedCount?: number;
}

type Fields = Record<string, unknown>;

/** Larger answers are data. */
const LONGEST_ERROR = 64 * 1024;

/** Keys that stand beside `error` in an error object. A report that has a property called `error` has others. */
const ERROR_KEYS: ReadonlySet<string> = new Set([
  "code",
  "details",
  "error",
  "error_code",
  "error_description",
  "error_uri",
  "failed_records",
  "message",
  "num_good_events",
  "num_records_imported",
  "request",
  "request_id",
  "status",
  "type",
]);

/** Reads the body of an answer that is known to be an error. */
export function readErrorBody(text: string): ErrorBody {
  const body = text.trim();
  if (body === "") return { isMixpanels: false };
  const value = parsed(body);
  if (isObject(value)) return fromFields(value);
  if (value !== undefined) return { message: oneLine(body), isMixpanels: false };
  if (/^<(!doctype|html|head|body|\?xml)/i.test(body)) return { message: pageSummary(body), isMixpanels: false };
  return { message: oneLine(body), isMixpanels: false };
}

/** What an answer is that is none of those that were expected, in a few words. */
export function seenInstead(text: string): string {
  if (text.trim() === "") return "an empty answer";
  return oneLine(readErrorBody(text).message ?? text, 200);
}

/**
 * The error inside an answer whose status says success, or undefined.
 *
 * The trackers answer 200 to what they refuse, with `0` or `{"status": 0, "error": …}`; older query endpoints
 * and some of the App API send 200 with an `error`.
 */
export function errorInSuccess(text: string, isTracker: boolean): ErrorBody | undefined {
  if (isTracker && text.trim() === "0") return { isMixpanels: true };
  if (text.length > LONGEST_ERROR || !/"error"\s*:/.test(text)) return undefined;
  const body = text.trim();
  // With a callback the answer is a call of it.
  const value = parsed(isTracker ? /^[\w$.]+\((\{.*\})\);?$/s.exec(body)?.[1] ?? body : body);
  if (!isObject(value)) return undefined;
  const { error, status } = value;
  const isRefusal = isTracker && (status === 0 || status === "0");
  const saysError = status === "error" && isPresent(error);
  const onlyError = typeof error === "string" && error !== "" && status !== "ok" && status !== 1 &&
    Object.keys(value).every((key) => ERROR_KEYS.has(key));
  return isRefusal || saysError || onlyError ? fromFields(value) : undefined;
}

function fromFields(fields: Fields): ErrorBody {
  const failed = fields.failed_records;
  const imported = fields.num_records_imported;
  const requestId = fields.request_id;
  const words = [described(fields.error) ?? described(fields.message)];
  words.push(described(fields.error_description), described(fields.details));
  const message = oneLine([...new Set(words.filter((part) => part !== undefined))].join(": "));
  const errorCode = shortText(fields.error_code);
  return {
    message: message === "" ? undefined : message,
    isMixpanels: isPresent(fields.error) || errorCode !== undefined || fields.status === "error" ||
      Array.isArray(failed),
    requestId: typeof requestId === "string" ? oneLine(requestId, 100) : undefined,
    errorCode,
    parameter: isObject(fields.details) ? shortText(fields.details.parameter ?? fields.details.field) : undefined,
    failedRecords: Array.isArray(failed) ? failed : undefined,
    importedCount: typeof imported === "number" ? imported : undefined,
  };
}

function shortText(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text.trim() !== "" ? oneLine(text, 100) : undefined;
}

/** Texts are themselves; objects are their message, or their fields: `name: must not be empty`. */
function described(value: unknown): string | undefined {
  if (typeof value === "string") return value.trim() === "" ? undefined : value.trim();
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) {
    const parts = value.slice(0, 20).map(described).filter((part) => part !== undefined);
    return parts.length === 0 ? undefined : parts.join("; ");
  }
  if (!isObject(value)) return undefined;
  const own = described(value.message) ?? described(value.error) ?? described(value.detail);
  if (own !== undefined) {
    const field = described(value.parameter) ?? described(value.field);
    const isNamed = field === undefined || own.startsWith(field) || own.includes(`'${field}'`);
    return isNamed ? own : `${field}: ${own}`;
  }
  const parts = Object.entries(value).slice(0, 20).flatMap(([name, item]) => {
    const text = described(item);
    return text === undefined ? [] : [`${name}: ${text}`];
  });
  return parts.length === 0 ? undefined : parts.join("; ");
}

/** A page's title, which is all that a person wants of it; without one, how its text begins. */
function pageSummary(html: string): string {
  const title = /<title[^>]*>([\s\S]*?)<\/title>/i.exec(html)?.[1] ?? /<h1[^>]*>([\s\S]*?)<\/h1>/i.exec(html)?.[1];
  const text = title ?? html.replace(/<(script|style)\b[\s\S]*?(<\/\1>|$)/gi, " ");
  const words = oneLine(text.slice(0, 10_000).replace(/<[^>]*>/g, " "), 120);
  return words === "" ? "an HTML page" : `an HTML page: ${words}`;
}

function parsed(text: string): unknown {
  if (!/^[[{"]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch { // expected: SyntaxError, for a body that is no JSON
    return undefined;
  }
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && value !== false;
}
