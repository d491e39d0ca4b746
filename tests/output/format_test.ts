import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatDuration,
  formatNumber,
  formatShare,
} from "../../src/output/format.ts";

describe("formatNumber", () => {
  it("separates thousands", () => {
    const numbers = [0, 999, 1000, 1234567, -1234, -999];
    assert.deepEqual(numbers.map((value) => formatNumber(value)), ["0", "999", "1,000", "1,234,567", "-1,234", "-999"]);
  });

  it("keeps every digit of integers of any size", () => {
    assert.equal(formatNumber(1234567890123456789n), "1,234,567,890,123,456,789");
    assert.equal(formatNumber(-100n), "-100");
  });

  it("rounds fractions without trailing zeros", () => {
    assert.equal(formatNumber(0.1 + 0.2), "0.3");
    assert.equal(formatNumber(1234.5), "1,234.5");
    assert.equal(formatNumber(2 / 3, 2), "0.67");
    assert.equal(formatNumber(1.999, 2), "2");
    assert.equal(formatNumber(15.4, 0), "15");
    assert.equal(formatNumber(-1234.567, 1), "-1,234.6");
  });

  it("does not turn small numbers into zero, and leaves huge ones to their exponent", () => {
    assert.equal(formatNumber(0.000000123), "1.23e-7");
    assert.equal(formatNumber(0.004, 2), "0.004");
    assert.equal(formatNumber(1e300), "1e+300");
    assert.equal(formatNumber(Infinity), "Infinity");
    assert.equal(formatNumber(NaN), "NaN");
  });
});

describe("formatCompact", () => {
  it("fits an axis", () => {
    const numbers = [0, 0.25, 950, 12000, 99999, 100000, 1250000, -3e9, 2.5e12, 1e15, 3e40];
    assert.deepEqual(numbers.map(formatCompact), [
      "0",
      "0.25",
      "950",
      "12,000",
      "99,999",
      "100K",
      "1.25M",
      "-3B",
      "2.5T",
      "1e15",
      "3e40",
    ]);
  });
});

describe("formatBytes", () => {
  it("uses decimal units and three or four characters", () => {
    const sizes = [0, 999, 1000, 12_345_678, 99_940_000, 99_960_000, 999_400_000, 999_600_000, 5e15, 5e18];
    assert.deepEqual(sizes.map(formatBytes), [
      "0 B",
      "999 B",
      "1.0 kB",
      "12.3 MB",
      "99.9 MB",
      "100 MB",
      "999 MB",
      "1.0 GB",
      "5.0 PB",
      "5000 PB",
    ]);
  });
});

describe("formatDuration", () => {
  it("uses the two largest units", () => {
    const spans = [0, 85, 999.6, 4200, 9949, 9951, 42_300, 59_499, 59_500, 65_000, 3_599_600, 7_380_000, 273_600_000];
    assert.deepEqual(spans.map(formatDuration), [
      "0 ms",
      "85 ms",
      "1.0 s",
      "4.2 s",
      "9.9 s",
      "10 s",
      "42 s",
      "59 s",
      "1 m 00 s",
      "1 m 05 s",
      "1 h 00 m",
      "2 h 03 m",
      "3 d 04 h",
    ]);
  });

  it("does not go below zero when a clock is set back", () => {
    assert.equal(formatDuration(-5), "0 ms");
  });
});

describe("formatShare and formatCount", () => {
  it("show a small part as more than nothing", () => {
    assert.deepEqual([0, 0.0001, 0.452, 1].map(formatShare), ["0.0%", "<0.1%", "45.2%", "100.0%"]);
  });

  it("put the noun in the right number", () => {
    assert.equal(formatCount(1, "record"), "1 record");
    assert.equal(formatCount(1234, "record"), "1,234 records");
    assert.equal(formatCount(0, "entry", "entries"), "0 entries");
  });
});
