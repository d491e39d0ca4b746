/**
 * What a JQL script finds of the language besides ECMAScript, as script text: it runs inside the interpreter.
 *
 * Events carry the time of the project's clock as if it were UTC, so a script's own days and hours are those of UTC,
 * wherever the sandbox runs; and its now is the sandbox's.
 */
export const LANGUAGE = String.raw`
(function (nowMs) {
  "use strict";
  const Real = globalThis.Date;
  const prototype = Real.prototype;
  const pad = (number) => String(number).padStart(2, "0");
  const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

  const parse = (text) => {
    const isExact = /(?:Z|GMT|UTC|[+-]\d\d:?\d\d)\s*(?:\(.*\))?$/.test(text) || /^\d{4}(?:-\d\d(?:-\d\d)?)?$/.test(text);
    if (isExact) return Real.parse(text);
    const time = Real.parse(text + "Z");
    return time === time ? time : Real.parse(text + " GMT");
  };

  function ScriptDate(...parts) {
    if (new.target === undefined) return new ScriptDate().toString();
    const [first] = parts;
    const time = parts.length === 0
      ? nowMs
      : parts.length > 1
      ? Real.UTC(...parts)
      : typeof first === "string"
      ? parse(first)
      : first;
    return Reflect.construct(Real, [time], new.target);
  }
  ScriptDate.prototype = prototype;
  ScriptDate.now = () => nowMs;
  ScriptDate.parse = parse;
  ScriptDate.UTC = Real.UTC;
  prototype.constructor = ScriptDate;

  for (const part of ["FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds", "Milliseconds"]) {
    prototype["get" + part] = prototype["getUTC" + part];
    if (part !== "Day") prototype["set" + part] = prototype["setUTC" + part];
  }
  prototype.getTimezoneOffset = () => 0;
  prototype.toDateString = function () {
    const day = pad(this.getUTCDate());
    return DAYS[this.getUTCDay()] + " " + MONTHS[this.getUTCMonth()] + " " + day + " " + this.getUTCFullYear();
  };
  prototype.toTimeString = function () {
    return [this.getUTCHours(), this.getUTCMinutes(), this.getUTCSeconds()].map(pad).join(":") + " GMT+0000";
  };
  prototype.toString = function () {
    return isNaN(this) ? "Invalid Date" : this.toDateString() + " " + this.toTimeString();
  };
  prototype.toLocaleString = prototype.toString;
  prototype.toLocaleDateString = prototype.toDateString;
  prototype.toLocaleTimeString = prototype.toTimeString;
  globalThis.Date = ScriptDate;

  // The part of Underscore that scripts are seen to use.
  const valuesOf = (list) => list === null || list === undefined ? [] : Array.isArray(list) ? list : Object.values(list);
  const iteratee = (by) => typeof by === "function" ? by : by === undefined ? (item) => item : (item) => item && item[by];
  const matches = (wanted) => (item) => Object.keys(wanted).every((name) => item[name] === wanted[name]);
  const each = (list, visit) => {
    if (Array.isArray(list)) list.forEach((item, index) => void visit(item, index, list));
    else for (const key of Object.keys(list || {})) visit(list[key], key, list);
    return list;
  };
  const map = (list, by) => {
    const made = [];
    each(list, (item, key) => made.push(iteratee(by)(item, key, list)));
    return made;
  };
  const tally = (start, add) => (list, by) => {
    const found = {};
    each(list, (item) => {
      const key = iteratee(by)(item);
      found[key] = add(Object.hasOwn(found, key) ? found[key] : start(), item);
    });
    return found;
  };
  const best = (isBetter, none) => (list, by) => {
    let chosen;
    let score;
    each(list, (item) => {
      const own = iteratee(by)(item);
      if (score === undefined || isBetter(own, score)) [chosen, score] = [item, own];
    });
    return score === undefined ? none : chosen;
  };
  const filter = (list, test) => valuesOf(list).filter(typeof test === "object" ? matches(test) : iteratee(test));
  const extend = (target, ...sources) => Object.assign(target, ...sources);
  globalThis._ = {
    each, forEach: each, map, collect: map, filter, select: filter, extend, assign: extend,
    reject: (list, test) => valuesOf(list).filter((item) => !test(item)),
    reduce: (list, add, ...start) => valuesOf(list).reduce(add, ...start),
    find: (list, test) => valuesOf(list).find(typeof test === "object" ? matches(test) : test),
    some: (list, test) => valuesOf(list).some(iteratee(test)),
    every: (list, test) => valuesOf(list).every(iteratee(test)),
    contains: (list, item) => valuesOf(list).includes(item),
    includes: (list, item) => valuesOf(list).includes(item),
    pluck: (list, name) => map(list, name),
    groupBy: tally(() => [], (group, item) => (group.push(item), group)),
    countBy: tally(() => 0, (count) => count + 1),
    indexBy: tally(() => undefined, (_last, item) => item),
    sortBy: (list, by) => [...valuesOf(list)].sort((a, b) => {
      const [x, y] = [iteratee(by)(a), iteratee(by)(b)];
      return x < y ? -1 : x > y ? 1 : 0;
    }),
    max: best((a, b) => a > b, -Infinity),
    min: best((a, b) => a < b, Infinity),
    uniq: (list) => [...new Set(list)],
    flatten: (list) => valuesOf(list).flat(Infinity),
    first: (list) => valuesOf(list)[0],
    last: (list) => valuesOf(list).at(-1),
    range: (start, end, step = 1) => {
      const [from, to] = end === undefined ? [0, start] : [start, end];
      return Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_none, index) => from + index * step);
    },
    size: (list) => valuesOf(list).length,
    keys: (object) => Object.keys(object || {}),
    values: (object) => Object.values(object || {}),
    pairs: (object) => Object.entries(object || {}),
    object: (pairs, values) => Object.fromEntries(values ? pairs.map((name, at) => [name, values[at]]) : pairs),
    pick: (object, ...names) => Object.fromEntries(names.flat().filter((name) => name in object).map((name) => [name, object[name]])),
    omit: (object, ...names) => Object.fromEntries(Object.entries(object).filter(([name]) => !names.flat().includes(name))),
    has: (object, name) => object !== null && object !== undefined && Object.hasOwn(object, name),
    clone: (value) => Array.isArray(value) ? [...value] : typeof value === "object" && value ? { ...value } : value,
    isEmpty: (value) => valuesOf(value).length === 0,
    isArray: Array.isArray,
    isObject: (value) => typeof value === "function" || (typeof value === "object" && value !== null),
    isString: (value) => typeof value === "string",
    isNumber: (value) => typeof value === "number",
    isFunction: (value) => typeof value === "function",
    isUndefined: (value) => value === undefined,
    isNull: (value) => value === null,
    identity: (value) => value,
  };
})
`;
