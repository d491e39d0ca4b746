/**
 * `Date` as a script has it. Events carry the time of the project's clock as if it were UTC, so a script's own days and
 * hours are those of UTC, wherever the sandbox runs; and its now is the sandbox's.
 */

const SystemDate = Date;
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const PARTS = ["FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds", "Milliseconds"];

/** Puts it in the place of the interpreter's own. */
export function installDate(nowMs: number): void {
  function ScriptDate(...parts: unknown[]): Date | string {
    if (new.target === undefined) return new SystemDate(nowMs).toString();
    const [first] = parts;
    const time = parts.length === 0
      ? nowMs
      : parts.length > 1
      ? SystemDate.UTC(...parts as [number, number])
      : typeof first === "string"
      ? parse(first)
      : first;
    return Reflect.construct(SystemDate, [time], new.target) as Date;
  }
  const replacement = Object.assign(ScriptDate, { now: () => nowMs, parse, UTC: SystemDate.UTC });
  replacement.prototype = localAsUtc(SystemDate.prototype);
  replacement.prototype.constructor = replacement;
  globalThis.Date = replacement as unknown as DateConstructor;
}

/** Takes a time without a zone for UTC. */
function parse(text: string): number {
  const isExact = /(?:Z|GMT|UTC|[+-]\d\d:?\d\d)\s*(?:\(.*\))?$/.test(text) ||
    /^\d{4}(?:-\d\d(?:-\d\d)?)?$/.test(text);
  if (isExact) return SystemDate.parse(text);
  const time = SystemDate.parse(`${text}Z`);
  return Number.isNaN(time) ? SystemDate.parse(`${text} GMT`) : time;
}

/** Makes the methods for the local time those for UTC. */
function localAsUtc(prototype: Date): Date {
  const methods = prototype as unknown as Record<string, unknown>;
  for (const part of PARTS) {
    methods[`get${part}`] = methods[`getUTC${part}`];
    if (part !== "Day") methods[`set${part}`] = methods[`setUTC${part}`];
  }
  prototype.getTimezoneOffset = () => 0;
  prototype.toDateString = function () {
    const day = pad(this.getUTCDate());
    return `${DAYS[this.getUTCDay()]} ${MONTHS[this.getUTCMonth()]} ${day} ${this.getUTCFullYear()}`;
  };
  prototype.toTimeString = function () {
    return `${[this.getUTCHours(), this.getUTCMinutes(), this.getUTCSeconds()].map(pad).join(":")} GMT+0000`;
  };
  prototype.toString = function () {
    return Number.isNaN(Number(this)) ? "Invalid Date" : `${this.toDateString()} ${this.toTimeString()}`;
  };
  prototype.toLocaleString = prototype.toString;
  prototype.toLocaleDateString = prototype.toDateString;
  prototype.toLocaleTimeString = prototype.toTimeString;
  return prototype;
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
