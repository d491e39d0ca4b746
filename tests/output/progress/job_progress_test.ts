import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import {
  createJobProgress,
  type JobProgressOptions,
  type ProgressMode,
} from "../../../src/output/progress/job_progress.ts";
import { writeAbove } from "../../../src/output/progress/above_progress.ts";
import { textWidth } from "../../../src/output/text_width.ts";
import { screen } from "./progress_screen.ts";
import { recordingOutput } from "../../helpers/recording_output.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";
import { systemClock } from "../../../src/runtime/clock.ts";

/** A progress on a terminal whose clock stands until it is moved. */
function setUp(
  options: Partial<JobProgressOptions> = {},
  facts: { columns?: number; rows?: number; closedAfter?: number } = {},
) {
  const output = { ...recordingOutput({ isTerminal: true, columns: 100, ...facts }), rows: () => facts.rows };
  const clock = fakeClock(1000);
  const progress = createJobProgress(output, clock, {
    mode: "auto",
    enabled: true,
    label: "Exporting",
    noun: "events",
    stepNoun: "days",
    ...options,
  });
  /** What a person sees, after earlier writes have ended and time enough for another drawing has passed. */
  const seen = async (change: () => void = () => {}, elapsedMs = 200) => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    clock.advance(elapsedMs);
    change();
    const terminal = screen();
    for (const text of output.writes) terminal.write(text);
    return terminal.lines();
  };
  return { output, clock, progress, seen };
}

describe("progress on a terminal", () => {
  it("writes nothing at all in a pipe, when it is not enabled, and when none is wanted", async () => {
    const cases: [boolean, boolean, ProgressMode][] = [[false, true, "auto"], [true, false, "auto"], [
      true,
      true,
      "none",
    ]];
    for (const [isTerminal, enabled, mode] of cases) {
      const output = recordingOutput({ isTerminal });
      const progress = createJobProgress(output, systemClock, { mode, enabled, label: "Exporting", noun: "events" });
      const part = progress.part("2026-01-01");
      part.advance({ records: 1 });
      part.end();
      progress.note("waiting");
      await progress.done();
      assert.deepEqual(output.writes, []);
    }
  });

  it("shows a bar with share, amounts, rate and time left where the total is known", async () => {
    const { progress, seen } = setUp({ label: "Importing" });
    assert.deepEqual(
      await seen(() => {
        progress.advance({ bytes: 1e6, records: 8000 });
        progress.total({ bytes: 10e6 });
      }, 0),
      ["⠋ Importing  8,000 events  1.0 MB  0 ms"],
    );
    assert.deepEqual(await seen(() => progress.advance({ bytes: 4e6, records: 32_000 }), 2000), [
      "Importing  ━━━━━━━━━━━━┄┄┄┄┄┄┄┄┄┄┄┄   50%  40,000 events  5.0 MB  20,000/s  2.0 s left",
    ]);
  });

  it("shows a counter and the time where the total is not known", async () => {
    const { progress, seen } = setUp();
    await seen(() => progress.advance({ records: 500 }));
    assert.deepEqual(await seen(() => progress.advance({ records: 500 }), 65_000), [
      "⠙ Exporting  1,000 events  7.7/s  1 m 05 s",
    ]);
  });

  it("counts what an earlier run did towards the share but not the rate", async () => {
    const { progress, seen } = setUp();
    await seen(() => progress.total({ steps: 31 }, { steps: 15, bytes: 150e6 }));
    assert.deepEqual(await seen(() => progress.advance({ steps: 1, bytes: 10e6 }), 800), [
      "Exporting  ━━━━━━━━━━━━┄┄┄┄┄┄┄┄┄┄┄┄   51%  16/31 days  160 MB  10.0 MB/s  15 s left",
    ]);
  });

  it("gives each running part a line, aligned, and takes it away at its end", async () => {
    const { progress, seen } = setUp();
    const first = progress.part("2026-01-01");
    const second = progress.part("2026-01-02 to 2026-01-07");
    first.advance({ records: 12_345, bytes: 5e6 });
    assert.deepEqual(await seen(() => second.advance({ records: 7, bytes: 1e3 })), [
      "  2026-01-01                12,345 events  5.0 MB",
      "  2026-01-02 to 2026-01-07       7 events  1.0 kB",
      "⠙ Exporting  12,352 events  5.0 MB  200 ms",
    ]);
    assert.deepEqual(await seen(() => first.end()), [
      "  2026-01-02 to 2026-01-07  7 events  1.0 kB",
      "⠹ Exporting  12,352 events  5.0 MB  400 ms",
    ]);
    assert.deepEqual(await seen(() => second.end()), ["⠸ Exporting  12,352 events  5.0 MB  20,587/s  600 ms"]);
  });

  it("takes back what a failed part had counted, and never shows a rate below nothing", async () => {
    const { progress, seen } = setUp();
    const part = progress.part("2026-01-01");
    part.advance({ records: 5000, bytes: 1e6 });
    progress.advance({ records: 10 });
    await seen(() => progress.wait(undefined), 1000);
    assert.deepEqual(await seen(() => part.end({ failed: true }), 9000), ["⠹ Exporting  10 events  10 s"]);
    part.advance({ records: 1 });
    assert.deepEqual(await seen(() => part.end({ failed: true }), 9000), ["⠹ Exporting  10 events  10 s"]);
  });

  it("shows eight parts at most, and fewer in a low window", async () => {
    for (const [rows, shown] of [[undefined, 7], [40, 7], [8, 3], [3, 0]] as const) {
      const { progress, seen } = setUp({}, { rows });
      for (let day = 1; day <= 20; day++) progress.part(`day ${day}`);
      const lines = await seen(() => progress.advance({ records: 1 }));
      assert.equal(lines.filter((line) => line.startsWith("  day ")).length, shown);
      assert.equal(lines.at(-2), `  … and ${20 - shown} more`);
    }
  });

  it("counts down what a part or the job waits for", async () => {
    const { progress, seen } = setUp();
    const part = progress.part("2026-01-01");
    part.wait({ reason: "429", milliseconds: 20_000 });
    progress.total({ steps: 2 });
    progress.quota(0, 60);
    const lines = await seen(() => progress.wait({ reason: "waiting for the quota", milliseconds: 12 * 60_000 }), 500);
    assert.deepEqual(lines, [
      "  2026-01-01  429, again in 20 s",
      "Exporting    0%  0/2 days  waiting for the quota, again in 12 m 00 s  0 of 60 requests left",
    ]);
    part.wait(undefined);
    assert.deepEqual((await seen(() => progress.wait(undefined))).map((line) => line.trim()), [
      "2026-01-01",
      "Exporting  ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄    0%  0/2 days  0 of 60 requests left",
    ]);
  });

  it("says all on up to three lines where the terminal is narrow, and waits rather than counts", async () => {
    const { progress, seen } = setUp({}, { columns: 40 });
    const part = progress.part("2026-01-01");
    part.advance({ records: 1_234_567, bytes: 310e6 });
    part.wait({ reason: "connection lost", milliseconds: 5000 });
    progress.total({ steps: 31 }, { steps: 15 });
    progress.quota(43, 60);
    assert.deepEqual(await seen(() => progress.advance({ steps: 1 }), 1000), [
      "  2026-01-01  connection lost, again i…",
      "Exporting  ━━━━━┄┄┄┄┄   51%  16/31 days",
      "  1,234,567 events  310 MB  1,234,567/s",
      "  15 s left  43 of 60 requests left",
    ]);
  });

  it("makes what servers send harmless", async () => {
    const { progress, seen } = setUp({ label: "Exporting\x1b[2J" });
    progress.part("day\n\x1b[31m").wait({ reason: "said \x1b]0;title\x07" });
    assert.deepEqual(await seen(() => progress.advance({ records: 1 })), [
      "  day ␛[31m  said ␛]0;title␇",
      "⠙ Exporting␛[2J  1 event  200 ms",
    ]);
  });

  it("forgets the rate of long ago", async () => {
    const { progress, seen } = setUp();
    progress.advance({ bytes: 1e9 });
    for (let second = 1; second < 20; second++) await seen(() => progress.advance({ bytes: 1e6 }), 1000);
    const [line] = await seen(() => progress.advance({ bytes: 1e6 }), 1000);
    assert.ok(line!.includes("  1.0 MB/s  "), line);
  });

  it("draws at most ten times a second", async () => {
    const { output, progress, clock } = setUp();
    const part = progress.part("2026-01-01");
    for (let index = 0; index < 1000; index++) {
      clock.advance(1);
      part.advance({ bytes: 1 });
      if (index % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 0));
    }
    assert.ok(output.writes.length >= 9 && output.writes.length <= 11, `${output.writes.length} drawings`);
  });

  it("keeps notes above the lines", async () => {
    const { progress, seen } = setUp();
    progress.part("2026-01-01");
    assert.deepEqual(await seen(() => progress.note("Rate\nlimited\x1b[2J")), ["Rate limited␛[2J"]);
    assert.deepEqual(await seen(() => progress.advance({ records: 1 })), [
      "Rate limited␛[2J",
      "  2026-01-01",
      "⠙ Exporting  1 event  400 ms",
    ]);
  });

  it("makes room for what others say on the same terminal, and stands below it", async () => {
    const { output, progress, seen } = setUp();
    await seen(() => progress.advance({ records: 1 }));
    assert.deepEqual(await seen(() => void writeAbove(output, "Resuming after 1 event\n")), ["Resuming after 1 event"]);
    assert.deepEqual(await seen(() => progress.advance({ records: 1 })), [
      "Resuming after 1 event",
      "⠙ Exporting  2 events  3.3/s  600 ms",
    ]);
    await progress.done();
    await writeAbove(output, "Exported 2 events\n");
    assert.deepEqual(await seen(), ["Resuming after 1 event", "Exported 2 events"]);
  });

  it("leaves nothing behind, whatever comes after its end", async () => {
    const { output, clock, progress, seen } = setUp();
    progress.part("2026-01-01").advance({ bytes: 1 });
    await progress.done();
    const count = output.writes.length;
    clock.advance(1000);
    progress.advance({ bytes: 1 });
    progress.note("late");
    await progress.done();
    assert.equal(output.writes.length, count);
    assert.deepEqual(await seen(), []);
  });

  it("never breaks a line, however narrow the terminal", async () => {
    for (let columns = 1; columns <= 120; columns++) {
      for (const total of [undefined, { bytes: 10e6, steps: 3 }]) {
        const { output, progress, seen } = setUp({ label: "日本語 import", colour: true }, { columns });
        progress.part("日本語日本語日本語").wait({ reason: "waiting for something long" });
        if (total !== undefined) progress.total(total);
        progress.quota(1, 60);
        await seen(() => progress.advance({ bytes: 5e6, records: 123_456 }));
        // deno-lint-ignore no-control-regex -- takes the sequences away
        for (const line of output.writes.at(-1)!.replace(/\x1b\[\d*[mKJA]|\r/g, "").split("\n")) {
          assert.ok(
            textWidth(line) < Math.max(columns, 1) || line === "",
            `${textWidth(line)} cells in ${columns}: ${line}`,
          );
        }
        await progress.done();
      }
    }
  });

  it("goes on without a terminal when that is closed", async () => {
    const { output, progress, seen } = setUp({}, { closedAfter: 1 });
    for (let index = 0; index < 3; index++) await seen(() => progress.advance({ bytes: 1 }));
    await progress.done();
    assert.equal(output.writes.length, 1);
  });
});

describe("progress for programs", () => {
  function setUpJson(facts: { closedAfter?: number } = {}) {
    const output = recordingOutput({ isTerminal: false, ...facts });
    const clock = fakeClock(1000);
    const progress = createJobProgress(output, clock, {
      mode: "json",
      enabled: false,
      label: "Exporting",
      noun: "events",
    });
    const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
    return { output, clock, progress, settle, objects: () => output.writes.map((line) => JSON.parse(line)) };
  }

  it("writes an object a second, at the end of parts and at the end, also with --quiet", async () => {
    const { clock, progress, settle, objects } = setUpJson();
    const part = progress.part("2026-01-01");
    progress.total({ steps: 2 });
    progress.quota(43, 60);
    part.wait({ reason: "429", milliseconds: 5000 });
    for (let index = 0; index < 20; index++) {
      clock.advance(100);
      part.advance({ records: 10, bytes: 100 });
      await settle();
    }
    part.end({ failed: true });
    await settle();
    progress.wait({ reason: "waiting for the quota" });
    await progress.done();
    const [first, second, ended, last, ...others] = objects();
    assert.deepEqual(others, []);
    assert.deepEqual(first, {
      type: "progress",
      label: "Exporting",
      elapsed_seconds: 1,
      records: 100,
      bytes: 1000,
      steps: 0,
      total: { steps: 2 },
      share: 0,
      records_per_second: 100,
      bytes_per_second: 1000,
      quota_left: 43,
      quota_limit: 60,
      parts: [{ name: "2026-01-01", records: 100, bytes: 1000, state: "429", state_seconds_left: 4 }],
    });
    assert.deepEqual([second.type, second.records, second.elapsed_seconds], ["progress", 200, 2]);
    assert.deepEqual(ended, {
      type: "part",
      name: "2026-01-01",
      outcome: "failed",
      records: 200,
      bytes: 2000,
      seconds: 2,
    });
    assert.deepEqual([last.type, last.records, last.state, last.parts], ["end", 0, "waiting for the quota", undefined]);
  });

  it("keeps one object a line, with nothing in it that a terminal obeys", async () => {
    const { output, progress } = setUpJson();
    progress.part("day\n\x1b[2J\u009b\u202e").end();
    await progress.done();
    assert.equal(output.writes.length, 2);
    // deno-lint-ignore no-control-regex -- exactly those must not be there
    assert.doesNotMatch(output.writes[0]!, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    assert.equal(JSON.parse(output.writes[0]!).name, "day\n\x1b[2J\u009b\u202e");
  });

  it("goes on when nobody reads any more", async () => {
    const { output, clock, progress, settle } = setUpJson({ closedAfter: 1 });
    for (let index = 0; index < 4; index++) {
      clock.advance(1000);
      progress.advance({ records: 1 });
      await settle();
    }
    progress.part("late").end();
    await progress.done();
    assert.equal(output.writes.length, 1);
  });
});
