import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { AnalyticsEvent } from "../../../src/analytics/event.ts";
import { readEvents } from "../../../src/analytics/rows/read_events.ts";
import { CHUNK_ROWS } from "../../../src/analytics/table/event_table.ts";
import { arbitraryHistory, AUGUST_MS, DAY_MS, EventLab } from "../event_lab.ts";

const EVERYTHING = { fromMs: -Infinity, toMs: Infinity };

describe("events that are read back", () => {
  it("are those that came, but for the deleted ones, in the order of time", () => {
    fc.assert(
      fc.property(
        arbitraryHistory,
        fc.constantFrom<string[] | undefined>(undefined, ["Open", "Buy"]),
        (history, names) => {
          const lab = new EventLab(history);
          const range = { fromMs: AUGUST_MS, toMs: AUGUST_MS + 5 * DAY_MS, names };
          const expected = lab.events.filter(({ name, timeMs }) =>
            timeMs >= range.fromMs && timeMs < range.toMs && (names?.includes(name) ?? true)
          );
          assert.deepEqual([...readEvents(lab.view, range)], expected);
        },
      ),
    );
  });

  it("are those of one person, whichever id they were sent with", () => {
    fc.assert(
      fc.property(arbitraryHistory, (history) => {
        const lab = new EventLab(history);
        const people = new Set([lab.view.personWithId("ann")]);
        const expected = lab.events.filter(({ distinctId }) => distinctId === "ann");
        assert.deepEqual([...readEvents(lab.view, { ...EVERYTHING, people })], expected);
      }),
    );
  });

  it("stay what they were while more of them come", () => {
    const event = (n: number) => ({ name: "Open", timeMs: AUGUST_MS + n, distinctId: `user-${n}`, properties: { n } });
    const events = Array.from({ length: CHUNK_ROWS - 10 }, (_, n) => event(n));
    const lab = new EventLab(events);
    const reading = readEvents(lab.view, EVERYTHING);
    assert.deepEqual(reading.next().value, event(0));
    // So many that the chunk is full, and another one begins in its memory.
    for (let n = 0; n < 30; n++) lab.view.table.append({ ...event(CHUNK_ROWS + n), properties: `{"n":${n},"more":1}` });
    const ids = (all: Iterable<AnalyticsEvent>) =>
      Array.from(all, ({ distinctId, properties }) => `${distinctId} ${properties.n}`);
    assert.deepEqual(ids(reading), ids(events.slice(1)));
  });
});
