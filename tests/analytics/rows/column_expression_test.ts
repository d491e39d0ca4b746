import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { RowValue } from "../../../src/analytics/rows/row_value.ts";
import { EvaluationError } from "../../../src/expressions/evaluate.ts";
import { arbitraryHistory, CONDITIONS, eventAt, EventLab, type History, VALUES } from "../event_lab.ts";

/** The value of each event that is not hidden, in the order in which they came. */
function valuesOf({ view }: EventLab, value: RowValue): unknown[] {
  return view.chunks.flatMap((chunk) => {
    const compute = value.bind(chunk);
    return Array.from({ length: chunk.rows }, (_, row) => row).filter((row) => chunk.hidden?.[row] !== 1).map(compute);
  });
}

/** The same, event by event. */
function slowValuesOf({ events, hidden = [], joined }: History, text: string): unknown[] {
  const evaluate = EventLab.slowOn(text);
  return events.filter((_, index) => !hidden.includes(index))
    .map((event) => evaluate({ ...event, distinctId: joined?.get(event.distinctId) ?? event.distinctId }));
}

describe("an expression over columns", () => {
  it("has the value that it has for each event by itself", () => {
    fc.assert(
      fc.property(arbitraryHistory, fc.constantFrom(...CONDITIONS, ...VALUES), (history, text) => {
        const lab = new EventLab(history);
        assert.deepEqual(valuesOf(lab, lab.on(text)), slowValuesOf(history, text));
      }),
      { numRuns: 500 },
    );
  });

  it("is evaluated once for each code of the one column that it reads", () => {
    const events = ["US", "DE", "US", "US", "DE"].map((country) =>
      eventAt("2026-08-01T00:00:00Z", "Open", "ann", { country, n: 1 })
    );
    const lab = new EventLab(events);
    const [chunk] = lab.view.chunks;
    const coded = lab.on(`string(properties["country"]) + "!"`).coded(chunk!)!;
    assert.deepEqual(Array.from(coded.codes), [1, 2, 1, 1, 2]);
    assert.equal(coded.valueOf(2), "DE!");
    assert.equal(lab.on(`properties["country"] == properties["n"]`).coded(chunk!), undefined);
    assert.equal(lab.on(`properties["time"]`).coded(chunk!), undefined);
  });

  it("names the properties that it reads", () => {
    const lab = new EventLab([]);
    const text =
      `properties["a"] == user["b"] and properties["time"] > 1 and properties["person"] in [properties["a"]]`;
    assert.deepEqual(lab.on(text).properties, ["a", "person"]);
  });

  it("fails on an event on which it fails by itself, and on no other", () => {
    const lab = new EventLab([eventAt("2026-08-01T00:00:00Z", "Open", "ann", { ok: true, n: "text" })]);
    assert.deepEqual(valuesOf(lab, lab.on(`properties["ok"] or properties["n"]`)), [true]);
    assert.throws(() => valuesOf(lab, lab.on(`properties["ok"] and properties["n"]`)), EvaluationError);
    assert.throws(() => valuesOf(lab, lab.on(`properties["n"] and true`)), EvaluationError);
  });
});
