/** The rules for records, each with a stable name, and the problems that say which rule a record breaks. */

/** What Mixpanel takes at most. */
export const LIMITS = {
  /** Which megabyte is not said, so this is the larger one. */
  recordBytes: 1024 * 1024,
  properties: 255,
  /** In a list or an object. */
  elements: 255,
  /** Of objects in each other, lists not counted. */
  depth: 3,
  insertIdCharacters: 36,
  /** What is longer is cut. */
  characters: 255,
  nestedKilobytes: 8,
} as const;

/** `warning`: the record is sent, but may not say what was meant; `notice`: it is taken, but not as it is. */
export type Severity = "error" | "warning" | "notice";

interface Rule {
  severity: Severity;
  /** What of a record the rule is about. Unset where each problem says that itself. */
  field?: string;
  /** Whether it is mostly the same for all records, so that one of a field is enough to know. */
  isToldOnce?: true;
  /** What is wrong, in the words of Mixpanel's own answers where they are known. */
  words(field: string, detail: string): string;
}

const error = (words: Rule["words"], field?: string): Rule => ({ severity: "error", field, words });
const warning = (words: Rule["words"], field?: string): Rule => ({ severity: "warning", field, words });
/** A warning that is mostly the same for all records. */
const warningOnce = (words: Rule["words"], field?: string): Rule => ({ ...warning(words, field), isToldOnce: true });
const notice = (words: Rule["words"], field?: string): Rule => ({ severity: "notice", field, words });

/** A rule about a field that every event has: `'$insert_id' is invalid: must be a string`. */
const invalid = (field: string, state: string | ((detail: string) => string)): Rule =>
  error((_, detail) => `'${field}' is invalid: ${typeof state === "string" ? state : state(detail)}`, field);
const TIME = "properties.time";
const INSERT_ID = "$insert_id";
const DISTINCT_ID = "properties.distinct_id";

const RULES = {
  // Of what cannot be read.
  not_utf8: error(() => "not valid UTF-8"),
  not_json: error((_, detail) => detail === "" ? "not valid JSON" : `not valid JSON: ${detail}`),
  unreadable: error((_, detail) => detail),
  // Of the mapping.
  not_an_object: error(() => "must be a JSON object", "record"),
  misfit: error((field, detail) => `'${field}' is not ${detail}`),
  // Of events.
  event_missing: error(() => "'event' must not be missing or blank", "event"),
  properties_missing: error(() => "'properties' must be an object", "properties"),
  time_missing: invalid(TIME, "must not be missing"),
  time_not_a_number: invalid(TIME, "must be specified as seconds since epoch"),
  time_before_1971: invalid(TIME, (more) => `must not be before 1971${more}`),
  time_in_future: invalid(TIME, (time) => `must not be in the future: ${time}`),
  time_too_old: invalid(TIME, "must not be more than five days ago; 'mp import' takes older events"),
  insert_id_not_a_text: invalid(INSERT_ID, "must be a string"),
  insert_id_characters: invalid(INSERT_ID, "must only contain alphanumeric or hyphen '-' characters"),
  insert_id_length: invalid(INSERT_ID, `must not be longer than ${LIMITS.insertIdCharacters}`),
  insert_id_placeholder: invalid(INSERT_ID, (value) => `must not be ${value}`),
  distinct_id_missing: invalid(DISTINCT_ID, "must not be missing"),
  distinct_id_not_a_text: invalid(DISTINCT_ID, "must be a string"),
  distinct_id_placeholder: invalid(DISTINCT_ID, (value) => `must not be ${value}`),
  too_many_properties: error(() => `'properties' must not have more than ${LIMITS.properties} members`, "properties"),
  too_many_elements: error((field) => `'${field}' must not have more than ${LIMITS.elements} elements`),
  too_many_keys: error((field) => `'${field}' must not have more than ${LIMITS.elements} keys`),
  nested_too_deep: error((field) =>
    field === "" ? "nested too deeply" : `'${field}' must not be nested deeper than ${LIMITS.depth}`
  ),
  // Of updates of profiles and groups.
  bad_update: error((_, detail) => detail),
  // Of all records.
  too_large: error((_, bytes) => `larger than 1 MB (${bytes} bytes)`),
  // Of what is sent, and may not be what was meant.
  time_early: warning((_, time) => `'time' is ${time}, before 2010`, TIME),
  time_shortened: warning(
    (field, text) => `'${withoutScope(field)}' is ${text}: a program that writes so has left digits out`,
  ),
  id_shortened: warning((field, text) =>
    `'${withoutScope(field)}' is ${text}: a program that writes so has left digits out, and several ids may be one now`
  ),
  time_cut: warningOnce((field, text) =>
    `'${withoutScope(field)}' is ${text}: what is finer than a millisecond is cut off`
  ),
  time_skipped: warning((field, detail) => `'${withoutScope(field)}' is ${detail}`),
  time_twice: warning((field, detail) => `'${withoutScope(field)}' is ${detail}`),
  two_sources: warningOnce((field, detail) => `'${withoutScope(field)}' ${detail}`),
  two_values: warningOnce((field, detail) => `'${withoutScope(field)}' ${detail}`),
  beside_properties: warningOnce((field, value) =>
    `'${field}' stands beside the properties, where Mixpanel does not look: ${value} is not taken`
  ),
  loader_stream: warningOnce((_, detail) => `records of several streams: ${detail}`),
  repeats_unchecked: warning(
    (_, count) =>
      `equal records are looked for among the first ${count} without an $insert_id; from here on only those are noticed`,
    INSERT_ID,
  ),
  repeated_record: warning(() => "equal to an earlier record, and without an $insert_id: both count once", INSERT_ID),
  key_repeated: warning((field) => `'${field}' stands twice in one object: the last one counts`),
  number_rounded: warning((field, text) =>
    `'${field}' is ${text}, which programs that hold numbers as doubles read as ${Number(text)}`
  ),
  text_column: warning((field, detail) => `'${field}' ${detail}`),
  text_value: warning((field, detail) => `'${field}' ${detail}`),
  path_column: warning((field, detail) => `'${field}' ${detail}`),
  number_column: warning((field, detail) => `'${field}' ${detail}`),
  bytes_column: warning((field, detail) => `'${field}' ${detail}`),
  duration_column: warning((field, detail) => `'${field}' ${detail}`),
  coarse_column: warning((field, detail) => `'${field}' ${detail}`),
  index_column: warning((field, detail) => `'${field}' ${detail}`),
  not_a_number: warningOnce((field, detail) => `'${field}' ${detail}`),
  infinite_number: warningOnce((field, detail) => `'${field}' ${detail}`),
  unnamed_column: warning((field, detail) => `'${field}' ${detail}`),
  // What becomes of an event that is taken.
  event_name_cut: notice(() => `'event' is cut to ${LIMITS.characters} characters`, "event"),
  property_name_cut: notice(() => `its name is cut to ${LIMITS.characters} characters`),
  event_ignored: notice(() => "'$ignore' makes Mixpanel discard the event"),
  reserved_name: notice((_, name) => `'${name}' is a name that Mixpanel uses itself`),
  text_cut: notice((field) => `'${field}' is cut to ${LIMITS.characters} characters`),
  nested_too_large: notice((field) => `'${field}' is larger than ${LIMITS.nestedKilobytes} KB`),
} as const satisfies Record<string, Rule>;

/** A property by itself, without what it is a property of. */
function withoutScope(field: string): string {
  return field.replace(/^properties\./, "");
}

/** Whether one problem of this rule about a field is enough to know of all. */
export const isToldOnce = (rule: RuleId): boolean => (RULES[rule] as Rule).isToldOnce === true;

/** The stable name of a rule. */
export type RuleId = keyof typeof RULES;

/** What is wrong with a record. */
export interface RecordProblem {
  rule: RuleId;
  severity: Severity;
  /** `event`, `properties.time`, … */
  field?: string;
  reason: string;
  /** Where in the line it is, from 1, where the reader knows. */
  column?: number;
}

/**
 * A problem in the words of its rule.
 *
 * @param detail what the rule's words want to know besides the field, such as the value
 */
export function ruleProblem(
  rule: RuleId,
  { field, detail = "", column }: { field?: string; detail?: string; column?: number } = {},
): RecordProblem {
  const { severity, words, field: own }: Rule = RULES[rule];
  const about = field ?? own;
  return { rule, severity, field: about, reason: words(about ?? "", detail), column };
}
