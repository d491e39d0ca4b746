/** Numbers from the bytes of JSON text, without a string in between where they are short. */

const MINUS = 0x2d, POINT = 0x2e, ZERO = 0x30, SMALL_E = 0x65;

/** Any integer of so many digits is a safe one, and any power of ten up to it is exact. */
export const EXACT_DIGITS = 15;

const POWERS_OF_TEN = Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => Number(`1e${exponent}`));

/** Every decimal number of so many characters is held, unless it has an exponent. */
const HELD_CHARACTERS = 15;
/** So many digits tell any two doubles apart: who writes no more of them means a double. */
export const DOUBLE_DIGITS = 17;
const LEAST_WITH_ALL_DIGITS = 2 ** -1022;
/** More digits than that, no platform prints. */
const MOST_PRECISION = 100;
const INTEGER = /^-?\d+$/;
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;

const decoder = new TextDecoder();
const MIN_SAFE = BigInt(Number.MIN_SAFE_INTEGER), MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** The value of a number, as `JSON.parse` has it. */
export function numberAt(bytes: Uint8Array, start: number, end: number): number {
  // Of at most fifteen digits both parts of the quotient are exact, and so it is rounded once, as it has to be.
  if (end - start > EXACT_DIGITS) return Number(decoder.decode(bytes.subarray(start, end)));
  const isNegative = bytes[start] === MINUS;
  let digits = 0;
  let point = -1;
  for (let at = isNegative ? start + 1 : start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === POINT) {
      point = at;
      continue;
    }
    const digit = byte - ZERO;
    if (digit < 0 || digit > 9) return Number(decoder.decode(bytes.subarray(start, end)));
    digits = digits * 10 + digit;
  }
  const value = point < 0 ? digits : digits / (POWERS_OF_TEN[end - point - 1] as number);
  return isNegative ? -value : value;
}

/** The value of an integer of at most `EXACT_DIGITS` characters, four digits at a time. */
export function shortIntegerAt(view: DataView, start: number, end: number): number {
  const isNegative = view.getUint8(start) === MINUS;
  let value = 0;
  let at = isNegative ? start + 1 : start;
  for (; at + 4 <= end; at += 4) value = value * 10_000 + fourDigits(view.getInt32(at, true));
  for (; at < end; at++) value = value * 10 + view.getUint8(at) - ZERO;
  return isNegative ? -value : value;
}

/** The number that a word of four digits is, of which the first is the lowest byte. */
function fourDigits(word: number): number {
  const digits = word & 0x0f0f0f0f;
  const pairs = digits * 10 + (digits >> 8);
  return (pairs & 0xff) * 100 + ((pairs >> 16) & 0xff);
}

/** Whether an integer of this length is surely a safe one. */
export function isShortInteger(start: number, end: number): boolean {
  return end - start <= EXACT_DIGITS;
}

/** The value of an integer of any length. */
export function integerAt(bytes: Uint8Array, start: number, end: number): bigint {
  return BigInt(decoder.decode(bytes.subarray(start, end)));
}

function isSafe(integer: bigint): boolean {
  return integer >= MIN_SAFE && integer <= MAX_SAFE;
}

/** Integers of up to so many digits fit 64 bits, and such with more than the other never are safe. */
const INT64_DIGITS = 18, SAFE_DIGITS = 16;

/** How large an integer is: 0 when a double holds it, 1 when 64 bits do, 2 beyond. Its digits mostly say it. */
export function integerSize(bytes: Uint8Array, start: number, end: number): 0 | 1 | 2 {
  const digits = end - start - (bytes[start] === MINUS ? 1 : 0);
  if (digits < SAFE_DIGITS) return 0;
  if (digits > SAFE_DIGITS && fitsInHalves(bytes, start, end)) return 1;
  const value = integerAt(bytes, start, end);
  return isSafe(value) ? 0 : isInt64(value) ? 1 : 2;
}

/** The two halves of an integer of 64 bits. */
export interface IntegerHalves {
  /** With the sign. */
  high: number;
  low: number;
}

/** Of so many digits the last are a half of their own, and the others another. */
const HALF_DIGITS = 9, HALF = 1e9;
/** Of 19 digits the first ten must be fewer, so that 64 bits surely hold them. */
const MOST_FIRST_DIGITS = 9_223_372_036;
const TWO_TO_16 = 2 ** 16, TWO_TO_32 = 2 ** 32;

/** Whether `integerHalves` can read an integer; nearly all that 64 bits hold. */
export function fitsInHalves(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] === MINUS ? start + 1 : start;
  const digits = end - first;
  return digits <= INT64_DIGITS ||
    (digits === INT64_DIGITS + 1 && digitsAt(bytes, first, end - HALF_DIGITS) < MOST_FIRST_DIGITS);
}

/** The value of an integer that `fitsInHalves`, without a big integer in between: that takes much longer. */
export function integerHalves(bytes: Uint8Array, start: number, end: number, into: IntegerHalves): void {
  const isNegative = bytes[start] === MINUS;
  const middle = Math.max(start, end - HALF_DIGITS);
  const first = digitsAt(bytes, isNegative ? start + 1 : start, middle);
  const last = digitsAt(bytes, isNegative && middle === start ? start + 1 : middle, end);
  // By sixteen bits, so that no product is beyond 2^53.
  const upper = Math.floor(first / TWO_TO_16) * HALF;
  const lower = upper % TWO_TO_16 * TWO_TO_16 + first % TWO_TO_16 * HALF + last;
  const high = Math.floor(upper / TWO_TO_16) + Math.floor(lower / TWO_TO_32);
  const low = lower % TWO_TO_32;
  into.high = isNegative ? (low === 0 ? -high : ~high) | 0 : high | 0;
  into.low = isNegative ? -low | 0 : low | 0;
}

/** The number that digits are. */
function digitsAt(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + (bytes[at] as number) - ZERO;
  return value;
}

/** Whether an integer fits 64 bits with a sign. */
export function isInt64(integer: bigint): boolean {
  return BigInt.asIntN(64, integer) === integer;
}

/** Whether a number would be printed as another one than it was written. */
export function isRounded(text: string, value: number): boolean {
  if (text.length <= HELD_CHARACTERS && !/e/i.test(text)) return false;
  const printed = String(value);
  return printed !== text && plainForm(printed) !== plainForm(text);
}

/** Whether the number at this place is what its double is, to the last digit that is written. */
export function isHeldByDouble(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start <= HELD_CHARACTERS && !hasExponent(bytes, start, end)) return true;
  const text = decoder.decode(bytes.subarray(start, end));
  return isHeld(text, Number(text));
}

function hasExponent(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (((bytes[at] as number) | 0x20) === SMALL_E) return true;
  return false;
}

/**
 * Whether a double has the digits of a text: as it is printed, or by so many digits as there are. With fewer than tell
 * doubles apart, another number would be printed in its place.
 */
function isHeld(text: string, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  if (!isRounded(text, value)) return true;
  const digits = digitCount(text);
  if (digits < DOUBLE_DIGITS) return false;
  return plainForm(value.toPrecision(Math.min(digits, MOST_PRECISION))) === plainForm(text);
}

/** Without leading zeros and the exponent. */
function digitCount(text: string): number {
  const [, , whole = "", fraction = ""] = DECIMAL.exec(text) ?? [];
  return (whole + fraction).replace(/^0+/, "").length;
}

/**
 * Whether a number says more than any double: it is a whole number that becomes another one, has more digits than a
 * double, or is too large or too small.
 */
export function isBeyondDouble(text: string): boolean {
  const value = Number(text);
  if (INTEGER.test(text)) return isRounded(text, value);
  if (!Number.isFinite(value)) return true;
  // The smaller ones have fewer digits.
  if (Math.abs(value) < LEAST_WITH_ALL_DIGITS) return !isHeld(text, value);
  return digitCount(text) > DOUBLE_DIGITS && isRounded(text, value);
}

/** The first of these numbers, each with its beginning and end, of which that is so: its index among the places, or -1. */
export function beyondDouble(bytes: Uint8Array, places: readonly number[], from = 0): number {
  for (let at = from; at < places.length; at += 2) {
    const start = places[at] as number, end = places[at + 1] as number;
    if (mayBeBeyond(bytes, start, end) && isBeyondDouble(decoder.decode(bytes.subarray(start, end)))) return at;
  }
  return -1;
}

/** Whether there are so many digits, or such an exponent, that the number has to be looked at. */
function mayBeBeyond(bytes: Uint8Array, start: number, end: number): boolean {
  let digits = 0;
  let at = start;
  let isWhole = true;
  for (; at < end; at++) {
    const byte = bytes[at] as number;
    if ((byte | 0x20) === SMALL_E) break;
    if (byte === POINT) isWhole = false;
    if (byte > ZERO || byte === ZERO && digits > 0) digits++;
  }
  const exponent = end - at - ((bytes[at + 1] as number) < ZERO ? 2 : 1);
  return digits > (isWhole ? EXACT_DIGITS : DOUBLE_DIGITS) || exponent > 2;
}

/** The same text for all ways to write a number. */
function plainForm(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = DECIMAL.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return whole === "" ? text : "0";
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
