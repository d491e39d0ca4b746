/** The names of columns: no two are alike, whatever the properties are called. */
import { JsonScope } from "../json/json_spans.ts";
import type { RecordLayout } from "./record_layout.ts";

/** Where values stand in a record: in it or in its properties (`JsonScope`), by a key. */
export interface ColumnSource {
  scope: number;
  key: string;
}

/** The key of a record that gives a column its own name; others of the record stand under `record.`. */
const OWN_KEY = { event: "event", profile: "$distinct_id", flat: undefined };

/** Columns whose names stay, because queries and imports know them by these. */
const KNOWN: Record<RecordLayout, readonly string[]> = {
  event: ["event", "time", "distinct_id", "$insert_id"],
  profile: ["$distinct_id"],
  flat: [],
};

/** In a table of events this is all of an event's properties. A property with that name has another name. */
const ALL_PROPERTIES: Record<RecordLayout, readonly string[]> = { event: ["properties"], profile: [], flat: [] };

const RECORD_PREFIX = "record.", PROPERTIES_PREFIX = "properties.";

/**
 * The name of a column. Properties have theirs; `event` of the record has its own, so that a property with that name
 * is `properties.event`. No two keys have one name.
 */
export function columnName(layout: RecordLayout, { scope, key }: ColumnSource): string {
  if (layout === "flat") return key;
  const isOwn = key === OWN_KEY[layout];
  if (scope === JsonScope.record) return isOwn ? key : RECORD_PREFIX + key;
  const isTaken = isOwn || key.startsWith(RECORD_PREFIX) || key.startsWith(PROPERTIES_PREFIX);
  return isTaken ? PROPERTIES_PREFIX + key : key;
}

/** Where the values of a column stand: the reverse of `columnName`. */
export function columnKey(layout: RecordLayout, name: string): ColumnSource {
  if (layout === "flat" || name === OWN_KEY[layout]) return { scope: JsonScope.record, key: name };
  if (name.startsWith(RECORD_PREFIX)) return { scope: JsonScope.record, key: name.slice(RECORD_PREFIX.length) };
  const key = name.startsWith(PROPERTIES_PREFIX) ? name.slice(PROPERTIES_PREFIX.length) : name;
  return { scope: JsonScope.properties, key };
}

/** What a member without a column is called in the column of the rest: a property as itself, where nothing else is. */
export function nameInRest(layout: RecordLayout, source: ColumnSource): string {
  const isProperty = source.scope === JsonScope.properties;
  return isProperty && source.key === OWN_KEY[layout] ? source.key : columnName(layout, source);
}

/** The reverse of `nameInRest`. */
export function keyInRest(layout: RecordLayout, name: string): ColumnSource {
  return name === OWN_KEY[layout] ? { scope: JsonScope.properties, key: name } : columnKey(layout, name);
}

export interface NameOptions {
  /** `safe`: names that BigQuery, Athena, Spark and PostgreSQL take as they are. */
  names?: "safe";
  /** Names that something else has, such as the column that a path gives. */
  taken?: readonly string[];
}

/** Gives names one after another. Engines do not tell letters of different case apart, so that these are not used either. */
export class ColumnNames {
  readonly #layout: RecordLayout;
  readonly #isSafe: boolean;
  /** Without case. */
  readonly #taken = new Set<string>();

  constructor(layout: RecordLayout, { names, taken = [] }: NameOptions = {}) {
    this.#layout = layout;
    this.#isSafe = names === "safe";
    for (const name of [...taken, ...ALL_PROPERTIES[layout]]) this.#take(name);
    for (const name of KNOWN[layout]) this.#take(this.#isSafe ? safeName(name) : name);
  }

  /** @param typed how it was asked for */
  nameOf(source: ColumnSource, typed?: string): string {
    const usual = columnName(this.#layout, source);
    if (KNOWN[this.#layout].includes(usual)) return this.#isSafe ? safeName(usual) : usual;
    const wanted = this.#isSafe ? safeName(usual) : typed ?? usual;
    // Readers skip a column without a name.
    if (wanted !== "" && !this.#taken.has(wanted.toLowerCase())) return this.#take(wanted);
    if (this.#isSafe) return this.#take(this.#numbered(wanted));
    const prefixed = wanted.startsWith(PROPERTIES_PREFIX) ? wanted : PROPERTIES_PREFIX + wanted;
    return this.#take(this.#taken.has(prefixed.toLowerCase()) ? this.#numbered(prefixed) : prefixed);
  }

  #take(name: string): string {
    this.#taken.add(name.toLowerCase());
    return name;
  }

  #numbered(name: string): string {
    for (let number = 2;; number++) {
      const end = `_${number}`;
      const candidate = name.slice(0, this.#isSafe ? SAFE_CHARACTERS - end.length : undefined) + end;
      if (!this.#taken.has(candidate.toLowerCase())) return candidate;
    }
  }
}

/** Says which properties have columns of other names than theirs, and why. */
export function renamedNotes(
  layout: RecordLayout,
  columns: readonly { name: string; source?: ColumnSource }[],
): string[] {
  return columns.flatMap(({ name, source }) => {
    const { scope, key } = source ?? columnKey(layout, name);
    if (name === key || (scope === JsonScope.record && layout !== "flat")) return [];
    const why = key === "" ? "it has no name" : "another column has its name, or one that differs by case alone";
    return [`Property ${JSON.stringify(key)} is in the column ${JSON.stringify(name)}: ${why}`];
  });
}

/** PostgreSQL cuts longer names. */
const SAFE_CHARACTERS = 63;

/** Small letters, digits and `_`, a letter first, and no word that SQL has for itself. */
function safeName(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase().replace(/^\$+/, "")
    .replace(/[^a-z0-9_]+/g, "_").replace(/^_+|_+$/g, "");
  const begun = /^[a-z]/.test(plain) ? plain : `p_${plain}`.replace(/_$/, "");
  const cut = begun.slice(0, SAFE_CHARACTERS);
  return RESERVED.has(cut) ? `${cut}_` : cut;
}

/**
 * Words that PostgreSQL, BigQuery, Athena or Spark (ANSI) refuse as the name of a column, system columns among them. Athena's
 * DDL wants backticks around `time`, too, which keeps its name.
 */
const RESERVED: ReadonlySet<string> = new Set(
  `all alter analyse analyze and any anti array as asc assert_rows_modified asymmetric at authorization between binary both by
  case cast check collate collation column concurrently constraint contains create cross cube current current_catalog
  current_date current_path current_role current_schema current_time current_timestamp current_user deallocate default
  deferrable define delete desc describe distinct do drop else end enum escape except exclude execute exists extract false
  fetch filter first following for foreign freeze from full function grant group grouping groups hash having if ignore ilike in
  initially inner insert intersect interval into is isnull join language last lateral leading left like limit listagg
  localtime localtimestamp lookup merge minus natural new no normalize not notnull null nulls of offset on only or order outer
  over overlaps partition placing preceding prepare primary proto qualify range recursive references respect returning right
  rollup rows select semi session_user set similar skip some struct symmetric table tablesample then to trailing treat true
  uescape unbounded union unique unnest unpivot unknown update user using values variadic verbose when where window with within
  date timestamp
  system_user tableoid xmin cmin xmax cmax ctid alter bigint boolean bytea cache cashe char commit conf cursor database dayofweek
  decimal div double drop exchange extended external float floor import int integer less local macro map more none numeric out
  partialscan percent precision preserve procedure reads reduce regexp revoke rlike rollback row smallint start transform trigger
  truncate uniquejoin varchar views`.split(/\s+/),
);
