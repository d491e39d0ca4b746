import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { routeByDay } from "../../../src/streams/events/day_router.ts";

const encoder = new TextEncoder();
const line = (properties: string) => `{"event":"a","properties":${properties}}\n`;

/** What each day gets, in text, and how many events. */
async function routed(blocks: readonly string[]): Promise<Record<string, [text: string, events: number]>> {
  const days: Record<string, [string, number]> = {};
  const decoder = new TextDecoder();
  async function* source() {
    for (const block of blocks) {
      await Promise.resolve();
      yield encoder.encode(block);
    }
  }
  await routeByDay(source(), (day, run, events) => {
    const [text, count] = days[day] ?? ["", 0];
    days[day] = [text + decoder.decode(run), count + events];
  });
  return days;
}

/** The day of a line by itself. */
async function dayOf(text: string): Promise<string> {
  const [[day, [out, events]]] = Object.entries(await routed([text])) as [[string, [string, number]]];
  assert.equal(out, text);
  assert.equal(events, 1);
  return day;
}

describe("the day of an event", () => {
  for (
    const [properties, day] of [
      ['{"time":1769817599}', "2026-01-30"],
      ['{"time":1769817600}', "2026-01-31"],
      ['{"time":1769817599999}', "2026-01-30"],
      ['{"time":1769817600000}', "2026-01-31"],
      ['{"time":1769817600.5}', "2026-01-31"],
      ['{"time":1.7698176e9}', "2026-01-31"],
      ['{"time":0}', "1970-01-01"],
      ['{"time":-1}', "1969-12-31"],
      ['{"time":1769817600,"a":{"time":1}}', "2026-01-31"],
      ['{"a":{"time":1},"time":1769817600}', "2026-01-31"],
      ['{"a":[{"time":1}],"b":"\\"time\\":1","time":1769817600}', "2026-01-31"],
      ['{"time":1,"time":1769817600}', "2026-01-31"],
      ['{"\\u0074ime":1769817600}', "2026-01-31"],
      ['{ "time" : 1769817600 }', "2026-01-31"],
      ['{"time":"1769817600"}', ""],
      ['{"time":null}', ""],
      ['{"$time":1769817600}', ""],
      ["{}", ""],
    ] as const
  ) {
    it(`with ${properties} is ${day === "" ? "none" : day}`, async () => {
      assert.equal(await dayOf(line(properties)), day);
    });
  }

  it("is not that of a time beside its properties", async () => {
    assert.equal(await dayOf('{"time":1,"event":"time","properties":{"time":1769817600}}\n'), "2026-01-31");
  });
});

describe("events of several days", () => {
  const at = (day: number, text = "x") => line(`{"time":${day * 86_400},"text":${JSON.stringify(text)}}`);

  it("come to their days in their order, however they are mixed and cut into blocks", async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.string()), { minLength: 1, maxLength: 9 })),
      async (blocks) => {
        const expected: Record<string, [string, number]> = {};
        for (const [day, text] of blocks.flat()) {
          const name = `1970-01-0${day + 1}`;
          const [before, events] = expected[name] ?? ["", 0];
          expected[name] = [before + at(day, text), events + 1];
        }
        const texts = blocks.map((block) => block.map(([day, text]) => at(day, text)).join(""));
        assert.deepEqual(await routed(texts), expected);
      },
    ));
  });

  it("are handed on in one piece for each day of a block", async () => {
    const calls: [string, number][] = [];
    async function* blocks() {
      await Promise.resolve();
      yield encoder.encode((at(0) + at(1)).repeat(50));
    }
    await routeByDay(blocks(), (day, _run, events) => void calls.push([day, events]));
    assert.deepEqual(calls, [["1970-01-01", 50], ["1970-01-02", 50]]);
  });

  it("may have blank lines between them, which are left out where they would cost a piece", async () => {
    assert.deepEqual(await routed(["\n" + at(0) + "\r\n" + at(1) + "\n"]), {
      "1970-01-01": [at(0), 1],
      "1970-01-02": [at(1), 1],
    });
  });
});
