import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import fc from "fast-check";
import { JsonKind, JsonScope, JsonSpans } from "../../../src/streams/json/json_spans.ts";
import { compactJson, unescapeString } from "../../../src/streams/json/json_text.ts";
import type { RecordLayout } from "../../../src/streams/table/record_layout.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
const KINDS = Object.keys(JsonKind) as (keyof typeof JsonKind)[];

interface Member {
  scope: number;
  key: string;
  kind: keyof typeof JsonKind;
  value: unknown;
}

/** What the spans of a record say, read back by way of the bytes. Undefined when it is refused. */
function membersOf(record: string | Uint8Array, layout: RecordLayout = "flat", spans = new JsonSpans(layout)) {
  const line = typeof record === "string" ? bytesOf(record) : record;
  // Other lines before and after, as in a block.
  const before = bytesOf('{"before":1}\n'), after = bytesOf('\n{"after":1}\n');
  const bytes = new Uint8Array([...before, ...line, ...after]);
  if (!spans.scan(bytes, before.length, before.length + line.length)) return undefined;
  const members: Member[] = [];
  for (let index = 0; index < spans.count; index++) {
    const key = spans.key[index] as number;
    members.push({
      scope: spans.keys.scope(key),
      key: spans.keys.name(key),
      kind: KINDS[spans.kind[index] as number] as keyof typeof JsonKind,
      value: valueOf(bytes, spans, index),
    });
  }
  return members;
}

function valueOf(bytes: Uint8Array, spans: JsonSpans, index: number): unknown {
  const start = spans.valueStart[index] as number, end = spans.valueEnd[index] as number;
  const out = new Uint8Array(3 * (end - start));
  if (spans.kind[index] !== JsonKind.string) {
    const compact = textOf(out.subarray(0, compactJson(bytes, start, end, out, 0)));
    return wellFormed(JSON.parse(compact));
  }
  const unescaped = textOf(out.subarray(0, unescapeString(bytes, start, end, out, 0)));
  if (spans.valueIsPlain[index] === 1) assert.equal(unescaped, textOf(bytes.subarray(start, end)));
  return unescaped;
}

/** As it can be written in UTF-8. */
function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key.toWellFormed(), wellFormed(part)]));
}

/** The last member of each key, as an object. */
const asObject = (members: Member[]) => Object.fromEntries(members.map(({ key, value }) => [key, value]));

const simple = (record: string, layout?: RecordLayout) =>
  membersOf(record, layout)?.map(({ scope, key, kind, value }) => [scope, key, kind, value]);

/** JSON text of a value, with white space and escapes where `pick` says so. */
function printed(value: unknown, pick: () => number): string {
  const space = () => [" ", "\t", "\r", "  "][pick()] ?? "";
  const escape = (unit: string) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0");
  const print = (item: unknown): string => {
    let text = JSON.stringify(item);
    if (Array.isArray(item)) {
      text = `[${item.map(print).join(",") || space()}]`;
    } else if (typeof item === "object" && item !== null) {
      text = `{${Object.entries(item).map(([key, part]) => `${print(key)}:${print(part)}`).join(",") || space()}}`;
    } else if (typeof item === "string" && pick() === 0) {
      text = `"${item.split("").map(escape).join("")}"`;
    }
    return space() + text + space();
  };
  return print(value);
}

const anyObject = fc.dictionary(
  fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("event", "properties", "time", "")),
  fc.jsonValue({ maxDepth: 4 }),
);
const picks = fc.array(fc.nat(40), { minLength: 1, maxLength: 40 }).map((numbers) => {
  let at = 0;
  return () => numbers[at++ % numbers.length] as number;
});

describe("JsonSpans", () => {
  it("names the members of an event in the order of its text", () => {
    assert.deepEqual(
      simple(
        '{"event":"A","properties":{"time":1,"f":-1.5e3,"s":"x","n":null,"t":true,"u":false,"l":[1],"o":{"a":{}}}}',
        "event",
      ),
      [
        [0, "event", "string", "A"],
        [1, "time", "integer", 1],
        [1, "f", "number", -1500],
        [1, "s", "string", "x"],
        [1, "n", "null", null],
        [1, "t", "true", true],
        [1, "u", "false", false],
        [1, "l", "list", [1]],
        [1, "o", "object", { a: {} }],
      ],
    );
  });

  it("walks into the properties of its layout only, and only in the record itself", () => {
    assert.deepEqual(simple('{"$distinct_id":"u","$properties":{"properties":{"a":1}}}', "profile"), [
      [0, "$distinct_id", "string", "u"],
      [1, "properties", "object", { a: 1 }],
    ]);
    assert.deepEqual(simple('{"properties":{"a":1}}', "flat"), [[0, "properties", "object", { a: 1 }]]);
    assert.deepEqual(simple('{"properties":{"properties":{"a":1}}}', "event"), [[1, "properties", "object", { a: 1 }]]);
    assert.deepEqual(simple('{"properties":[1],"event":""}', "event"), [
      [0, "properties", "list", [1]],
      [0, "event", "string", ""],
    ]);
  });

  it("says where the properties begin and end", () => {
    const bytes = bytesOf('{"event":"A", "properties" : { "a":[{}] } }');
    const spans = new JsonSpans("event");
    assert.ok(spans.scan(bytes, 0, bytes.length));
    assert.equal(textOf(bytes.subarray(spans.propertiesStart, spans.propertiesEnd)), '{ "a":[{}] }');
    assert.ok(spans.scan(bytesOf('{"event":"A"}'), 0, 13));
    assert.deepEqual([spans.propertiesStart, spans.propertiesEnd], [-1, -1]);
  });

  it("keeps only the last of several objects of properties", () => {
    const last = [[0, "event", "string", "A"], [1, "b", "integer", 2]];
    assert.deepEqual(simple('{"event":"A","properties":{"a":1},"properties":{"b":2}}', "event"), last);
    assert.deepEqual(simple('{"properties":7,"event":"A","propert\\u0069es":{"b":2}}', "event"), last);
    assert.deepEqual(simple('{"properties":{"a":1},"properties":7}', "event"), [[0, "properties", "integer", 7]]);
  });

  it("tells plain strings from those that must be unescaped", () => {
    const bytes = new Uint8Array([...bytesOf('{"a":"ü€😀","b":"\\n","c":"'), 0xc3, 0x28, ...bytesOf('","d":""}')]);
    const spans = new JsonSpans("flat");
    assert.ok(spans.scan(bytes, 0, bytes.length));
    assert.deepEqual([...spans.valueIsPlain.subarray(0, 4)], [1, 0, 0, 1]);
  });

  it("tells numbers that a double holds by their length from others", () => {
    const bytes = bytesOf('{"a":1,"b":123456789012345,"c":1234567890123456,"d":-1.5,"e":1e3,"f":0.12345678901234}');
    const spans = new JsonSpans("flat");
    assert.ok(spans.scan(bytes, 0, bytes.length));
    assert.deepEqual([...spans.valueIsPlain.subarray(0, 6)], [1, 1, 0, 1, 0, 0]);
  });

  it("reads line by line, and finds where each ends", () => {
    const lines = ['{"a":1}', '{ "a" : "x" } \r', '{"a":"\\n"}\t', "{}"];
    for (const end of ["\n", ""]) {
      const bytes = bytesOf(lines.join("\n") + end);
      const spans = new JsonSpans("flat");
      let start = 0;
      for (const line of lines) {
        assert.equal(spans.scanLine(bytes, start), start + line.length, line);
        start += line.length + 1;
      }
    }
  });

  it("takes no record for whole that its line cuts, and counts what it replaces once", () => {
    const spans = new JsonSpans("flat");
    for (
      const text of [
        ...['{"a":1,\n"b":2}\n', '{"a":\n1}\n', '{"a":1\n}\n', '\n{"a":1}\n', '{"a":1} {"b":2}\n', '{"a":1'],
        ...['{\n"properties":{"a":1}}\n', '{"a":1,\n"properties":{}}\n', '{"properties":{\n}}\n'],
      ]
    ) {
      assert.equal(spans.scanLine(bytesOf(text), 0), -1, text);
    }
    assert.equal(spans.replaced.texts, 0);
    for (const text of ['{"\\ud800":1}\n', '{"\\ud800":1} \n{}']) {
      const before: number = spans.replaced.texts;
      assert.equal(spans.scanLine(bytesOf(text), 0), text.indexOf("\n"));
      assert.equal(spans.replaced.texts, before + 1, text);
    }
  });

  it("gives a key its number, however it is written and whatever came before it", () => {
    const spans = new JsonSpans("event");
    const time = spans.keys.numberOf(JsonScope.properties, "time");
    const numbers = (record: string) => {
      const bytes = bytesOf(record);
      assert.ok(spans.scan(bytes, 0, bytes.length), record);
      return [...spans.key.subarray(0, spans.count)];
    };
    const [event, ...rest] = numbers('{"event":"A","properties":{"time":1,"a":2,"time":3}}');
    assert.deepEqual(rest, [time, rest[1], time]);
    assert.deepEqual(numbers('{"properties":{"a":1,"\\u0074ime" : 1},"event":"A"}'), [rest[1], time, event]);
    assert.deepEqual(numbers('{"\\u0065vent":"A","properties":{"time":1,"a":2,"ti":3}}').slice(0, 3), [
      event,
      ...rest.slice(0, 2),
    ]);
    assert.notEqual(numbers('{"time":1}')[0], time);
  });

  it("does not take the name of a key for its text", () => {
    const spans = new JsonSpans("flat");
    for (let times = 0; times < 2; times++) {
      assert.equal(membersOf('{"a\\":\\"b":1}', "flat", spans)?.[0]?.key, 'a":"b');
      assert.equal(membersOf('{"a":"b":1}', "flat", spans), undefined);
    }
  });

  it("holds more members than it was made for, and fewer in the next record", () => {
    const spans = new JsonSpans("flat");
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`key ${index}`, index]));
    assert.deepEqual(asObject(membersOf(JSON.stringify(many), "flat", spans) ?? []), many);
    assert.deepEqual(asObject(membersOf('{"a":1}', "flat", spans) ?? []), { a: 1 });
    assert.deepEqual(membersOf("{ }", "flat", spans), []);
  });

  it("remembers no more keys than it may, and finds those that are watched all the same", () => {
    for (const layout of ["event", "flat"] as const) {
      const spans = new JsonSpans(layout, { maxKeys: 4 });
      const event = spans.watch(JsonScope.record, "event");
      for (let number = 0; number < 20; number++) {
        const bytes = new TextEncoder().encode(
          `{"k${number}":1,"event":"E","properties":{"event":2,"p${number}":{}},"event":"F"}`,
        );
        assert.ok(spans.scan(bytes, 0, bytes.length));
        assert.equal(spans.count, layout === "event" ? 5 : 4);
        const last = spans.last[event]!;
        assert.equal(new TextDecoder().decode(bytes.subarray(spans.valueStart[last], spans.valueEnd[last])), "F");
      }
      assert.equal(spans.keys.count, 4);
    }
  });

  it("skips values of any depth", () => {
    const deep = '{"a":' + '[{"b":'.repeat(5000) + "1" + "}]".repeat(5000) + ',"c":2}';
    const bytes = bytesOf(deep);
    const spans = new JsonSpans("flat");
    assert.ok(spans.scan(bytes, 0, bytes.length));
    assert.equal(spans.count, 2);
    assert.ok(!spans.scan(bytes, 0, bytes.length - 5));
  });

  it("refuses what is not one JSON object, and does not read on in the next line", () => {
    const wrong = [
      ["", " ", "1", "[]", '"a"', "null", "{", "}", '{"a"}', '{"a":}', '{"a":1,}', "{,}", '{"a":1}}', '{"a":1} 2'],
      ['{"a":01}', '{"a":1.}', '{"a":.5}', '{"a":-}', '{"a":+1}', '{"a":1e}', '{"a":tru}', '{"a":NaN}', "{a:1}"],
      ['{"a":"\t"}', '{"a":"\\x"}', '{"a":"\\u12"}', '{"a":"b}', '{"a', '{"a":[1,]}', '{"a":[1}', '{"a":{"b"}}'],
      ['{"a":1', '{"a":[', '{"a":{', '{"a":"', '{"a":1,', '{"a":', '{"a":"\\', '{"a":"\\u', "\v{}", '{"a":{,}}'],
    ].flat();
    for (const record of wrong) assert.equal(membersOf(record), undefined, record);
  });

  it("finds what JSON.parse finds, with any white space and escapes", () => {
    fc.assert(
      fc.property(anyObject, picks, (record, pick) => {
        const text = printed(record, pick);
        const members = membersOf(text);
        assert.ok(members, text);
        assert.deepEqual(asObject(members), wellFormed(JSON.parse(text)));
      }),
      { numRuns: 500 },
    );
  });

  it("accepts exactly what JSON.parse accepts when bytes are changed, and reads the same from it", () => {
    const sample =
      '{"event":"a\\u00e9\\n","properties":{"t":[1,-2.5e+3,{"x":null}],"u":true,"ü":false,"z":{}}, "k" :0}';
    const bytes = bytesOf(sample);
    const decoder = new TextDecoder();
    const spans = new JsonSpans("flat");
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length), fc.nat(2), fc.nat(255)), { maxLength: 4 }), (changes) => {
        const changed = [...bytes];
        for (const [at, remove, byte] of changes) changed.splice(at, remove, byte);
        if (changed.includes(10)) return;
        const expected = parsed(decoder.decode(new Uint8Array(changed)));
        const members = membersOf(new Uint8Array(changed), "flat", spans);
        assert.deepEqual(members && asObject(members), expected);
      }),
      { numRuns: 3000 },
    );
  });

  it("tell of line breaks and tabs between the tokens of the properties, and of no others", () => {
    const breaksIn = (text: string) => {
      const spans = new JsonSpans("event");
      assert.ok(spans.scan(bytesOf(text), 0, bytesOf(text).length), text);
      return spans.propertiesHaveBreaks;
    };
    for (const text of ['{"a": 1,  "b":[ 2 ]}', '{"a":"\\n\\t"}', "{}", "{ }"]) {
      assert.equal(breaksIn(`{\t"event":\n"x","properties":\r${text}\n,"more":[\t]\r\n}`), false, text);
    }
    for (
      const text of ['{\n"a":1}', '{"a"\t:1}', '{"a":\r1}', '{"a":1\n}', '{"a":[1,\t2]}', '{"a":{"b": \n {}}}', "{\t}"]
    ) {
      assert.equal(breaksIn(`{"event":"x","properties":${text}}`), true, text);
    }
    assert.equal(breaksIn('{"event":"x","properties":{\n"a":1},"properties":{"a":1}}'), false);
  });
});

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? wellFormed(value) : undefined;
  } catch {
    return undefined;
  }
}
