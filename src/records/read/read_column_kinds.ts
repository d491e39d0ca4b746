/**
 * What the columns of a table hold, as far as their texts tell. A column is taken for numbers only when no digit can get
 * lost: ids, postal codes, telephone numbers, versions and everything with leading zeros stay text. What makes a column
 * text that looks like something else is told.
 */
import { parseExactJson } from "../../streams/json/json.ts";
import { plainNumber } from "../../streams/csv/decimal_comma.ts";

export type ColumnKind = "text" | "number" | "boolean" | "json";

/** A field of a table, and the line in which its row begins. */
export interface PlacedText {
  text: string;
  line: number;
}

/** How a column is read. */
export interface ColumnPlan {
  kind: ColumnKind;
  /** Of numbers: how many decimals their fractions have had so far, or that they differ in that. */
  decimals?: number | "uneven";
  /** The first field with something in it. */
  first?: PlacedText;
  /** Why a column is text whose texts look like something else. */
  doubt?: ColumnDoubt;
}

/** A text that keeps its column from being read as what the others are. */
export interface ColumnDoubt extends PlacedText {
  /**
   * `mixed`: it is no number, truth value or JSON; `digits`: a number would not have all of its digits; `unit`: it is a number
   * with something around it.
   */
  cause: "mixed" | "digits" | "decimal_comma" | "unit";
  /** What the others are. */
  kind: Exclude<ColumnKind, "text">;
}

export interface KindOptions {
  /** Columns that are text whatever they hold. */
  textColumns?: ReadonlySet<string>;
  /** Numbers have a decimal comma, and points between thousands. */
  decimalComma?: boolean;
}

/** Columns whose digits are names, not amounts. */
const NAMES_OF_DIGITS =
  /(^|[^a-z])(ids?|uuid|guid|zip|zip_?code|post_?code|postal(_?code)?|phone|tel|fax|mobile|sku|ean|isbn|code|version|ver|release|build|revision)$/i;
const CAMEL_ID = /[a-z](Id|ID|Uuid|UUID|Sku|Zip|Phone|Code|Version|Release|Build)s?$/;

/** An integer without leading zeros, or a decimal fraction, with at most 15 digits, which a number holds exactly. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
/** With a sign or a point, because `12e5` may as well be an id. */
const SCIENTIFIC = /^-?\d(?:\.\d+[eE][+-]?\d{1,3}|[eE][+-]\d{1,3})$/;
/** Digits that are no number here: with zeros before them, or too many of them. */
const DIGITS = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** With a decimal comma, and not with one between thousands: `1,234` may be either. */
const COMMA_NUMBER = /^-?(?:\d{1,3}(?:\.\d{3})+,\d+|\d+,(?!\d{3}$)\d+)$/;
/** With a sign of percent or of a currency, or a plus; with separators between thousands. */
const WITH_UNIT = /^[+-]?(?:[\p{Sc}]|[A-Z]{3}) ?[+-]?\d[\d.,'’ ]*$|^[+-]?\d[\d.,'’ ]* ?(?:[%‰\p{Sc}]|[A-Z]{3})?$/u;
const NOT_FINITE = /^[+-]?(?:inf(?:inity)?|nan)$/i;
const MOST_DIGITS = 15;
const BOOLEAN = /^(?:true|false)$/i;

/** How a column is read, by its name and the fields of the first rows. Empty fields are skipped. */
export function columnPlan(name: string, fields: Iterable<PlacedText>, options: KindOptions = {}): ColumnPlan {
  const survey = new ColumnSurvey(options.decimalComma ?? false);
  for (const field of fields) if (field.text !== "") survey.add(field);
  const { first } = survey;
  if (first === undefined || options.textColumns?.has(name)) return { kind: "text", first };
  const namesDigits = NAMES_OF_DIGITS.test(name) || CAMEL_ID.test(name);
  const { kind, decimals, doubt } = survey.conclude();
  if (namesDigits && (kind === "number" || doubt?.kind === "number")) return { kind: "text", first };
  return { kind, decimals, first, doubt };
}

/** What has been seen of a column. */
class ColumnSurvey {
  first: PlacedText | undefined;
  #total = 0;
  /** Of each kind: how many fields are of it, and the first that is not. */
  readonly #counts = { number: 0, boolean: 0, json: 0 };
  readonly #others: Partial<Record<ColumnKind, PlacedText>> = {};
  /** The decimals of the first fraction, and the first field with others. */
  #decimals: number | undefined;
  #isUneven = false;
  #fractions = 0;
  #padded: PlacedText | undefined;
  /** The first fraction that ends in a zero, a single one included. */
  #zero: PlacedText | undefined;
  #commaNumbers = 0;
  #commaNumber: PlacedText | undefined;
  #withUnits = 0;
  #withUnit: PlacedText | undefined;
  readonly #decimalComma: boolean;

  constructor(decimalComma: boolean) {
    this.#decimalComma = decimalComma;
  }

  add(field: PlacedText): void {
    this.first ??= field;
    this.#total++;
    const kind = kindOf(field.text, this.#decimalComma);
    if (kind !== "text") this.#counts[kind]++;
    else if (!this.#decimalComma && COMMA_NUMBER.test(field.text)) {
      this.#commaNumbers++;
      this.#commaNumber ??= field;
    } else if (isDecorated(field.text)) {
      this.#withUnits++;
      this.#withUnit ??= field;
    }
    for (const other of ["number", "boolean", "json"] as const) {
      if (kind !== other) this.#others[other] ??= field;
    }
    if (kind === "number") this.#addDecimals(field);
  }

  #addDecimals(field: PlacedText): void {
    const decimals = decimalsOf(field.text, this.#decimalComma);
    if (decimals === 0) return;
    this.#decimals ??= decimals;
    if (decimals !== this.#decimals) this.#isUneven = true;
    this.#fractions++;
    if (isPadded(field.text)) this.#padded ??= field;
    if (endsInZero(field.text)) this.#zero ??= field;
  }

  /** The first text whose last zero may say something, as that of a version does. */
  #telling(): PlacedText | undefined {
    if (this.#isUneven) return this.#padded;
    const wholes = this.#total - this.#fractions;
    // Among amounts with two decimals, some may be whole.
    const areAmounts = this.#fractions > 1 && this.#fractions >= wholes;
    return wholes === 0 || areAmounts ? undefined : this.#zero;
  }

  conclude(): Pick<ColumnPlan, "kind" | "decimals" | "doubt"> {
    const { number, boolean, json } = this.#counts;
    const most = Math.max(number, boolean, json);
    const kind = most === number ? "number" : most === boolean ? "boolean" : "json";
    if (most === this.#total) {
      if (kind !== "number") return { kind };
      const padded = this.#telling();
      if (padded !== undefined) return { kind: "text", doubt: { ...padded, cause: "digits", kind } };
      return { kind, decimals: this.#isUneven ? "uneven" : this.#decimals };
    }
    const comma = this.#commaNumber;
    if (comma !== undefined && (number + this.#commaNumbers) * 2 >= this.#total) {
      return { kind: "text", doubt: { ...comma, cause: "decimal_comma", kind: "number" } };
    }
    const other = this.#others[kind];
    if (other === undefined || most * 2 < this.#total) {
      const unit = (number + this.#withUnits) * 2 >= this.#total ? this.#withUnit : undefined;
      return { kind: "text", doubt: unit && { ...unit, cause: "unit", kind: "number" } };
    }
    const cause = kind === "number" && DIGITS.test(other.text) ? "digits" : "mixed";
    return { kind: "text", doubt: { ...other, cause, kind } };
  }
}

/** Whether a text is a number with something around it, white space included, or one that JSON has not. */
function isDecorated(text: string): boolean {
  const trimmed = text.trim();
  if (NOT_FINITE.test(trimmed) || trimmed !== text && isNumber(trimmed)) return true;
  return WITH_UNIT.test(trimmed) && (trimmed.startsWith("+") || !DIGITS.test(trimmed));
}

/** The value of a field in a column that is read so. A text that does not fit stays one. */
export function typedValue(field: string, plan: ColumnPlan, decimalComma = false): unknown {
  switch (plan.kind) {
    case "number": {
      const text = decimalComma ? plainNumber(field) ?? field : field;
      return isNumber(text) && keepsDigits(text, plan) ? Number(text) : field;
    }
    case "boolean":
      return BOOLEAN.test(field) ? field.length === 4 : field;
    case "json":
      return jsonOf(field) ?? field;
    default:
      return field;
  }
}

/**
 * Whether a number says all that its text does: zeros at its end say nothing only where all fractions have as many
 * decimals. `1.1` and `1.10` may be two versions, and so may `1`, `2` and `1.10`.
 */
function keepsDigits(text: string, plan: ColumnPlan): boolean {
  const decimals = decimalsOf(text, false);
  if (decimals === 0 || decimals === plan.decimals) return true;
  if (plan.decimals === undefined ? endsInZero(text) : isPadded(text)) return false;
  plan.decimals = plan.decimals === undefined ? decimals : "uneven";
  return true;
}

function endsInZero(text: string): boolean {
  return /[.,]\d*0$/.test(text);
}

/** `1.10`, but not `1.0`, as programs write whole numbers beside fractions. */
function isPadded(text: string): boolean {
  return /[.,]\d+0$/.test(text);
}

function decimalsOf(field: string, decimalComma: boolean): number {
  const point = field.indexOf(decimalComma ? "," : ".");
  return point < 0 || /e/i.test(field) ? 0 : field.length - point - 1;
}

function kindOf(field: string, decimalComma: boolean): ColumnKind {
  const text = decimalComma ? plainNumber(field) : field;
  if (text !== undefined && isNumber(text)) return "number";
  if (BOOLEAN.test(field)) return "boolean";
  return jsonOf(field) === undefined ? "text" : "json";
}

function isNumber(field: string): boolean {
  if (field.length > MOST_DIGITS + 2) return false;
  if (!NUMBER.test(field)) return SCIENTIFIC.test(field) && isWithinRange(field);
  return field.length <= MOST_DIGITS || field.replace(/\D/g, "").length <= MOST_DIGITS;
}

/** Whether a number is neither too large nor too small to be held. */
function isWithinRange(field: string): boolean {
  const value = Number(field);
  return Number.isFinite(value) && (value !== 0 || /^-?0(?:\.0+)?e/i.test(field));
}

/** The list or object that a text holds. */
function jsonOf(field: string): unknown {
  const first = field[0];
  if (first !== "[" && first !== "{") return undefined;
  try {
    return parseExactJson(field);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
