/** What is read for a question: rather too much than too little, and no more days than it has. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { askedBy, needsOf } from "../../src/lake/needs.ts";

const NOW_MS = Date.UTC(2026, 10, 23, 12);

async function needsOfRequest(path: string, fields: Record<string, string>, timeZone = "UTC") {
  const url = `http://127.0.0.1/api/query${path}?${new URLSearchParams(fields)}`;
  return needsOf(await askedBy(new Request(url)), timeZone, NOW_MS);
}

async function needsOfBookmark(bookmark: unknown) {
  const body = JSON.stringify({ bookmark, project_id: 1 });
  const request = new Request("http://127.0.0.1/api/query/insights", { method: "POST", body });
  return needsOf(await askedBy(request), "UTC", NOW_MS);
}

const RANGE = { from_date: "2026-11-01", to_date: "2026-11-03" };
const DAY_MS = 86_400_000;

describe("the needs of a question", () => {
  it("are the days of a segmentation, by the clock of its zone", async () => {
    const needs = await needsOfRequest("/segmentation", { event: "Buy", ...RANGE }, "America/New_York");
    assert.equal(needs.fromMs, Date.parse("2026-11-01T00:00:00-04:00"));
    // The clock is put back on the first of these days.
    assert.equal(needs.toMs, Date.parse("2026-11-04T00:00:00-05:00"));
  });

  it("are the events and properties that it names", async () => {
    const needs = await needsOfRequest("/segmentation", {
      event: "Buy",
      ...RANGE,
      on: 'properties["plan"]',
      where: 'properties["a\\"b"] == "x"',
    });
    assert.deepEqual(needs.events, new Set(["Buy"]));
    assert.deepEqual(["plan", 'a"b', "amount", "$insert_id"].map(needs.wants), [true, true, false, false]);
    assert.equal(needs.people, false);
  });

  it("are people, where these are counted", async () => {
    for (const type of ["unique", "average"]) {
      assert.equal((await needsOfRequest("/segmentation", { event: "Buy", ...RANGE, type })).people, true);
    }
    assert.equal((await needsOfRequest("/retention/addiction", RANGE)).people, true);
  });

  it("are all events before the days, where somebody may have done it for the first time", async () => {
    const needs = await needsOfRequest("/retention", { born_event: "Buy", ...RANGE });
    assert.deepEqual([needs.fromMs, needs.toMs, needs.events], [-Infinity, Infinity, undefined]);
  });

  it("are no other events than those that a retention or a funnel names", async () => {
    const both = await needsOfRequest("/retention", { born_event: "Sign Up", event: "Buy", ...RANGE });
    assert.deepEqual(both.events, new Set(["Sign Up", "Buy"]));
    const compounded = { retention_type: "compounded", event: "Buy", ...RANGE };
    assert.deepEqual((await needsOfRequest("/retention", compounded)).events, new Set(["Buy"]));
    const report = (behaviors: unknown[], more = {}) => ({
      sections: { show: [{ behavior: { type: "funnel", behaviors } }], time: [] },
      ...more,
    });
    const steps = [{ type: "event", name: "View" }, { type: "event", name: "Buy" }];
    const { events } = await needsOfBookmark(report(steps));
    assert.ok(["View", "Buy"].every((name) => events?.has(name)) && !events?.has("Open"));
    for (
      const other of [
        report([...steps, { type: "event", name: "$any_event" }]),
        report([...steps, { type: "event", name: null }]),
        report(steps, { counting: "conversion_rate_session" }),
        { sections: { show: [{ behavior: { type: "event", name: "Buy" } }] } },
      ]
    ) assert.equal((await needsOfBookmark(other)).events, undefined);
  });

  it("are the days of a report by its JSON, with the day before for sessions, and all that follows", async () => {
    const between = { sections: { time: [{ dateRangeType: "between", value: ["2026-11-01", "2026-11-03"] }] } };
    const needs = await needsOfBookmark(between);
    assert.equal(needs.fromMs, Date.parse("2026-11-01") - 2 * DAY_MS);
    assert.equal(needs.toMs, Infinity);
    const last = { sections: { time: [{ dateRangeType: "in the last", window: { unit: "week", value: 2 } }] } };
    const { fromMs } = await needsOfBookmark(last);
    assert.ok(fromMs <= NOW_MS - 14 * DAY_MS && fromMs >= NOW_MS - 30 * DAY_MS);
  });

  it("are everything, where a report looks back", async () => {
    const time = [{ dateRangeType: "in the last", window: { unit: "day", value: 2 } }];
    for (const more of [{ behavior: { type: "retention" } }, { displayOptions: { rollingWindowSize: 7 } }]) {
      assert.equal((await needsOfBookmark({ sections: { time }, ...more })).fromMs, -Infinity);
    }
  });

  it("are all properties, where these are listed", async () => {
    assert.equal((await needsOfRequest("/events/properties/top", { event: "Buy" })).wants("anything"), true);
  });

  it("are nothing that only Mixpanel knows", async () => {
    await assert.rejects(needsOfRequest("/insights", { bookmark_id: "12" }), /a saved report or funnel/);
    await assert.rejects(needsOfRequest("/segmentation", { event: "$custom_event:12", ...RANGE }), /a custom event/);
    await assert.rejects(needsOfBookmark({ sections: { show: [{ type: "metric", id: 12 }] } }), /a saved metric/);
    await assert.rejects(
      needsOfBookmark({ sections: { filter: [{ filterValue: [{ cohort: { id: 12, negated: false } }] }] } }),
      /a saved cohort/,
    );
    await assert.rejects(
      needsOfBookmark({ sections: { group: [{ customPropertyId: 12 }] } }),
      /a saved custom property/,
    );
  });
});
