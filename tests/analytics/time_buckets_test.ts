import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { recentBuckets, timeBuckets, type TimeUnit } from "../../src/analytics/time_buckets.ts";

const UNITS: TimeUnit[] = ["minute", "hour", "day", "week", "month"];

/** The key of a moment, computed slowly by the calendar of the platform. */
function keyOf(timeMs: number, unit: TimeUnit, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    weekday: "short",
    hourCycle: "h23",
  }).formatToParts(timeMs);
  const part = (type: string) => parts.find((each) => each.type === type)!.value;
  const day = `${part("year")}-${part("month")}-${part("day")}`;
  if (unit === "minute") return `${day} ${part("hour")}:${part("minute")}:00`;
  if (unit === "hour") return `${day} ${part("hour")}:00:00`;
  if (unit === "day") return day;
  if (unit === "month") return `${day.slice(0, 7)}-01`;
  const daysSinceMonday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(part("weekday").slice(0, 3));
  return new Date(Date.parse(day) - daysSinceMonday * 86_400_000).toISOString().slice(0, 10);
}

describe("timeBuckets", () => {
  it("names days, weeks and months by their first day", () => {
    const keys = (unit: TimeUnit) => timeBuckets({ fromDay: "2026-08-29", toDay: "2026-09-08", unit }).keys;
    assert.deepEqual(keys("day").slice(0, 3), ["2026-08-29", "2026-08-30", "2026-08-31"]);
    assert.deepEqual(keys("week"), ["2026-08-24", "2026-08-31", "2026-09-07"]);
    assert.deepEqual(keys("month"), ["2026-08-01", "2026-09-01"]);
  });

  it("names hours and minutes by their first moment", () => {
    const range = { fromDay: "2026-08-01", toDay: "2026-08-01", timeZone: "Asia/Kolkata" };
    const hours = timeBuckets({ ...range, unit: "hour" });
    assert.equal(hours.keys.length, 24);
    assert.equal(hours.keys[13], "2026-08-01 13:00:00");
    assert.equal(hours.bucketOf(Date.UTC(2026, 6, 31, 18, 30)), "2026-08-01 00:00:00");
    assert.equal(timeBuckets({ ...range, unit: "minute" }).keys.length, 1440);
  });

  it("takes in the whole last day, and nothing outside of the range", () => {
    const buckets = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-02", unit: "month" });
    const at = (text: string) => buckets.bucketOf(Date.parse(text));
    assert.equal(at("2026-07-31T23:59:59.999Z"), undefined);
    assert.equal(at("2026-08-01T00:00:00Z"), "2026-08-01");
    assert.equal(at("2026-08-02T23:59:59.999Z"), "2026-08-01");
    assert.equal(at("2026-08-03T00:00:00Z"), undefined);
    assert.equal(buckets.bucketOf(NaN), undefined);
    assert.equal(buckets.indexOf(Infinity), -1);
  });

  it("skips the hour that a clock change skips, and joins the one that it repeats", () => {
    const hours = (day: string) => {
      return timeBuckets({ fromDay: day, toDay: day, unit: "hour", timeZone: "Europe/Berlin" });
    };
    const spring = hours("2026-03-29");
    assert.equal(spring.keys.length, 23);
    assert.ok(!spring.keys.includes("2026-03-29 02:00:00"));
    const autumn = hours("2026-10-25");
    assert.equal(autumn.keys.length, 24);
    for (const utcHour of [0, 1]) {
      assert.equal(autumn.bucketOf(Date.UTC(2026, 9, 25, utcHour, 30)), "2026-10-25 02:00:00");
    }
    assert.equal(autumn.endMs - autumn.startMs, 25 * 3_600_000);
  });

  it("puts the last hours of a long day and of a long month where they belong", () => {
    const days = timeBuckets({ fromDay: "2026-10-25", toDay: "2026-10-26", unit: "day", timeZone: "Europe/Berlin" });
    assert.equal(days.bucketOf(Date.parse("2026-10-25T23:30:00+01:00")), "2026-10-25");
    const months = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-09-30", unit: "month" });
    assert.equal(months.bucketOf(Date.parse("2026-08-31T23:30:00Z")), "2026-08-01");
  });

  it("joins several units to one bucket, counted from the first", () => {
    const buckets = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-05", unit: "day", interval: 2 });
    assert.deepEqual(buckets.keys, ["2026-08-01", "2026-08-03", "2026-08-05"]);
    assert.equal(buckets.bucketOf(Date.parse("2026-08-04T12:00:00Z")), "2026-08-03");
  });

  it("puts every moment where the calendar says, in every unit and time zone", () => {
    const zones = [
      "UTC",
      "Europe/Berlin",
      "America/New_York",
      "Asia/Kolkata",
      "Australia/Lord_Howe",
      "America/St_Johns",
    ];
    const cases = zones.flatMap((timeZone) =>
      UNITS.map((unit) => ({
        timeZone,
        unit,
        // Both clock changes of each zone lie in these ranges.
        buckets: [["2026-02-25", "2026-04-10"], ["2026-09-28", "2026-11-05"]].map(([fromDay, toDay]) =>
          timeBuckets({ fromDay, toDay, unit, timeZone })
        ),
      }))
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...cases),
        fc.nat(1),
        fc.double({ min: 0, max: 0.999999, noNaN: true }),
        (...args) => {
          const [{ timeZone, unit, buckets }, which, share] = args;
          const { startMs, endMs, bucketOf } = buckets[which];
          const timeMs = Math.floor(startMs + share * (endMs - startMs));
          assert.equal(bucketOf.call(buckets[which], timeMs), keyOf(timeMs, unit, timeZone));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("refuses days and time zones that do not exist", () => {
    assert.throws(() => timeBuckets({ fromDay: "2026-02-30", toDay: "2026-03-01", unit: "day" }), RangeError);
    const nowhere = { fromDay: "2026-03-01", toDay: "2026-03-01", unit: "day" as const, timeZone: "Mars/Olympus" };
    assert.throws(() => timeBuckets(nowhere), RangeError);
  });
});

describe("recentBuckets", () => {
  it("ends with the unit that now is in", () => {
    const nowMs = Date.UTC(2026, 7, 12, 22, 40);
    const keys = (unit: TimeUnit, interval: number) => {
      return recentBuckets({ interval, unit, nowMs, timeZone: "Europe/Berlin" }).keys;
    };
    assert.deepEqual(keys("minute", 2), ["2026-08-13 00:39:00", "2026-08-13 00:40:00"]);
    assert.deepEqual(keys("hour", 2), ["2026-08-12 23:00:00", "2026-08-13 00:00:00"]);
    assert.deepEqual(keys("day", 1), ["2026-08-13"]);
    assert.deepEqual(keys("week", 2), ["2026-08-03", "2026-08-10"]);
    assert.deepEqual(keys("month", 3), ["2026-06-01", "2026-07-01", "2026-08-01"]);
  });
});
