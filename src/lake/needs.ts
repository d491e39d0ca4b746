/** What a request needs of a lake: the days, the events and the columns that its answer depends on. */
import { startOfDayMs } from "../analytics/calendar.ts";
import { inputError } from "../errors.ts";
import { isObject } from "../streams/json/is_object.ts";

export interface Needs {
  /** First millisecond, and the first one after. */
  fromMs: number;
  toMs: number;
  /** When the question is asked. */
  nowMs: number;
  /** The only events whose rows count; undefined: all. */
  events?: ReadonlySet<string>;
  /** Whether the answer depends on whose the events are. */
  people: boolean;
  /** Whether the answer depends on profiles of users. */
  users: boolean;
  /** Whether the answer may depend on a property. It is asked of each property that the lake has. */
  wants(property: string): boolean;
}

const QUERY_PREFIX = /^\/api\/(?:query|2\.0)(?=\/)/;

/** What is asked of files. */
const ANSWERED = /^\/(?:segmentation|events|retention|insights|arb_funnels)(?:\/|$)/;

const DAY_MS = 86_400_000;

/** Sessions reach back into the day before, and the clock of a zone is up to 14 hours ahead. */
const BEFORE_MS = 2 * DAY_MS;

/** The answer of these paths depends on the days of the range alone. */
const RANGE_ONLY = /^\/(?:segmentation(?:\/(?:numeric|sum|average))?|events|events\/properties|retention\/addiction)$/;

/** Paths that count the events of a parameter and look at no other. */
const EVENT_ONLY = /^\/(?:segmentation(?:\/(?:numeric|sum|average))?|events|events\/properties|retention\/addiction)$/;

/** Paths that count events, and people only where they are told to. */
const COUNTS = /^\/(?:segmentation(?:\/(?:numeric|sum|average))?|events(?:\/.*)?)$/;

/** Paths that look at all properties, whatever they are called. */
const ALL_PROPERTIES = /^\/events\/properties\/top$/;

/** Paths of what is saved in Mixpanel: funnels of the query API, reports of the app API. */
const SAVED = /^\/funnels|\/bookmarks(?:\/|$)/;

/** Parts of a question that look further back than its days, as whoever asks for the first time that somebody did something. */
const LOOKS_BACK = /cohort|first|birth|retention|lifetime|compar|rolling|histor|frequency/i;

/** A question in the form of a request, without what carries it. */
export interface Asked {
  /** After the prefix of the query API: `/segmentation`. */
  path: string;
  /** Parameters of the query string and of a form or JSON body; JSON values are parsed. */
  fields: ReadonlyMap<string, unknown>;
}

/** The question that a request asks. */
export async function askedBy(request: Request): Promise<Asked> {
  const url = new URL(request.url);
  const fields = new Map<string, unknown>();
  for (const [name, value] of url.searchParams) fields.set(name, parsed(value));
  const text = request.method === "GET" ? "" : await request.text();
  if (text.startsWith("{")) { for (const [name, value] of Object.entries(JSON.parse(text))) fields.set(name, value); }
  else for (const [name, value] of new URLSearchParams(text)) fields.set(name, parsed(value));
  return { path: url.pathname.replace(QUERY_PREFIX, ""), fields };
}

function parsed(value: string): unknown {
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch (error) {
    // expected: SyntaxError, since an expression may begin with a bracket too
    if (!(error instanceof SyntaxError)) throw error;
    return value;
  }
}

/**
 * What an answer depends on; rather too much than too little.
 *
 * @throws MpError (input) for what files cannot say
 */
export function needsOf({ path, fields }: Asked, timeZone: string, nowMs: number): Needs {
  refuseSaved(path, fields);
  if (!ANSWERED.test(path)) throw unknownToFiles(/bookmark-urls/.test(path) ? "a link to the web page" : path);
  const texts = [...textsIn([...fields.values()])];
  const from = dayIn(fields.get("from_date")), to = dayIn(fields.get("to_date"));
  const bookmark = fields.get("bookmark");
  const users = ["where", "born_where", "on"].some((name) => /\buser\s*\[/.test(String(fields.get(name)))) ||
    [...membersIn(bookmark)].some(([key, value]) => key === "resourceType" && /^(?:people|user)$/.test(String(value)));
  const type = fields.get("type");
  const isCount = COUNTS.test(path) && (type === undefined || type === "general");
  const isRangeOnly = RANGE_ONLY.test(path) && from !== undefined && to !== undefined;
  return {
    fromMs: bookmark === undefined
      ? isRangeOnly ? startMs(from, timeZone) : -Infinity
      : earliestMs(bookmark, texts, timeZone, nowMs),
    toMs: isRangeOnly ? startMs(to.add({ days: 1 }), timeZone) : Infinity,
    nowMs,
    events: eventsOf(path, fields, texts),
    people: !isCount || users || texts.some((text) => text.includes("distinct_id")),
    users,
    wants: ALL_PROPERTIES.test(path) ? () => true : (property) => texts.some((text) => mentions(text, property)),
  };
}

/** What is written with escapes in expressions is looked for nowhere: it is always read. */
const mentions = (text: string, property: string): boolean =>
  // deno-lint-ignore no-control-regex -- these are escaped
  /["\\\u0000-\u001f]/.test(property) || text.includes(property);

function refuseSaved(path: string, fields: ReadonlyMap<string, unknown>): void {
  if (fields.has("bookmark_id") || fields.has("funnel_id") || SAVED.test(path)) {
    throw unknownToFiles("a saved report or funnel");
  }
  for (const [key, value] of membersIn({ bookmark: fields.get("bookmark") })) {
    if (key === "customPropertyId" && value !== null) throw unknownToFiles("a saved custom property");
    if (!isObject(value) || value.id === undefined || value.id === null) continue;
    const kind = key === "cohort" ? "cohort" : String(value.type ?? key).replaceAll(/[-_]/g, " ");
    throw unknownToFiles(`a saved ${kind}`);
  }
  for (const text of textsIn([fields.get("event"), fields.get("born_event")])) {
    if (text.startsWith("$custom_event:")) throw unknownToFiles("a custom event");
  }
}

const unknownToFiles = (what: string): Error =>
  inputError(
    `Cannot ask files about ${what}: only Mixpanel has it`,
    "name events and properties in the question; or ask Mixpanel, without --source and MP_SOURCE",
    "not_in_files",
  );

/** The only events that an answer depends on; undefined: all. */
function eventsOf(path: string, fields: Asked["fields"], texts: readonly string[]): ReadonlySet<string> | undefined {
  const event = fields.get("event");
  if (EVENT_ONLY.test(path)) return namesIn([event].flat());
  if (path === "/retention") {
    const isBirth = fields.get("retention_type") !== "compounded";
    return namesIn(isBirth ? [fields.get("born_event"), event] : [event]);
  }
  return isOfNamedEvents(fields.get("bookmark")) ? new Set(texts) : undefined;
}

function namesIn(names: readonly unknown[]): ReadonlySet<string> | undefined {
  return names.every((name) => typeof name === "string") ? new Set(names) : undefined;
}

/** What reports look at events for that they do not name. */
const OTHER_EVENTS = /session|cohort|any_event|all_events|anything/i;

/** Whether a report follows people through events that it names, and looks at no others. */
function isOfNamedEvents(bookmark: unknown): boolean {
  const show = isObject(bookmark) && isObject(bookmark.sections) ? bookmark.sections.show : undefined;
  if (!Array.isArray(show) || show.length === 0 || OTHER_EVENTS.test(JSON.stringify(bookmark))) return false;
  return show.every((clause) => {
    const behavior = isObject(clause) && isObject(clause.behavior) ? clause.behavior : {};
    return (behavior.type === "funnel" || behavior.type === "retention") && Array.isArray(behavior.behaviors) &&
      behavior.behaviors.every((step) => isObject(step) && typeof step.name === "string" && step.name !== "");
  });
}

function dayIn(value: unknown): Temporal.PlainDate | undefined {
  return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))
    ? Temporal.PlainDate.from(value)
    : undefined;
}

const startMs = (day: Temporal.PlainDate, timeZone: string): number => startOfDayMs(day, timeZone);

/** Where a question's days begin, by all days and spans that stand in it; what looks back needs everything. */
function earliestMs(bookmark: unknown, texts: readonly string[], timeZone: string, nowMs: number): number {
  const members = [...membersIn(bookmark)];
  const looksBack = members.some(([key, value]) =>
    (LOOKS_BACK.test(key) && value !== null && value !== false && value !== undefined) ||
    (typeof value === "string" && (LOOKS_BACK.test(value) || value === "relative_after"))
  );
  const days = texts.flatMap((text) => text.match(/\d{4}-\d\d-\d\d/g) ?? []).map(dayIn)
    .filter((day) => day !== undefined).map((day) => startMs(day, timeZone));
  const spans = members.map(([, value]) => spanMs(value)).filter((span) => span !== undefined)
    .map((span) => nowMs - span);
  const earliest = Math.min(...days, ...spans);
  return looksBack || earliest === Infinity ? -Infinity : earliest - BEFORE_MS;
}

const MOST_DAYS: Readonly<Record<string, number>> = {
  minute: 1,
  hour: 1,
  day: 1,
  week: 7,
  month: 31,
  quarter: 92,
  year: 366,
};

/** The length of `{unit, value}`, or somewhat more. */
function spanMs(value: unknown): number | undefined {
  if (!isObject(value) || typeof value.unit !== "string" || typeof value.value !== "number") return undefined;
  const days = MOST_DAYS[value.unit];
  return days === undefined ? undefined : (value.value + 1) * days * DAY_MS;
}

/** All members of objects, however deep. */
function* membersIn(value: unknown): Generator<[key: string, value: unknown], void> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    yield [key, member];
    yield* membersIn(member);
  }
}

/** All texts, however deep; the keys of objects are none. */
function* textsIn(value: unknown): Generator<string, void> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) yield* textsIn(member);
  }
}
