/** Everything that reads JSON bytes by itself, held against `JSON.parse`: what is JSON, what is in it, and where. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isEventLine } from "../../../src/streams/events/event_line.ts";
import { EventScanner } from "../../../src/streams/events/event_scanner.ts";
import { parseExactJson, stringifyJson } from "../../../src/streams/json/json.ts";
import { ElementSplitter, JsonShapeError } from "../../../src/streams/json/json_elements.ts";
import { isObject } from "../../../src/streams/json/is_object.ts";
import { jsonFault, valueColumn } from "../../../src/streams/json/json_position.ts";
import { JsonKind, JsonScope, JsonSpans } from "../../../src/streams/json/json_spans.ts";
import { compactJson, unescapeString } from "../../../src/streams/json/json_text.ts";
import { splitProfilePage } from "../../../src/streams/profiles/profile_page.ts";
import { isEvent } from "../../fuzz/expect.ts";
import { around, placed, properties, record, some, space, text, value } from "./any_json.ts";

const RUNS = 600;

const decoder = new TextDecoder();
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

type Parsed = { value: unknown } | undefined;

function parsed(bytes: Uint8Array, by = decoder): Parsed {
  try {
    return { value: JSON.parse(by.decode(bytes)) };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Without surrogates that have no partner: bytes cannot have them. */
function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name.toWellFormed(), wellFormed(item)]));
}

/** How many members all objects in a value have together. */
function countKeys(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const inside = Object.values(value).reduce((sum: number, one) => sum + countKeys(one), 0);
  return Array.isArray(value) ? inside : inside + Object.keys(value).length;
}

const check = <T>(arbitrary: fc.Arbitrary<T>, body: (value: T) => void) =>
  fc.assert(fc.property(arbitrary, body), { numRuns: RUNS });

describe("what reads JSON bytes agrees with JSON.parse", () => {
  it("on which lines are events", () => {
    check(placed(some(record)), ({ bytes, start, end, line }) => {
      assert.equal(isEventLine(bytes, start, end), isEvent(line));
    });
  });

  it("on the members of records, their values and kinds", () => {
    const spans = {
      flat: new JsonSpans("flat", { maxKeys: Infinity }),
      event: new JsonSpans("event", { maxKeys: Infinity }),
    };
    const kinds = new Map<unknown, number>([[null, JsonKind.null], [true, JsonKind.true], [false, JsonKind.false]]);
    const kindOf = (value: unknown, source: string): number => {
      if (typeof value === "string") return JsonKind.string;
      if (typeof value === "number") return /^-?\d+$/.test(source) ? JsonKind.integer : JsonKind.number;
      return kinds.get(value) ?? (Array.isArray(value) ? JsonKind.list : JsonKind.object);
    };
    check(placed(some(record)), ({ bytes, start, end, line }) => {
      const expected = parsed(line)?.value;
      for (const layout of ["flat", "event"] as const) {
        const found = spans[layout];
        assert.equal(found.scan(bytes, start, end), isObject(expected), layout);
        if (!isObject(expected)) continue;
        const scopes: Record<string, unknown>[] = [{}, {}];
        for (let index = 0; index < found.count; index++) {
          const quotes = found.kind[index] === JsonKind.string ? 1 : 0;
          const from = found.valueStart[index]! - quotes, to = found.valueEnd[index]! + quotes;
          const source = decoder.decode(bytes.subarray(from, to));
          const value = JSON.parse(source);
          assert.equal(found.kind[index], kindOf(value, source));
          const [written] = /^"(?:[^"\\]|\\.)*"/s.exec(decoder.decode(bytes.subarray(found.keyStart[index]! - 1)))!;
          const name = found.keys.name(found.key[index]!);
          assert.equal(name, (JSON.parse(written) as string).toWellFormed());
          Object.defineProperty(scopes[found.keys.scope(found.key[index]!)], name, {
            value: wellFormed(value),
            ...{ enumerable: true, configurable: true, writable: true },
          });
          if (quotes === 0) continue;
          const out = new Uint8Array(3 * (to - from));
          const length = unescapeString(bytes, from + 1, to - 1, out, 0);
          assert.equal(strictDecoder.decode(out.subarray(0, length)), (value as string).toWellFormed());
          const isPlain = Buffer.compare(out.subarray(0, length), bytes.subarray(from + 1, to - 1)) === 0;
          assert.equal(found.valueIsPlain[index], isPlain ? 1 : 0);
        }
        const whole = wellFormed(expected) as Record<string, unknown>;
        // Names that differ in what is no Unicode become one name: which of their values stays is no question of JSON.
        if (countKeys(whole) < countKeys(expected)) continue;
        const inside = layout === "event" && isObject(whole.properties) ? whole.properties : undefined;
        assert.deepEqual(scopes[JsonScope.properties], inside ?? {});
        if (inside !== undefined) delete whole.properties;
        assert.deepEqual(scopes[JsonScope.record], whole);
        assert.equal(found.propertiesStart >= 0, inside !== undefined);
      }
    });
  });

  it("on the values that the rules for events are about", () => {
    const scanner = new EventScanner();
    check(placed(some(record)), ({ bytes, start, end, line }) => {
      if (!scanner.scan(bytes, start, end)) return;
      const whole = bytes.subarray(scanner.start, scanner.end);
      assert.equal(strictDecoder.decode(line).trim(), strictDecoder.decode(whole));
      const { event, properties } = parsed(whole, strictDecoder)?.value as { event: unknown; properties: unknown };
      assert.ok(typeof event === "string" && isObject(properties));
      const { event: name, distinctId, insertId, time } = scanner;
      assert.equal(JSON.parse(strictDecoder.decode(bytes.subarray(name.start - 1, name.end + 1))), event);
      const textOf = ({ start, end }: { start: number; end: number }) =>
        start < 0 ? undefined : strictDecoder.decode(bytes.subarray(start, end));
      for (const [found, id] of [[distinctId, properties.distinct_id], [insertId, properties.$insert_id]] as const) {
        // Other ids are left to the parser.
        if (found.start >= 0 || (typeof id === "string" && /^[a-z{}[\],:/ ]*$/.test(id))) {
          assert.equal(textOf(found), id);
        }
      }
      if (!Number.isNaN(time)) assert.equal(time, properties.time);
      assert.ok(scanner.properties >= Object.keys(properties).length);
      const measured = Object.values(properties).map((value) => measure(value, 1));
      assert.ok(scanner.widest >= Math.max(0, ...measured.map(({ widest }) => widest)));
      assert.ok(scanner.deepest >= Math.max(0, ...measured.map(({ deepest }) => deepest)));
    });
  });

  it("on what an event is that nothing can be said against", () => {
    const scanner = new EventScanner();
    const plain = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 });
    check(
      fc.tuple(plain, fc.integer({ min: 1, max: 2e9 }), fc.constantFrom(undefined, 1, "\t")),
      ([more, time, indent]) => {
        const properties = { ...more, time, distinct_id: "u", $insert_id: "i" };
        const bytes = new TextEncoder().encode(JSON.stringify({ event: "E", properties }, null, indent));
        assert.ok(scanner.scan(bytes));
        assert.equal(scanner.time, time);
        assert.equal(scanner.properties, Object.keys(properties).length);
        const measured = Object.values(properties).map((value) => measure(value, 1));
        assert.equal(scanner.widest, Math.max(...measured.map(({ widest }) => widest)));
        assert.equal(scanner.deepest, Math.max(...measured.map(({ deepest }) => deepest)));
      },
    );
  });

  it("on the profiles of a page", () => {
    const profile = fc.tuple(text, properties).map(([id, of]) => `{"$distinct_id":${id},"$properties":${of}}`);
    const page = fc.tuple(around("[", fc.oneof({ weight: 5, arbitrary: profile }, value), "]", { maxLength: 4 }), value)
      .map(([results, total]) => `{"total":${total},"results":${results}}`);
    check(some(page), (whole) => {
      const bytes = new Uint8Array(Buffer.from(whole, "latin1"));
      const expected = parsed(bytes)?.value;
      const isPage = isObject(expected) && Array.isArray(expected.results) && whole[0] !== "\xef" &&
        expected.results.every((profile) => isObject(profile) && Object.hasOwn(profile, "$distinct_id"));
      const ids: unknown[] = [];
      const found = splitProfilePage(
        bytes.slice(),
        (from, start, end) => ids.push(JSON.parse(decoder.decode(from.subarray(start, end)))),
      );
      assert.equal(found !== undefined, isPage);
      if (found === undefined || !isPage) return;
      const { results, ...info } = expected;
      const lines = decoder.decode(found.lines).split("\n");
      assert.equal(lines.pop(), "");
      assert.deepEqual(lines.map((line) => JSON.parse(line)), results);
      assert.deepEqual({ ...found.info }, { ...info });
      if (!whole.includes("$distinct_id", whole.lastIndexOf("$distinct_id") + 1)) {
        assert.deepEqual(ids, (results as Record<string, unknown>[]).map(({ $distinct_id }) => $distinct_id));
      }
    });
  });

  it("on what is JSON at all, and on the places of values", () => {
    check(some(fc.oneof(record, value)), (whole) => {
      const text = decoder.decode(Buffer.from(whole, "latin1"));
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        const fault = jsonFault(text);
        assert.ok(fault !== undefined && fault.column >= 1 && fault.column <= text.length + 1);
        assert.equal(valueColumn(text, ["event"]), undefined);
        return;
      }
      assert.equal(jsonFault(text), undefined);
      for (const path of [["event"], ["properties", "time"], ["a", "b"], ["properties"], [""]]) {
        let expected: unknown = value;
        for (const name of path) {
          expected = isObject(expected) && Object.hasOwn(expected, name) ? expected[name] : undefined;
        }
        const column = valueColumn(text, path);
        assert.equal(column !== undefined, expected !== undefined);
        if (column === undefined) continue;
        const ending = text.slice(column - 1);
        const ends = Array.from({ length: ending.length }, (_, index) => ending.slice(0, index + 1));
        const isValue = (part: string) => {
          try {
            assert.deepEqual(JSON.parse(part), expected);
            return true;
          } catch {
            return false;
          }
        };
        assert.ok(ends.some(isValue), `${ending} does not begin with the value`);
      }
    });
  });

  it("on compact text, whose escapes and digits stay", () => {
    check(value, (whole) => {
      const bytes = new Uint8Array(Buffer.from(whole, "latin1"));
      const out = new Uint8Array(3 * bytes.length);
      const compact = strictDecoder.decode(out.subarray(0, compactJson(bytes, 0, bytes.length, out, 0)));
      assert.deepEqual(JSON.parse(compact), wellFormed(JSON.parse(decoder.decode(bytes))));
      assert.equal(/[ \t\r\n]/.test(compact.replace(/"(?:[^"\\]|\\.)*"/g, '""')), false);
    });
  });

  it("on the elements of lists and the objects after each other, wherever chunks are cut", () => {
    const list = fc.array(value, { maxLength: 5 });
    check(
      fc.tuple(list, space, fc.boolean(), fc.nat(), fc.array(fc.nat({ max: 9 }))),
      ([values, gap, isList, cut, cuts]) => {
        const elements = isList ? values : values.filter((value) => value.startsWith("{"));
        const joined = elements.join(isList ? gap + "," + gap : gap + "\n");
        const bytes = new Uint8Array(Buffer.from(isList ? `[${gap}${joined}${gap}]` : joined, "latin1"));
        const found: unknown[] = [];
        const splitter = new ElementSplitter(
          { maxBytes: 1e6, maxObjectBytes: 1e6 },
          (element) => found.push(JSON.parse(decoder.decode(element))),
        );
        let at = 0;
        for (const size of [cut % 7, ...cuts]) {
          const chunk = bytes.slice(at, at + size);
          splitter.push(chunk);
          chunk.fill(0x22);
          at += size;
        }
        splitter.push(bytes.subarray(at));
        splitter.end();
        assert.deepEqual(found, elements.map((element) => JSON.parse(decoder.decode(Buffer.from(element, "latin1")))));
      },
    );
  });

  it("on lists that are not closed", () => {
    check(fc.tuple(around("[", value, "]", { minLength: 1, maxLength: 3 }), fc.nat()), ([whole, cut]) => {
      const splitter = new ElementSplitter({ maxBytes: 1e6, maxObjectBytes: 1e6 }, () => {});
      splitter.push(new Uint8Array(Buffer.from(whole.slice(0, 1 + cut % (whole.length - 1)), "latin1")));
      assert.throws(() => splitter.end(), JsonShapeError);
    });
  });

  it("on values, whose digits stay", () => {
    check(value, (whole) => {
      const text = decoder.decode(Buffer.from(whole, "latin1"));
      // Printing makes -0 to 0.
      assert.equal(JSON.stringify(JSON.parse(stringifyJson(parseExactJson(text)))), JSON.stringify(JSON.parse(text)));
    });
  });

  it("on values that are nested deeply", () => {
    for (const depth of [1, 29, 30, 31, 32, 33, 63, 64, 65, 400, 900]) {
      for (const [open, close] of [["[", "]"], ['{"a":', "}"], ['[{"a":', "}]"], ['{"a":[1,', '],"b":[]}']] as const) {
        const levels = Math.ceil(depth / (open.match(/[[{]/g)!.length));
        for (const damage of ["", "]", "}", ",", '"']) {
          const value = open.repeat(levels) + "1" + damage + close.repeat(levels);
          const line = new TextEncoder().encode(`{"event":"E","properties":{"a":${value}}}`);
          assert.equal(isEventLine(line, 0, line.length), isEvent(line));
          assert.equal(new JsonSpans("event").scan(line, 0, line.length), isEvent(line));
          assert.equal(jsonFault(decoder.decode(line)) === undefined, isEvent(line));
          if (new EventScanner().scan(line)) assert.ok(isEvent(line));
        }
      }
    }
  });
});

/** Most elements of a list or object, and most objects in each other. */
function measure(value: unknown, objects: number): { widest: number; deepest: number } {
  if (typeof value !== "object" || value === null) return { widest: 0, deepest: 0 };
  const inner = Object.values(value).map((item) => measure(item, Array.isArray(value) ? objects : objects + 1));
  return {
    widest: Math.max(Object.keys(value).length, ...inner.map(({ widest }) => widest)),
    deepest: Math.max(Array.isArray(value) ? 0 : objects, ...inner.map(({ deepest }) => deepest)),
  };
}
