import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { record } from "../../lab.ts";
import { at } from "../report_lab.ts";
import { BookmarkLab, by, params } from "./bookmark_lab.ts";

const event = (name: string, more: object = {}) => ({
  type: "event",
  name,
  filters: [],
  filtersDeterminer: "all",
  ...more,
});
const retention = (more: object = {}, measurement: object = { math: "retention_rate" }) => ({
  type: "metric",
  behavior: {
    type: "retention",
    resourceType: "events",
    retentionType: "birth",
    retentionUnit: "day",
    retentionAlignmentType: "birth",
    retentionCustomBucketSizes: [],
    retentionUnboundedMode: "none",
    behaviors: [event("Join"), event("Use")],
    filters: [],
    ...more,
  },
  measurement,
});
const TIME = [{ dateRangeType: "between", unit: "day", value: ["2026-11-10", "2026-11-12"] }];

/** u joins at 20:00 and is there again an hour, five hours and two days later; v never is; w joins on the next day. */
class RetentionLab extends BookmarkLab {
  constructor() {
    super();
    const did = (id: string, name: string, time: string, more: object = {}) =>
      record({ time: at(time), distinct_id: id, $insert_id: `${id}${name}${time}`, ...more }, name);
    this.load([
      did("u", "Join", "2026-11-10T20:00:00", { plan: "pro" }),
      did("u", "Use", "2026-11-10T21:00:00"),
      did("u", "Use", "2026-11-11T01:00:00"),
      did("u", "Use", "2026-11-12T20:00:00"),
      did("u", "Use", "2026-11-12T20:30:00"),
      did("v", "Join", "2026-11-10T08:00:00", { plan: "free" }),
      did("w", "Join", "2026-11-11T08:00:00", { plan: "free" }),
      did("w", "Use", "2026-11-12T09:00:00"),
    ]);
  }

  /** The rows of the first two days. */
  async rows(show: object): Promise<{ first: number; counts: number[]; rates: number[] }[]> {
    const { series } = await this.ask(params({ show: [show], time: TIME }, "retention-curve"));
    const rows = Object.values(series)[0] as Record<string, { first: number; counts: number[]; rates: number[] }>;
    return [rows["2026-11-10T00:00:00+00:00"]!, rows["2026-11-11T00:00:00+00:00"]!];
  }

  async counts(show: object): Promise<number[][]> {
    return (await this.rows(show)).map(({ counts }) => counts);
  }
}

describe("retention as the web page asks for it (facts 2.2, 2.8)", () => {
  it("has people, counts and rates by day, bucket 0 always 1, and an average", async () => {
    const { headers, series } = await new RetentionLab().ask(
      params({ show: [retention()], time: TIME }, "retention-curve"),
    );
    assert.deepEqual(headers, ["$retention"]);
    const rows = series["Join and then Use"];
    rows.$average.rates = rows.$average.rates.map((rate: number) => Math.round(rate * 1e9) / 1e9);
    assert.deepEqual(series, {
      "Join and then Use": {
        "2026-11-10T00:00:00+00:00": { first: 2, counts: [2, 0, 1], rates: [1, 0, 0.5] },
        "2026-11-11T00:00:00+00:00": { first: 1, counts: [1, 1, 0], rates: [1, 1, 0] },
        "2026-11-12T00:00:00+00:00": { first: 0, counts: [0, 0, 0], rates: [0, 0, 0] },
        // Each day weighs as much as it has people: two of one, and one of the other.
        $average: { first: 5 / 3, counts: [5 / 3, 1 / 3, 2 / 3], rates: [1, 0.2, 0.4] },
      },
    });
  });

  it("splits by the property of the first event, with all together", async () => {
    const asked = params({ show: [retention()], time: TIME, group: [by("plan")] }, "retention-curve");
    const { headers, series } = await new RetentionLab().ask(asked);
    assert.deepEqual(headers, ["$retention", "plan"]);
    const split = series["Join and then Use"];
    assert.deepEqual(Object.keys(split).sort(), ["$overall", "free", "pro"]);
    assert.equal(split.$overall["2026-11-10T00:00:00+00:00"].first, 2);
    assert.deepEqual(split.pro["2026-11-10T00:00:00+00:00"], { first: 1, counts: [1, 0, 1], rates: [1, 0, 1] });
    assert.deepEqual(split.free.$average.rates[1], 0.5);
  });

  it("aligns with the calendar, takes buckets of custom sizes, and carries people on", async () => {
    const lab = new RetentionLab();
    // Five hours after 20:00 it is the next day.
    assert.deepEqual(await lab.counts(retention({ retentionAlignmentType: "interval_start" })), [[2, 1, 1], [1, 1, 0]]);
    assert.deepEqual(await lab.counts(retention({ retentionCustomBucketSizes: [1, 2] })), [[2, 0, 1], [1, 1, 0]]);
    assert.deepEqual(await lab.counts(retention({ retentionCustomBucketSizes: [2] })), [[2, 1], [1, 1]]);
    assert.deepEqual(await lab.counts(retention({ retentionUnboundedMode: "carry_back" })), [[2, 1, 1], [1, 1, 0]]);
    assert.deepEqual(await lab.counts(retention({ retentionUnboundedMode: "carry_forward" })), [[2, 0, 1], [1, 1, 1]]);
    const cumulative = { math: "retention_rate", retentionCumulative: true };
    assert.deepEqual(await lab.counts(retention({}, cumulative)), [[2, 0, 1], [1, 1, 1]]);
    assert.deepEqual(await lab.counts(retention({ retentionUnboundedMode: "consecutive_forward" })), [
      [2, 0, 0],
      [1, 1, 0],
    ]);
  });

  it("counts by day, week and month, events in place of people, and every period when compounded", async () => {
    const lab = new RetentionLab();
    const { series } = await lab.ask(
      params({ show: [retention({ retentionUnit: "week" })], time: TIME }, "retention-curve"),
    );
    assert.deepEqual(series["Join and then Use"]["2026-11-09T00:00:00+00:00"], { first: 3, counts: [3], rates: [1] });
    assert.deepEqual(await lab.counts(retention({}, { math: "total" })), [[2, 0, 2], [0, 1, 0]]);
    assert.deepEqual(await lab.counts(retention({}, { math: "average" })), [[1, 0, 1], [0, 1, 0]]);
    const uses = retention({ retentionType: "compounded", behaviors: [event("Use"), event("Use")] });
    assert.deepEqual(await lab.counts(uses), [[1, 1, 0], [1, 1, 0]]);
  });

  it("refuses hours, one event, and sizes that do not rise", async () => {
    const lab = new RetentionLab();
    const refused = async (more: object) =>
      await lab.refusal(params({ show: [retention(more)], time: TIME }, "retention-curve"));
    assert.match(await refused({ retentionUnit: "hour" }), /"hour", which is not one of day, week, month/);
    assert.match(await refused({ behaviors: [event("Join")] }), /exactly two entries/);
    assert.match(await refused({ retentionCustomBucketSizes: [3, 2] }), /whole numbers that rise/);
    assert.match(await refused({ retentionType: "addiction" }), /does not compute/);
  });
});
