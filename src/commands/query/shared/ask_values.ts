/** Values of flags that name parts of a report: properties, ranges of numbers, what is counted, windows of time. */
import { inputError } from "../../../errors.ts";
import { parseExpression } from "../../../expressions/parse.ts";
import { type Expression, ExpressionError } from "../../../expressions/syntax.ts";
import type { TypedEvent } from "./typed_event.ts";
import type {
  Breakdown,
  Counted,
  Measure,
  PropertyRef,
  PropertyType,
  ReportStep,
  WindowUnit,
} from "../../../reports/report.ts";

const CUSTOM_PROPERTY = /^\$custom_property:(\d+)$/;
const CUSTOM_EVENT = /^\$custom_event:(\d+)$/;
const BUCKETS = /^(.+):(\d+(?:\.\d+)?)(?::(-?\d+(?:\.\d+)?)-(-?\d+(?:\.\d+)?))?$/s;
const TYPED = /^(.+):(string|number|boolean|datetime|list)$/s;

/**
 * `plan`, `user.plan`, `$custom_property:42`, or as expressions have it: `properties["plan"]`, `user["plan"]`.
 *
 * @throws MpError (input) for an expression that is more than a property.
 */
export function propertyOf(typed: string, type: PropertyType = "string"): PropertyRef {
  const [, custom] = CUSTOM_PROPERTY.exec(typed) ?? [];
  if (custom !== undefined) return { name: "", source: "events", type, customPropertyId: wholeNumber(custom) };
  if (/^(properties|user)\[/.test(typed)) return { ...referenceOf(typed), type };
  const [, ofUser] = /^user\.(.+)$/s.exec(typed) ?? [];
  return ofUser === undefined ? { name: typed, source: "events", type } : { name: ofUser, source: "people", type };
}

function referenceOf(typed: string): Pick<PropertyRef, "name" | "source"> {
  const expression = parsedOrNot(typed);
  if (expression?.kind === "reference") {
    return { name: expression.name, source: expression.source === "user" ? "people" : "events" };
  }
  throw inputError(
    `Cannot use ${JSON.stringify(typed)} as a property: a report takes a property, and no expression`,
    'write plan, user.plan, properties["plan"] or user["plan"]',
    "bad_property",
  );
}

function parsedOrNot(typed: string): Expression | undefined {
  try {
    return parseExpression(typed);
  } catch (error) {
    // expected: what begins like an expression and is none
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

/** A property, with the width of its ranges or its type behind a colon: `amount:10`, `amount:10:0-100`, `beta:boolean`. */
export function breakdownOf(typed: string): Breakdown {
  // The digits after a custom property are its id.
  const isCustom = CUSTOM_PROPERTY.test(typed);
  const [, ranged, size, min, max] = isCustom ? [] : BUCKETS.exec(typed) ?? [];
  const isFalling = min !== undefined && Number(min) >= Number(max);
  if (isFalling || Number(size) === 0 || (ranged === undefined && !isCustom && /:-?\d[\d.:-]*$/.test(typed))) {
    throw inputError(
      `Cannot split by ${JSON.stringify(typed)}: ${
        isFalling ? "its ranges end before they begin" : "the width of its ranges is not a number above 0"
      }`,
      'write --by amount:10, or --by amount:10:0-100; a name with a colon and digits is properties["a:1"]',
      "bad_property",
    );
  }
  if (ranged !== undefined) {
    return {
      kind: "property",
      property: propertyOf(ranged, "number"),
      buckets: { size: Number(size), ...(min !== undefined && { min: Number(min), max: Number(max) }) },
    };
  }
  const [, name = typed, type] = TYPED.exec(typed) ?? [];
  return { kind: "property", property: propertyOf(name, type as PropertyType | undefined) };
}

const WORDS_OF_TEXT = ["unique_values", "most_frequent", "first_value"];
const OWN_PERCENTILES = ["p25", "p75", "p90", "p99"];

/** `total`, `unique`, `total:amount`, `p95:amount`; with `perUser` a number of each user first. */
export function measureOf(typed: string, perUser?: string): Measure {
  const [, math = typed, property] = /^(\w+):(.+)$/s.exec(typed) ?? [];
  const [, percentile] = /^p(\d+(?:\.\d+)?)$/.exec(math) ?? [];
  const isOwn = percentile === undefined || OWN_PERCENTILES.includes(math);
  const type = WORDS_OF_TEXT.includes(math) ? "string" : "number";
  return {
    math: isOwn ? math : "custom_percentile",
    ...(property !== undefined && { property: propertyOf(property, type) }),
    ...(perUser !== undefined && { perUser }),
    ...(!isOwn && { percentile: Number(percentile) }),
  };
}

/** An event by its name, or a custom event by its id: `$custom_event:7`. */
export function countedOf(name: string): Counted {
  const id = customEventId(name);
  return id === undefined ? { type: "event", event: name } : { type: "custom_event", id };
}

/** An event of a funnel or of retention, with conditions of its own. */
export function reportStepOf({ name, filter }: TypedEvent): ReportStep {
  const id = customEventId(name);
  return { event: name, ...(id !== undefined && { customEventId: id }), ...(filter !== undefined && { filter }) };
}

export function customEventId(typed: string): number | bigint | undefined {
  const [, digits] = CUSTOM_EVENT.exec(typed) ?? [];
  return digits === undefined ? undefined : wholeNumber(digits);
}

const wholeNumber = (digits: string): number | bigint =>
  Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits);

/** @throws MpError (input) for what is no numeric id. */
export function typedId(flag: string, typed: string, list: string): number | bigint {
  if (/^\d+$/.test(typed)) return wholeNumber(typed);
  throw inputError(
    `Cannot use ${flag} ${JSON.stringify(typed)}: not a numeric id`,
    `'${list}' shows what there is`,
    "bad_id",
  );
}

const UNITS: Readonly<Record<string, WindowUnit>> = {
  s: "second",
  m: "minute",
  h: "hour",
  d: "day",
  w: "week",
  mo: "month",
};

/** `7d`, `2h`, `1month`, `1session`. */
export function windowOf(typed: string): { length: number; unit: WindowUnit } {
  const [, number, word = ""] = /^(\d+)\s*([a-z]+?)s?$/.exec(typed.trim().toLowerCase()) ?? [];
  const unit = UNITS[word] ?? ([...Object.values(UNITS), "session"] as WindowUnit[]).find((one) => one === word);
  if (typed.trim().toLowerCase().endsWith("s") && number !== undefined && word === "") {
    return { length: Number(number), unit: "second" };
  }
  if (number === undefined || unit === undefined) {
    throw inputError(
      `Cannot use --within ${JSON.stringify(typed)}: not a span of time`,
      "write 7d, 2h, 30m, 2w, 1month or 1session",
      "bad_span",
    );
  }
  return { length: Number(number), unit };
}
